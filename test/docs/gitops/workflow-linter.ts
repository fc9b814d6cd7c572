/** GitHub's own parser and validator of workflows, the one behind its editor. */
import { registerHooks } from "node:module";

// Its modules import JSON files as bundlers take them; Node wants to be told that they are JSON.
registerHooks({
    load: (url, context, next) =>
        /\/node_modules\/@actions\/.*\.json$/.test(url)
            ? next(url, { ...context, importAttributes: { type: "json" } })
            : next(url, context),
});

/** What is wrong with a workflow, each with its line. */
export async function complaints(name: string, source: string): Promise<string[]> {
    const { validate } = await import("@actions/languageservice");
    const { TextDocument } = await import("vscode-languageserver-textdocument");
    // It remembers what it parsed by the address.
    const address = `file:///repository/.github/workflows/${name}`;
    const found = await validate(TextDocument.create(address, "yaml", 1, source));
    return found.map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`);
}
