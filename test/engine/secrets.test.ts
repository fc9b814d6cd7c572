import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accessDenied, expiredToken, htmlBody, truncatedBody, type Fault } from "../simulator";
import { signal } from "./processes";
import { Stack } from "./stack";

const root = { password: {}, accessKeys: [{}] };

/** One account for every way in which AWS's answers fail, and one where none does. */
const FAILING: { id: string; action: "AssumeRoot" | "ListAccessKeys"; fault: Fault }[] = [
    { id: "100000000001", action: "AssumeRoot", fault: accessDenied() },
    { id: "100000000002", action: "AssumeRoot", fault: truncatedBody() },
    { id: "100000000003", action: "AssumeRoot", fault: cut((body) => body.indexOf("</SessionToken>") - 3) },
    { id: "100000000004", action: "AssumeRoot", fault: htmlBody() },
    { id: "100000000005", action: "AssumeRoot", fault: tokenAsTag() },
    { id: "100000000006", action: "ListAccessKeys", fault: expiredToken() },
];
const DIRTY = "100000000007";

describe("The secret keys and session tokens of caller and root sessions", function () {
    this.timeout(180_000);
    let stack: Stack;
    let environment: NodeJS.ProcessEnv;
    const printed = new Map<string, string>();

    before(async () => {
        const ids = [...FAILING.map(({ id }) => id), DIRTY];
        stack = await Stack.over({ accounts: ids.map((id) => ({ id, name: `account-${id}`, root })) });
        environment = {
            ...stack.simulator.environment("role"),
            ROOT_CREDENTIALS_RECORD_FILE: join(stack.project, "record.jsonl"),
        };
    });
    after(() => stack?.close());

    function fail(): void {
        for (const { id, action, fault } of FAILING)
            stack.organization.failAlways(action, fault, { accountId: id });
    }

    async function keep(command: string): Promise<string> {
        const { output } = await stack.pulumi(command, environment);
        printed.set(command, output);
        return output;
    }

    /** Everything that was printed or lies in the stack's folder, by what it is. */
    function everything(): Map<string, string> {
        const folder = dirname(stack.project);
        const files = readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map(({ parentPath, name }) => join(parentPath, name));
        return new Map([...printed, ...files.map((file) => [file, readFileSync(file, "latin1")] as const)]);
    }

    /** Whole or in part: the first half of a secret is looked for. */
    function nothingSecretIn(texts: Map<string, string>): void {
        const secrets = stack.organization.principals.secrets();
        const parts = secrets.map((secret) => secret.slice(0, secret.length / 2));
        const forms = new Set(parts.flatMap((part) => [part, encodeURIComponent(part)]));
        const leaks = [...texts].flatMap(([where, text]) =>
            [...forms].filter((form) => text.includes(form)).map((form) => `${form} in ${where}`),
        );
        assert.deepEqual(leaks, []);
    }

    /** In a session that was opened since the log was cleared: what a killed provider had asked for is answered after its end. */
    function aPasswordHasGone(): boolean {
        const { requests } = stack.simulator;
        const opened = new Set(requests.of("AssumeRoot").map(({ issuedAccessKeyId }) => issuedAccessKeyId));
        return requests.of("DeleteLoginProfile").some(({ accessKeyId }) => opened.has(accessKeyId));
    }

    it("are in no log, error or state where accounts fail", async () => {
        fail();
        await keep("preview --diff");
        const log = await keep("up --yes --skip-preview --logtostderr --logflow -v=9");
        await keep("preview --json");
        await keep("stack export --show-secrets");

        assert.ok(log.length > 100_000, "the log was written");
        for (const { id } of FAILING) assert.match(log, new RegExp(`(was refused|failed) in account ${id}`));
        assert.ok(log.includes("IncompleteAnswer: AWS answered without session credentials"));
        assert.ok(stack.organization.principals.secrets().length > 20);
        nothingSecretIn(everything());
    });

    it("are in nothing that a killed provider and a killed CLI leave behind", async function () {
        if (process.platform !== "linux") this.skip();
        stack.organization.clearFaults();
        for (const victim of ["provider", "cli"] as const) {
            stack.organization.setRootPassword(DIRTY);
            stack.organization.latency.set(200);
            stack.simulator.requests.clear();
            const command = `up --yes --skip-preview --logtostderr --logflow -v=9 --message ${victim}`;
            const up = keep(command);
            while (!aPasswordHasGone()) await sleep(5);
            assert.ok(signal(dirname(stack.project), victim, "SIGKILL") > 0);
            await up;
            stack.organization.latency.set(0);
        }

        assert.ok((printed.get("cancel --yes") ?? (await keep("cancel --yes"))).includes("canceled"));
        nothingSecretIn(everything());
    });

    it("are in none of what tells of a success", async () => {
        await keep("up --yes --logtostderr --logflow -v=9");
        await keep("stack export");
        await keep("stack history --json");

        assert.deepEqual(stack.left(), []);
        const files = [...everything().keys()];
        for (const name of ["record.jsonl", "root-credentials-runs", "state/.pulumi/stacks", "history"])
            assert.ok(
                files.some((file) => file.includes(name)),
                `${name} was looked through`,
            );
        nothingSecretIn(everything());
    });

    it("would be found in such places", () => {
        const [secret] = stack.organization.principals.secrets();
        assert.ok(secret);
        assert.throws(() => nothingSecretIn(new Map([["a log", `... ${secret.slice(0, 30)}`]])), /a log/);
    });
});

function cut(at: (body: string) => number): Fault {
    return { kind: "garbled", carriedOut: true, garble: (body) => body.slice(0, at(body)) };
}

/** An answer whose very tag is the session's token, which a parser's complaint would name. */
function tokenAsTag(): Fault {
    const garble = (body: string) => body.replace(/<SessionToken>(.*)<\/SessionToken>/, "<$1>");
    return { kind: "garbled", carriedOut: true, garble };
}
