/**
 * Reports that a run writes itself, on the real engine. The accounts of the stack are in every state that there is, and the simulated
 * AWS is asked what is true.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import {
    existsSync,
    lstatSync,
    mkdirSync,
    readFileSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

const FILES = ["html", "md", "json", "sarif", "csv", "txt"].map((ending) => `report.${ending}`);

describe("The report files of a run", function () {
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
        writeFileSync(join(stack.project, "report.html"), "old");
        preview = await run("preview --expect-no-changes", FILES.join(", "));
    });
    after(() => stack?.close());

    const run = (command: string, files = "report.json") =>
        stack.pulumi(command, { ROOT_CREDENTIALS_REPORT: files });
    const textOf = (file: string) => readFileSync(join(stack.project, file), "utf8");
    const reported = (file = "report.json") => JSON.parse(textOf(file)) as Report;

    const command = (args: string): Promise<{ exitCode: number; stdout: string; output: string }> =>
        new Promise((resolve) => {
            const options = { cwd: stack.project, env: stack.environment, maxBuffer: 64 * 1024 * 1024 };
            execFile(join(BIN, "root-credentials"), args.split(" "), options, (error, stdout, stderr) => {
                const exitCode = error ? Number(error.code) : 0;
                resolve({ exitCode, stdout, output: stdout + stderr });
            });
        });

    it("give each account the mark that is true of it", () => {
        assert.equal(preview.exitCode, 7, preview.output);

        const { accounts, totals, leaving, problems, ...header } = reported();

        const marks = Object.fromEntries(accounts.map(({ id, mark }) => [id, mark]));
        assert.deepEqual(marks, {
            [CLEAN]: "clean",
            [DRIFTED]: "drifted",
            [BLOCKED]: "unreadable",
            [OPEN]: "excepted",
            [TO_BE_OPENED]: "excepted",
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
        assert.equal(totals.inspected, 8);
        assert.deepEqual(
            leaving.map(({ id, then }) => [id, then]),
            [[LEAVING, "allow-recovery"]],
        );
        assert.deepEqual(problems, []);
        assert.partialDeepStrictEqual(header, {
            source: "preview",
            complete: true,
            project: "aws-root-credentials",
            stack: "test",
            organizationId: stack.organization.id,
        });
        assert.match(header.run ?? "", /^\S{8,}$/);
        assert.ok(Date.parse(header.started) < Date.parse(header.generated));
    });

    it("list the credentials that the server holds, and the reasons to keep them", () => {
        const { accounts } = reported();

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

    it("tell why an account is blocked and what to do, and until when an exception lasts", () => {
        const { accounts } = reported();

        const { unreadable } = byId(accounts, BLOCKED);
        assert.equal(unreadable?.cause, "blocked by SCP p-denyroot (iam:GetAccountSummary)");
        assert.match(
            unreadable?.next ?? "",
            /^Read it in the management account .*ExemptAssumeRoot.* Then run again\.$/s,
        );
        assert.match(unreadable?.detail ?? "", /AWS said: AccessDenied/);
        assert.deepEqual(byId(accounts, OPEN).exception, { until: OPEN_UNTIL, reason: "TICKET-1" });
        assert.equal(byId(accounts, TO_BE_OPENED).exception?.opens, true);
        assert.equal(byId(accounts, LEFT).because, "has left the organization");
        assert.equal(byId(accounts, EXCLUDED).because, `exclude[0] (account ${EXCLUDED})`);
    });

    it("know where an account stands now, and not where the last up has seen it", () => {
        const { accounts } = reported();

        assert.equal(byId(accounts, MOVED).organizationalUnit, "Infrastructure");
        assert.equal(byId(accounts, HOSTILE).name, HOSTILE_NAME.replace("\u202e", "\\u202e"));
    });

    it("are written in every format, for their owner alone", () => {
        for (const file of FILES) {
            const text = textOf(file);
            for (const id of [DRIFTED, BLOCKED, IN_USE, HOSTILE, JOINED])
                assert.ok(text.includes(id), `${file} ${id}`);
            assert.ok(file !== "report.html" || !text.includes("<script>alert"), file);
            assert.equal(statSync(join(stack.project, file)).mode & 0o777, 0o600, file);
        }
    });

    it("are the same as those that the JSON report is converted to", async () => {
        for (const file of FILES.filter((each) => each !== "report.json")) {
            const { exitCode, output } = await command(`report --output converted-${file} report.json`);
            assert.equal(exitCode, 0, output);
            assert.equal(textOf(`converted-${file}`), textOf(file), file);
        }
        assert.equal((await command("report --exit-code report.json")).exitCode, 1);
    });

    it("call nothing clean that a preview of a part did not inspect", async () => {
        await run(`preview --target ${stack.urn(CLEAN)}`);

        const { totals, accounts } = reported();

        assert.equal(reported().complete, false);
        assert.equal(byId(accounts, CLEAN).mark, "clean");
        assert.equal(totals.clean, 1, JSON.stringify(totals));
        assert.equal(totals.notInspected, 8);
    });

    it("tell why a program ended early, and that they are incomplete", async () => {
        stack.organization.setFeature("RootCredentialsManagement", false);
        const off = await run("preview --expect-no-changes");
        stack.organization.setFeature("RootCredentialsManagement", true);
        const { complete, totals, problems } = reported();

        assert.notEqual(off.exitCode, 0);
        assert.equal(complete, false);
        assert.equal(totals.inspected, 0);
        assert.match(problems.join(), /the feature RootCredentialsManagement is off/);
        assert.equal((await command("report --exit-code report.json")).exitCode, 1);

        await set({ onDelete: "never" });
        await run("preview");
        await set({ onDelete: "allow-recovery" });
        assert.match(reported().problems.join(), /expected allow-recovery or retain/);
    });

    it("tell that they are incomplete if Pulumi refuses the accounts", async () => {
        const refused = await run("preview --refresh=false");

        assert.notEqual(refused.exitCode, 0);
        if (existsSync(join(stack.project, "report.json"))) {
            const { complete, totals, problems } = reported();
            assert.deepEqual([complete, totals.clean], [false, 0]);
            assert.match(problems.join(), /Pulumi refused \d+ resources?/);
        }
    });

    it("are gone while a program is under way, so that an old one does not look new", async () => {
        await run("preview");
        assert.equal(reported().complete, true);
        stack.organization.latency.set(60_000, "ListAccounts");
        const environment = { ...stack.environment, ROOT_CREDENTIALS_REPORT: "report.json" };
        const options = { cwd: stack.project, env: environment, detached: true, stdio: "ignore" } as const;
        const cli = spawn(join(BIN, "pulumi"), ["preview", "--non-interactive"], options);
        try {
            while (existsSync(join(stack.project, "report.json"))) await sleep(100);
        } finally {
            process.kill(-(cli.pid ?? 0), "SIGKILL");
            stack.organization.latency.set(0, "ListAccounts");
        }
        await sleep(1_000);
        assert.ok(!existsSync(join(stack.project, "report.json")));
    });

    it("are written through a link, which stays", async () => {
        mkdirSync(join(stack.project, "kept"));
        writeFileSync(join(stack.project, "kept/real.json"), "old");
        symlinkSync("kept/real.json", join(stack.project, "link.json"));

        await run("preview", "link.json");

        assert.equal(reported("kept/real.json").complete, true);
        assert.ok(lstatSync(join(stack.project, "link.json")).isSymbolicLink());
    });

    it("are never the record of writes", async () => {
        const same = { ROOT_CREDENTIALS_REPORT: "same.json", ROOT_CREDENTIALS_RECORD_FILE: "same.json" };
        writeFileSync(join(stack.project, "same.json"), "kept");

        const { exitCode, output } = await stack.pulumi("preview", same);

        assert.notEqual(exitCode, 0);
        assert.match(
            output,
            /ROOT_CREDENTIALS_REPORT and ROOT_CREDENTIALS_RECORD_FILE both name \S+: expected two files/,
        );
        assert.equal(textOf("same.json"), "kept");
    });

    it("are refused in a sentence before anything is done if they cannot be written", async () => {
        mkdirSync(join(stack.project, "folder.json"));
        const before = stack.left();
        for (const [files, says] of [
            [
                "report.pdf",
                /ROOT_CREDENTIALS_REPORT names report\.pdf, whose ending names no format: expected files that end in one of \.txt, \.md/,
            ],
            [
                "nowhere/report.json",
                /ROOT_CREDENTIALS_REPORT \S+\/nowhere\/report\.json cannot be written: ENOENT.*Name a file in a folder that exists/,
            ],
            ["folder.json", /ROOT_CREDENTIALS_REPORT \S+\/folder\.json cannot be written: it is a folder/],
        ] as const) {
            const { exitCode, output } = await run("up --yes --skip-preview", files);
            assert.notEqual(exitCode, 0);
            assert.match(output, says);
        }
        assert.deepEqual(stack.left(), before);
    });
});

function byId(accounts: AccountInReport[], id: string): AccountInReport {
    const account = accounts.find((each) => each.id === id);
    assert.ok(account, id);
    return account;
}
