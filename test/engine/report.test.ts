/**
 * Reports of one stack on the real engine, in which accounts are in every state that they can be in: what `pulumi preview --json` has
 * printed goes through the command, as it would in a pipeline, and the simulated AWS is asked what is true.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountInReport, Report } from "pulumi-aws-root-credentials/report";
import { DENY_ROOT } from "../simulator";
import { BIN } from "../temporary-project";
import { Stack, type Run } from "./stack";

const CLEAN = "100000000001";
const DRIFTED = "100000000002";
const BLOCKED = "100000000003";
const OPEN = "100000000004";
const TO_BE_OPENED = "100000000005";
const EXCLUDED = "100000000006";
const SUSPENDED = "100000000007";
const LEAVING = "100000000008";
const MOVED = "100000000009";
const IN_USE = "100000000010";
const HOSTILE = "100000000011";
const JOINED = "100000000012";
const LEFT = "100000000013";
const MANAGEMENT = "999988887777";

/** Markup, a formula, a mention, a way out of a table and of a code span, and an override of the writing's direction. */
const HOSTILE_NAME = '=cmd|"</td><script>alert(1)</script> `@all` [x](http://x.example) \u202egnp';

const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();
const OPEN_UNTIL = inDays(3);

describe("root-credentials report", function () {
    this.timeout(300_000);
    let stack: Stack;
    let preview: Run;

    const set = async (settings: Record<string, string>) => {
        const pairs = Object.entries(settings).map(([path, value]) => `--plaintext ${path}=${value}`);
        const { exitCode, output } = await stack.pulumi(`config set-all --path ${pairs.join(" ")}`);
        assert.equal(exitCode, 0, output);
    };

    before(async () => {
        const accounts = [
            { id: CLEAN, name: "clean", unit: "Workloads/Prod" },
            { id: DRIFTED, name: "drifted", unit: "Workloads/Prod" },
            { id: BLOCKED, name: "blocked", unit: "Workloads/Prod" },
            { id: OPEN, name: "open", unit: "Workloads" },
            { id: TO_BE_OPENED, name: "to-be-opened", unit: "Workloads" },
            { id: EXCLUDED, name: "excluded", unit: "Sandbox", root: { password: {} } },
            { id: SUSPENDED, name: "suspended", state: "SUSPENDED" as const, root: { password: {} } },
            { id: LEAVING, name: "leaving", unit: "Sandbox" },
            { id: MOVED, name: "moved", unit: "Workloads/Test" },
            { id: IN_USE, name: "in-use", unit: "Workloads/Test" },
            { id: HOSTILE, name: HOSTILE_NAME },
            { id: LEFT, name: "left", unit: "Workloads" },
        ];
        stack = await Stack.over({ accounts });
        await set({
            "exclude[0].account": EXCLUDED,
            "exceptions[0].account": OPEN,
            "exceptions[0].until": OPEN_UNTIL,
            "exceptions[0].reason": "TICKET-1",
            refuseIfUsedWithinDays: "30",
        });
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);

        const { organization } = stack;
        organization.setRootPassword(DRIFTED, { created: "2026-10-01T08:00:00Z" });
        organization.createRootAccessKey(DRIFTED);
        organization.setRootPassword(BLOCKED);
        organization.attachScp(BLOCKED, { ...DENY_ROOT, policyId: "p-denyroot" });
        organization.move(MOVED, "Infrastructure");
        organization.createRootAccessKey(IN_USE, {
            lastUsed: new Date().toISOString(),
            lastUsedService: "s3",
        });
        organization.setRootPassword(HOSTILE);
        organization.join({ id: JOINED, name: "joined", unit: "Workloads", root: { password: {} } });
        organization.leave(LEFT);
        await set({
            "exclude[1].account": LEAVING,
            "exceptions[1].account": TO_BE_OPENED,
            "exceptions[1].until": inDays(30),
            "exceptions[1].reason": "TICKET-2",
        });
        preview = await stack.pulumi("preview --json --expect-no-changes");
        writeFileSync(join(stack.project, "preview.json"), preview.stdout);
    });
    after(() => stack?.close());

    const command = (args: string): Promise<Run> =>
        new Promise((resolve) => {
            const options = { cwd: stack.project, env: stack.environment, maxBuffer: 64 * 1024 * 1024 };
            execFile(join(BIN, "root-credentials"), args.split(" "), options, (error, stdout, stderr) => {
                const exitCode = error ? Number(error.code) : 0;
                resolve({ exitCode, stdout, output: stdout + stderr });
            });
        });

    const reported = async (args = "report --format json preview.json"): Promise<Report> => {
        const { exitCode, stdout, output } = await command(args);
        assert.equal(exitCode, 0, output);
        return JSON.parse(stdout) as Report;
    };

    it("gives each account the mark that is true of it", async () => {
        assert.equal(preview.exitCode, 7, preview.output);

        const { accounts, totals, leaving, problems, stack: name } = await reported();

        const marks = Object.fromEntries(accounts.map(({ id, mark }) => [id, mark]));
        assert.deepEqual(marks, {
            [CLEAN]: "clean",
            [DRIFTED]: "drifted",
            [BLOCKED]: "blocked",
            [OPEN]: "exception",
            [TO_BE_OPENED]: "exception",
            [EXCLUDED]: "out of scope",
            [SUSPENDED]: "skipped",
            [LEAVING]: "out of scope",
            [MOVED]: "clean",
            [IN_USE]: "drifted",
            [HOSTILE]: "drifted",
            [JOINED]: "drifted",
            [LEFT]: "skipped",
            [MANAGEMENT]: "skipped",
        });
        assert.equal(totals.accounts, 9);
        assert.equal(totals.lookedAt, 9);
        assert.deepEqual(
            leaving.map(({ id, then }) => [id, then]),
            [[LEAVING, "allow-recovery"]],
        );
        assert.deepEqual(problems, []);
        assert.equal(name, "aws-root-credentials/test");
    });

    it("lists the credentials that are there, asked of the server, with what keeps them", async () => {
        const { accounts } = await reported();

        const told = accounts.flatMap(({ id, credentials = [] }) =>
            credentials.map((credential) => `${id} ${credential.kind} ${credential.id}`),
        );
        const unseen = new Set([BLOCKED, EXCLUDED, SUSPENDED]);
        const there = stack.organization
            .rootCredentialsLeft()
            .filter(({ accountId }) => !unseen.has(accountId))
            .map(
                ({ accountId, kind, id }) =>
                    `${accountId} ${kind === "password" ? "loginProfile" : kind} ${id}`,
            );
        assert.deepEqual(told.sort(), there.sort());
        const [key] = byId(accounts, IN_USE).credentials ?? [];
        assert.match(key?.stays ?? "", /is kept: last used .* for s3.*refuseIfUsedWithinDays is 30/);
        const [password] = byId(accounts, OPEN).credentials ?? [];
        assert.equal(password?.stays, "the account's exception allows it");
    });

    it("tells why an account is blocked and what to do, and until when an exception lasts", async () => {
        const { accounts } = await reported();

        const { blocked } = byId(accounts, BLOCKED);
        assert.equal(blocked?.cause, "blocked by SCP p-denyroot (iam:GetAccountSummary)");
        assert.match(
            blocked?.next ?? "",
            /^Read it in the management account .*ExemptAssumeRoot.* Then run again\.$/s,
        );
        assert.match(blocked?.detail ?? "", /AWS said: AccessDenied/);
        assert.deepEqual(byId(accounts, OPEN).exception, { until: OPEN_UNTIL, reason: "TICKET-1" });
        assert.equal(byId(accounts, TO_BE_OPENED).exception?.opens, true);
        assert.equal(byId(accounts, LEFT).because, "has left the organization");
        assert.equal(byId(accounts, EXCLUDED).because, `exclude[0] (account ${EXCLUDED})`);
    });

    it("knows where an account stands now, and not where the last up has seen it", async () => {
        const { accounts } = await reported();

        assert.equal(byId(accounts, MOVED).organizationalUnit, "Infrastructure");
        assert.equal(byId(accounts, HOSTILE).name, HOSTILE_NAME.replace("\u202e", "\\u202e"));
    });

    it("exits as an audit does if told to, and with 0 otherwise", async () => {
        assert.equal((await command("report --exit-code preview.json")).exitCode, 1);
        assert.equal((await command("report preview.json")).exitCode, 0);
    });

    it("writes every format at once", async () => {
        const files = ["html", "md", "json", "sarif", "csv"].map((ending) => `report.${ending}`);

        const { exitCode, output } = await command(
            `report ${files.map((file) => `--output ${file}`).join(" ")} preview.json`,
        );

        assert.equal(exitCode, 0, output);
        for (const file of files) {
            const text = readFileSync(join(stack.project, file), "utf8");
            for (const id of [DRIFTED, BLOCKED, IN_USE, HOSTILE, JOINED])
                assert.ok(text.includes(id), `${file} ${id}`);
            assert.ok(file !== "report.html" || !text.includes("<script>alert"), file);
        }
    });

    it("calls nothing clean that a part of the preview has not looked at", async () => {
        const partial = await stack.pulumi(`preview --json --target ${stack.urn(CLEAN)}`);
        writeFileSync(join(stack.project, "partial.json"), partial.stdout);

        const { totals, accounts } = await reported("report --format json partial.json");

        assert.equal(byId(accounts, CLEAN).mark, "clean");
        assert.equal(totals.clean, 1, JSON.stringify(totals));
        assert.equal(totals.notLookedAt, 8);
    });

    it("tells what ended a preview that has found nothing out", async () => {
        stack.organization.setFeature("RootCredentialsManagement", false);
        const failed = await stack.pulumi("preview --json --expect-no-changes");
        stack.organization.setFeature("RootCredentialsManagement", true);
        writeFileSync(join(stack.project, "failed.json"), failed.stdout);

        const { totals, problems } = await reported("report --format json failed.json");

        assert.notEqual(failed.exitCode, 0);
        assert.equal(totals.clean + totals.exceptions, 0);
        assert.match(problems.join(), /the feature RootCredentialsManagement is off/);
        assert.equal((await command("report --exit-code failed.json")).exitCode, 1);
    });
});

function byId(accounts: AccountInReport[], id: string): AccountInReport {
    const account = accounts.find((each) => each.id === id);
    assert.ok(account, id);
    return account;
}
