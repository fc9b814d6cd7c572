import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "pulumi-aws-root-credentials/report";
import {
    accessDenied,
    DENY_ROOT,
    emptyFlags,
    emptyPage,
    startSimulator,
    tricklingBody,
    type Simulator,
} from "../simulator";
import { MODULES } from "../provider/harness/package";
import { rootCredentials } from "./command";

const [PAYMENTS, LOGS] = ["111122223333", "222233334444"];

const LISTS = ["ListAccessKeys", "ListSigningCertificates", "ListMFADevices"] as const;

describe("root-credentials audit", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    let folder: string;

    beforeEach(async () => {
        const accounts = [
            { id: PAYMENTS, name: "payments", unit: "Workloads", root: { password: {} } },
            { id: LOGS, name: "logs" },
        ];
        simulator = await startSimulator({ seed: { accounts } });
        folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
    });
    afterEach(async () => {
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
    });

    const audit = (...args: string[]) =>
        rootCredentials(["audit", ...args], { environment: simulator.environment(), cwd: folder });

    it("exits with 7 if root credentials are found, and writes only the report to standard output", async () => {
        const { exitCode, stdout, stderr } = await audit("--format", "json");

        assert.equal(exitCode, 7, stderr);
        const { accounts } = JSON.parse(stdout) as Report;
        assert.equal(accounts.find(({ id }) => id === PAYMENTS)?.mark, "drifted");
        assert.match(
            stderr,
            /^1 account has drifted \(inspected 2 of 2 accounts: 1 clean, 1 drifted; 1 skipped\)$/m,
        );
    });

    /** Lets something be done at each call to AWS, in the command's own process. */
    function atEachCall(statement: string) {
        const file = join(folder, "at-each-call.cjs");
        const channel = "http.client.request.start";
        writeFileSync(
            file,
            `require("node:diagnostics_channel").subscribe("${channel}", () => ${statement});`,
        );
        return {
            environment: { ...simulator.environment(), NODE_OPTIONS: `--require ${file}` },
            cwd: folder,
        };
    }

    it("keeps messages of the provider out of the report", async () => {
        const log = JSON.stringify(join(MODULES, "process/log"));
        const printing = atEachCall(`require(${log}).log("printed meanwhile")`);

        const { stdout, stderr } = await rootCredentials(["audit", "--format", "json"], printing);

        assert.equal((JSON.parse(stdout) as Report).totals.drifted, 1);
        assert.match(stderr, /^printed meanwhile$/m);
    });

    it("writes its report even if the reader of standard error is gone", async () => {
        const telling = atEachCall('process.stderr.write("inspected 1 of 2 accounts\\n")');
        const args = ["audit", "--output", "report.json"];

        const { exitCode } = await rootCredentials(args, { ...telling, unread: "stderr" });

        assert.equal(exitCode, 7);
        const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report;
        assert.equal(report.totals.drifted, 1);
    });

    it("inspects the accounts of a unit, and other accounts that are named", async () => {
        const { stdout } = await audit("--format", "json", "--unit", "Workloads", "--account", LOGS);

        assert.equal((JSON.parse(stdout) as Report).totals.inspected, 2);
    });

    it("exits with 0 if every account is clean", async () => {
        const { exitCode, stdout, stderr } = await audit("--account", LOGS);

        assert.equal(exitCode, 0, stderr);
        assert.match(
            stdout,
            /^1 of 1 account inspected: 1 clean; 1 out of scope, 1 skipped; 0 credentials found$/m,
        );
    });

    it("exits with 1 if an account is unreadable, even if credentials were found", async () => {
        simulator.organization.attachScp(LOGS, DENY_ROOT);

        const { exitCode, stdout } = await audit();

        assert.equal(exitCode, 1);
        assert.match(stdout, /^▲ 222233334444 logs +unreadable$/m);
        assert.match(stdout, /✖ 111122223333 payments +drifted$/m);
    });

    it("exits with 1 if AWS calls its lists truncated, and calls no account clean", async () => {
        simulator.organization.createRootAccessKey(LOGS);
        for (const call of LISTS) simulator.organization.failAlways(call, emptyPage({ isTruncated: "true" }));

        const { exitCode, stdout } = await audit("--full", "--format", "json", "--account", LOGS);

        const { totals, accounts } = JSON.parse(stdout) as Report;
        assert.deepEqual([exitCode, totals.clean], [1, 0]);
        assert.match(JSON.stringify(accounts), /AWS's answer was incomplete \(iam:ListAccessKeys\)/);
    });

    it("exits with 7 if the flags of a summary are empty and an account holds a key", async () => {
        simulator.organization.createRootAccessKey(LOGS);
        simulator.organization.failAlways("GetAccountSummary", emptyFlags());

        const { exitCode, stdout } = await audit("--format", "json", "--account", LOGS);

        const { totals } = JSON.parse(stdout) as Report;
        assert.deepEqual([exitCode, totals.clean, totals.drifted], [7, 0, 1]);
    });

    it("exits with 1 if the answers about an account trickle in, and says so", async () => {
        const shortly = atEachCall(
            `require(${JSON.stringify(join(MODULES, "process/timeouts"))}).timeouts.responseTimeout = 200`,
        );
        for (const call of ["GetAccountSummary", "GetLoginProfile", ...LISTS] as const)
            simulator.organization.failAlways(call, tricklingBody(50), { accountId: LOGS });

        const { exitCode, stdout } = await rootCredentials(["audit", "--account", LOGS], shortly);

        assert.equal(exitCode, 1);
        assert.match(stdout, /no answer in time/);
    });

    it("inspects accounts in an undocumented state, and exits with 1 if AWS refuses it", async () => {
        for (const id of [PAYMENTS, LOGS]) simulator.organization.setState(id, "RESTRICTED");

        const open = await audit();

        assert.equal(open.exitCode, 7, open.stdout);
        assert.match(open.stdout, /✖ 111122223333 payments +drifted$/m);

        simulator.organization.failAlways("AssumeRoot", accessDenied());

        const refused = await audit("--account", PAYMENTS);

        assert.equal(refused.exitCode, 1, refused.stdout);
        assert.match(refused.stdout, /▲ 111122223333 payments +unreadable$/m);
    });

    it("exits with 1 if no account could be inspected, and says what to do", async () => {
        simulator.organization.setFeature("RootCredentialsManagement", false);

        const { exitCode, stderr } = await audit();

        assert.equal(exitCode, 1);
        assert.match(stderr, /^no account was inspected: .*RootCredentialsManagement is off/m);
    });

    it("exits with 1 without credentials, without asking AWS about any account", async () => {
        const { AWS_ENDPOINT_URL, AWS_REGION } = simulator.environment();
        const alone = { AWS_ENDPOINT_URL, AWS_REGION, AWS_EC2_METADATA_DISABLED: "true" };

        const { exitCode, stderr } = await rootCredentials(["audit"], { environment: alone });

        assert.equal(exitCode, 1);
        assert.match(stderr, /no AWS credentials were found/);
        assert.ok(!simulator.requests.actions().includes("AssumeRoot"));
    });

    it("writes several formats in one run, each by its ending, and no other file", async () => {
        const { exitCode, stdout } = await audit(
            "--output",
            "report.html",
            "--output",
            "report.json",
            "--output",
            "report.md",
        );

        assert.equal(exitCode, 7);
        assert.equal(stdout, "");
        assert.deepEqual(readdirSync(folder).sort(), ["report.html", "report.json", "report.md"]);
        assert.match(readFileSync(join(folder, "report.html"), "utf8"), /^<!doctype html>/);
        assert.equal(simulator.requests.actions().filter((action) => action === "AssumeRoot").length, 2);
    });

    it("refuses a file that cannot be written before it inspects any account", async () => {
        const { exitCode, stderr } = await audit("--output", "nowhere/report.html");

        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /--output nowhere\/report\.html cannot be written: .*Name a file in a folder that exists/,
        );
        assert.deepEqual(simulator.requests.actions(), []);
    });

    for (const [args, says] of [
        [["--account", "12"], /--account: expected an account id of 12 digits, got "12"/],
        [["--unit", "/"], /--unit: expected the id or the path of a unit/],
        [["--format", "pdf"], /--format: expected one of text, markdown, html, json, sarif, csv, got "pdf"/],
        [["--output", "report"], /--output: the ending of report stands for no format/],
        [["--dry-run"], /Unknown option '--dry-run'/],
        [["everything"], /Unexpected argument 'everything'/],
    ] as const) {
        it(`refuses ${args.join(" ")} before it inspects any account, and names the help`, async () => {
            const { exitCode, stderr } = await audit(...args);

            assert.equal(exitCode, 2);
            assert.match(stderr, says);
            assert.match(stderr, /Try: root-credentials audit --help/);
            assert.deepEqual(simulator.requests.actions(), []);
            assert.ok(!existsSync(join(folder, "report")));
        });
    }
});
