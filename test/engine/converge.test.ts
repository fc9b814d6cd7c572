import assert from "node:assert/strict";
import { accountOf, credentialsOf, Stack, totalsOf } from "./stack";

/** Frozen: it stands in the state of every stack. */
const PROVIDER_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")';

const dirty = {
    password: { lastUsed: "2026-03-01T08:00:00Z" },
    accessKeys: [
        { lastUsed: "2026-05-04T08:00:00Z", lastUsedService: "s3", lastUsedRegion: "eu-west-1" },
        {},
    ],
    signingCertificates: [{}],
    mfaDevices: [{ kind: "virtual" as const }],
};

describe("pulumi preview and pulumi up", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        const accounts = [
            { id: "111122223333", name: "payments-prod", unit: "Workloads/Prod", root: dirty },
            { id: "222233334444", name: "logs", unit: "Security" },
            { id: "333344445555", name: "sandbox", root: { password: {} } },
            { id: "444455556666", name: "abandoned", state: "SUSPENDED" as const, root: { password: {} } },
        ];
        stack = await Stack.over({ accounts }, { accountsPerPage: 2, emptyPages: true });
    });
    after(() => stack?.close());

    it("show every root credential in a first preview, and change nothing", async () => {
        const before = stack.left();

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        const found = ["111122223333", "333344445555"].flatMap((id) =>
            credentialsOf(preview, id).map((each) => `${id} ${each.replace("loginProfile", "password")}`),
        );
        const active = before.filter((each) => !each.startsWith("444455556666"));
        assert.deepEqual(found.sort(), active.sort());
        assert.match(preview.output, /✖ 111122223333 payments-prod +drifted\n/);
        assert.match(preview.output, /access key +AKIA\w+ .* used \d+ \w+ ago +s3 eu-west-1/);
        assert.match(preview.output, /never used/);
        assert.match(
            preview.output,
            /3 of 3 accounts inspected: 2 drifted, 1 clean; 2 skipped; 6 credentials found/,
        );
        assert.partialDeepStrictEqual(accountOf(preview, "111122223333"), {
            organizationalUnit: "Workloads/Prod",
            mark: "drifted",
        });
        assert.deepEqual(credentialsOf(preview, "333344445555"), ["loginProfile password"]);
        assert.deepEqual(totalsOf(preview), {
            accounts: 3,
            inspected: 3,
            clean: 1,
            drifted: 2,
            unreadable: 0,
            notInspected: 0,
            excepted: 0,
            acknowledged: 0,
            outOfScope: 0,
            skipped: 2,
            credentials: active.length,
        });
        assert.deepEqual(stack.left(), before);
    });

    it("remove every root credential, and only from active member accounts", async () => {
        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        assert.notEqual(stack.organization.account("444455556666").root.password, undefined);
        assert.match(up.output, /accountsInScope *: 3/);
        assert.match(up.output, /444455556666: "suspended"/);
        assert.partialDeepStrictEqual(up.report, { source: "up", complete: true, totals: { clean: 3 } });
        const { removed } = accountOf(up, "333344445555");
        assert.deepEqual(removed?.credentials, ["password"]);
        assert.match(removed?.session ?? "", /^ASIA/);
        assert.equal(accountOf(up, "222233334444").removed, undefined);
    });

    it("report only removals of their own run", async () => {
        await stack.pulumi("config set onDelete retain");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(
            up.report?.accounts.filter(({ removed }) => removed),
            [],
        );
    });

    it("find a converged organization clean, at two calls an account", async () => {
        const calls = await stack.callsDuring(async () => {
            const preview = await stack.preview("--expect-no-changes");
            assert.equal(preview.exitCode, 0, preview.output);
            assert.equal(totalsOf(preview).clean, 3);
        });

        assert.equal(calls.get("AssumeRoot"), 3);
        assert.equal(calls.get("GetAccountSummary"), 3);
        // What is left is asked once for the whole organization, however many accounts there are.
        const shared = [
            "GetCallerIdentity",
            "ListOrganizationsFeatures",
            "DescribeOrganization",
            "ListAccounts",
            "ListRoots",
            "ListOrganizationalUnitsForParent",
        ];
        assert.deepEqual([...calls.keys()].filter((action) => !shared.includes(action)).sort(), [
            "AssumeRoot",
            "GetAccountSummary",
        ]);
    });

    it("store a constant of under 100 characters as the provider's code", async () => {
        for (const [, { inputs, outputs }] of await stack.resources()) {
            assert.equal(inputs.__provider, PROVIDER_STUB);
            assert.equal(outputs.__provider, PROVIDER_STUB);
        }
        assert.ok(PROVIDER_STUB.length < 100);
    });

    it("show credentials that appear again property by property, and exit with 7", async () => {
        const key = stack.organization.createRootAccessKey("222233334444");
        stack.organization.setRootPassword("333344445555");

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, new RegExp(`~ accessKeys *: \\[\\s+- \\[0\\]: "${key}"`));
        assert.match(preview.output, /~ loginProfile *: "present" => "absent"/);
        assert.deepEqual(credentialsOf(preview, "222233334444"), [`accessKey ${key}`]);
        assert.deepEqual(totalsOf(preview).drifted, 2);
        assert.equal(stack.left().length, 2);

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
    });

    it("name the changed properties in --json", async () => {
        stack.organization.setRootPassword("333344445555");

        const { exitCode, stdout } = await stack.pulumi("preview --json --expect-no-changes");

        assert.equal(exitCode, 7);
        const digest = JSON.parse(stdout) as { steps: { op: string; urn: string; detailedDiff?: object }[] };
        const [step, ...more] = digest.steps.filter(({ op }) => op === "update");
        assert.match(step?.urn ?? "", /333344445555$/);
        assert.deepEqual(Object.keys(step?.detailedDiff ?? {}), ["loginProfile"]);
        assert.deepEqual(more, []);
    });
});
