/** GitHub's own parser and validator of workflows, the one behind its editor. */
import { registerHooks } from "node:module";

// Its modules import JSON files without the import attribute that Node requires.
registerHooks({
    load: (url, context, next) =>
        /\/node_modules\/@actions\/.*\.json$/.test(url)
            ? next(url, { ...context, importAttributes: { type: "json" } })
            : next(url, context),
});

/** The errors of a workflow, each with its line. */
export async function complaints(name: string, source: string): Promise<string[]> {
    const { validate } = await import("@actions/languageservice");
    const { TextDocument } = await import("vscode-languageserver-textdocument");
    // The library caches parsed files by address.
    const address = `file:///repository/.github/workflows/${name}`;
    const found = await validate(TextDocument.create(address, "yaml", 1, source));
    return found.map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`);
}
