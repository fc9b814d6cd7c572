/**
 * Replaces `gh api` for the workflows. It stores comments on pull requests and issues in the file GH_STATE, and refuses
 * unknown calls.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

export interface Text {
    id: number;
    number: number;
    user: { login: string };
    body: string | null;
    title?: string;
    state?: string;
}

export interface GithubState {
    comments: Text[];
    issues: Text[];
    /** Every writing call, as `PATCH issues/7`. */
    writes: string[];
}

if (require.main === module) main(process.argv.slice(2));

function main(argv: string[]): void {
    const file = process.env["GH_STATE"] ?? assert.fail("GH_STATE is not set");
    assert.ok(process.env["GH_TOKEN"], "gh needs GH_TOKEN");
    const state = JSON.parse(readFileSync(file, "utf8")) as GithubState;
    const { values, positionals } = parseArgs({
        args: argv,
        allowPositionals: true,
        options: {
            paginate: { type: "boolean" },
            slurp: { type: "boolean" },
            silent: { type: "boolean" },
            method: { type: "string", default: "GET" },
            field: { type: "string", multiple: true, default: [] },
            "raw-field": { type: "string", multiple: true, default: [] },
        },
    });
    const [command, path = "", ...more] = positionals;
    assert.deepEqual([command, more], ["api", []]);
    const repository = `repos/${process.env["GITHUB_REPOSITORY"]}/`;
    assert.ok(path.startsWith(repository), path);
    const fields = Object.fromEntries([
        ...values.field.map((field) => split(field)).map(([name, value]) => [name, fromFile(value)]),
        ...values["raw-field"].map((field) => split(field)),
    ]) as Partial<Text>;

    const answer = respond(state, values.method, path.slice(repository.length), fields);
    writeFileSync(file, JSON.stringify(state));
    // With --slurp, gh prints a list of pages, each of which is a list.
    if (values.paginate && values.slurp) {
        const items = answer as Text[];
        console.log(JSON.stringify([items.slice(0, 1), items.slice(1)]));
    } else if (!values.silent) console.log(JSON.stringify(answer));
}

function respond(state: GithubState, method: string, path: string, fields: Partial<Text>): unknown {
    const [, list = "", id] =
        /^(issues\/12\/comments|issues\/comments|issues)(?:\/(\d+)|\?state=open&per_page=100)?$/.exec(path) ??
        assert.fail(path);
    const texts = list === "issues" ? state.issues : state.comments;
    if (method === "GET") return texts.filter((each) => each.state !== "closed");
    state.writes.push(`${method} ${path}`);
    if (method === "POST") {
        const number = 100 + texts.length;
        const created = { id: number, number, user: { login: "github-actions[bot]" }, body: null, ...fields };
        texts.push(created);
        return created;
    }
    assert.equal(method, "PATCH");
    const text = texts.find((each) => each.number === Number(id)) ?? assert.fail(`no ${path}`);
    return Object.assign(text, fields);
}

function split(field: string): [string, string] {
    const at = field.indexOf("=");
    return [field.slice(0, at), field.slice(at + 1)];
}

/** A field's value as gh reads it. `@file` is the content of a file. */
function fromFile(value: string): string {
    return value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value;
}
