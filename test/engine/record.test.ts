import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { RootCredentialsAbsent } from "pulumi-aws-root-credentials";
import { Stack } from "./stack";

const PAYMENTS = "111122223333";
const LEDGER = "444455556666";
const KEY = "AKIAROOTKEY000000001";
const RUN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Line {
    event: string;
    accountId: string;
    action: string;
    session: string;
    requestId?: string;
    project?: string;
    stack?: string;
    run?: string;
}

describe("The record of writes of a stack", function () {
    this.timeout(240_000);
    let stack: Stack;
    let folder: string;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments", root: { password: {}, accessKeys: [{ id: KEY }] } },
                { id: LEDGER, name: "ledger", root: { password: {} } },
            ],
        });
        folder = join(stack.project, ".root-credentials");
    });

    after(() => stack.close());

    function linesIn(file: string): Line[] {
        const text = readFileSync(file, "utf8").trimEnd();
        return text.split("\n").map((line) => JSON.parse(line) as Line);
    }

    it("is refused in the preview if its place cannot be written, and nothing is created", async () => {
        writeFileSync(folder, "");
        const inTheWay = await stack.preview();
        rmSync(folder);
        const named = await stack.preview("", { ROOT_CREDENTIALS_RECORD_FILE: "Pulumi.yaml/record.jsonl" });

        for (const { exitCode, output } of [inTheWay, named]) {
            assert.notEqual(exitCode, 0);
            assert.equal(output.match(/the record of writes cannot be kept in /g)?.length, 1, output);
            assert.doesNotMatch(output, /\.js:\d+/);
        }
        assert.match(inTheWay.output, /is not set, so this is the default\): ENOTDIR/);
        const path = join(stack.project, "Pulumi.yaml", "record.jsonl");
        assert.ok(named.output.includes(`kept in ${path} (ROOT_CREDENTIALS_RECORD_FILE is "Pulumi.yaml/`));
        assert.equal((await stack.preview()).exitCode, 0);
        assert.ok(!existsSync(folder), "a preview creates nothing");
    });

    it("is a file beside Pulumi.yaml for its owner, and the terminal has a sentence for each account", async () => {
        const { exitCode, output } = await stack.up("--skip-preview");

        assert.equal(exitCode, 0, output);
        assert.deepEqual(readdirSync(folder).sort(), [".gitignore", "record.jsonl"]);
        assert.equal(readFileSync(join(folder, ".gitignore"), "utf8"), "*\n");
        if (process.platform !== "win32") {
            assert.equal(statSync(folder).mode & 0o777, 0o700);
            assert.equal(statSync(join(folder, "record.jsonl")).mode & 0o777, 0o600);
        }
        const lines = linesIn(join(folder, "record.jsonl"));
        assert.equal(lines.length, 6);
        for (const { project, stack: name, run } of lines) {
            assert.deepEqual([project, name], ["aws-root-credentials", "test"]);
            assert.match(run ?? "", RUN);
        }
        assert.equal(new Set(lines.map(({ run }) => run)).size, 1);
        const done = lines.filter(({ event }) => event === "done");
        for (const [account, removed] of [
            [`${PAYMENTS} (payments)`, `access key ${KEY}, password`],
            [`${LEDGER} (ledger)`, "password"],
        ] as const) {
            const own = done.filter(({ accountId }) => account.startsWith(accountId));
            const requests = own.map(({ requestId }) => requestId).join(", ");
            const sentence = `account ${account}: removed ${removed} in root session ${own[0]?.session} (request${own.length > 1 ? "s" : ""} ${requests})`;
            assert.ok(output.includes(sentence), `${sentence}\n${output}`);
        }
        assert.doesNotMatch(output, /^\s*([\w-]+ )?\{"/m);
    });

    it("is appended to by a destroy, which is not told the stack's name", async () => {
        const { exitCode, output } = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(exitCode, 0, output);
        const [removing, ...opening] = linesIn(join(folder, "record.jsonl")).toSpliced(1, 5);
        assert.equal(opening.length, 4);
        for (const { action, project, stack: name, run } of opening) {
            assert.deepEqual([action, project], ["iam:CreateLoginProfile", "aws-root-credentials"]);
            assert.equal(name, undefined);
            assert.match(run ?? "", RUN);
            assert.notEqual(run, removing?.run);
        }
        for (const { accountId, session, requestId } of opening.filter(({ event }) => event === "done")) {
            const sentence = `password recovery is allowed again in root session ${session} (request ${requestId})`;
            assert.match(output, new RegExp(`account ${accountId} .*: ${sentence.replace(/[()]/g, "\\$&")}`));
        }
    });

    it("lies beside Pulumi.yaml where a program runs in a folder below, and a relative name counts from there", async () => {
        const yaml = readFileSync(join(stack.project, "Pulumi.yaml"), "utf8");
        rmSync(folder, { recursive: true });
        mkdirSync(join(stack.project, "deeper"));
        const program = `const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
            new RootCredentialsAbsent("payments", { accountId: "${PAYMENTS}" });`;
        writeFileSync(join(stack.project, "deeper", "index.js"), program);
        writeFileSync(join(stack.project, "deeper", "package.json"), '{"name":"deeper","main":"index.js"}');
        writeFileSync(join(stack.project, "Pulumi.yaml"), `${yaml}\nmain: deeper\n`);
        stack.organization.setRootPassword(PAYMENTS);
        const inTheWay = join(stack.project, "deeper", "index.js", "record.jsonl");

        const refused = await stack.up("--skip-preview", { ROOT_CREDENTIALS_RECORD_FILE: inTheWay });
        assert.notEqual(refused.exitCode, 0);
        assert.ok(
            refused.output.includes(`the record of writes cannot be kept in ${inTheWay}`),
            refused.output,
        );
        assert.ok(stack.left().includes(`${PAYMENTS} password password`));

        const first = await stack.up("--skip-preview");
        assert.equal(first.exitCode, 0, first.output);
        assert.equal(linesIn(join(folder, "record.jsonl")).length, 2);

        stack.organization.setRootPassword(PAYMENTS);
        const named = { ROOT_CREDENTIALS_RECORD_FILE: "records/own.jsonl" };
        const second = await stack.up("--skip-preview", named);
        assert.equal(second.exitCode, 0, second.output);
        assert.equal(linesIn(join(stack.project, "records", "own.jsonl")).length, 2);
        assert.ok(!existsSync(join(stack.project, "records", ".gitignore")), "the folder is somebody's own");
        writeFileSync(join(stack.project, "Pulumi.yaml"), yaml);
    });

    it("lies in the work folder of an inline program", async () => {
        rmSync(folder, { recursive: true });
        stack.organization.setRootPassword(LEDGER);
        const program = () => {
            new RootCredentialsAbsent("ledger", { accountId: LEDGER, onDelete: "retain" });
            return Promise.resolve();
        };
        const inline = await LocalWorkspace.createStack(
            { stackName: "inline", projectName: "aws-root-credentials", program },
            { workDir: stack.project, envVars: stack.environment as Record<string, string> },
        );

        const { stdout } = await inline.up();

        const lines = linesIn(join(folder, "record.jsonl"));
        assert.deepEqual(
            lines.map(({ accountId, stack: name }) => [accountId, name]),
            [
                [LEDGER, "inline"],
                [LEDGER, "inline"],
            ],
            stdout,
        );
    });
});
