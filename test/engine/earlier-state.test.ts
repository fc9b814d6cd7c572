/**
 * A stack whose state was written before the provider got its layers (commit 987e866). The state names the provider's modules, so
 * the names must go on working.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../provider/harness/package";
import { Stack } from "./stack";

const STATE = join(PROJECT_ROOT, "test/fixtures/earlier-state.json");
const [CLEAN, REMOVED, OPENED, BLOCKED, PAYMENTS] = [1, 2, 3, 4, 5].map((n) => `10000000000${n}`) as [
    string,
    string,
    string,
    string,
    string,
];
const BUCKET = "payments-logs";

interface State {
    deployment: { resources: { type: string; outputs?: { currentPolicy: string } }[] };
}

describe("a state of an earlier version", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        const { deployment } = JSON.parse(readFileSync(STATE, "utf8")) as State;
        const unlocked = deployment.resources.find(({ type }) => type.endsWith(":BucketPolicyUnlocked"));
        const policy = unlocked?.outputs?.currentPolicy ?? "";
        const scps = [
            { name: "deny-root", policyId: "p-abcd1234", actions: ["*"], appliesTo: "root" as const },
        ];
        stack = await Stack.over({
            accounts: [
                { id: CLEAN, name: "clean", unit: "Workloads" },
                { id: REMOVED, name: "removed", unit: "Workloads" },
                { id: OPENED, name: "opened", root: { password: { created: "2026-11-30T18:39:56.000Z" } } },
                { id: BLOCKED, name: "blocked", scps },
                {
                    id: PAYMENTS,
                    name: "payments",
                    buckets: [{ name: BUCKET, region: "eu-west-1", policy }],
                },
            ],
        });
        const settings = {
            "acknowledged[0].account": BLOCKED,
            "acknowledged[0].until": "2126-01-01T00:00:00Z",
            "acknowledged[0].reason": "TICKET-1",
            "exceptions[0].account": OPENED,
            "exceptions[0].until": "2126-01-01T00:00:00Z",
            "exceptions[0].reason": "TICKET-2",
            "unlock[0].account": PAYMENTS,
            "unlock[0].bucket": BUCKET,
            "unlock[0].onDelete": "restore-policy",
        };
        for (const [key, value] of Object.entries(settings)) {
            const { exitCode, output } = await stack.pulumi(`config set --path ${key} ${value}`);
            assert.equal(exitCode, 0, output);
        }
        const { exitCode, output } = await stack.pulumi(`stack import --file ${STATE}`);
        assert.equal(exitCode, 0, output);
    });
    after(() => stack?.close());

    it("shows no change in a preview", async () => {
        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(preview.output, /\b8 unchanged/);
        assert.doesNotMatch(preview.output, /^ *[~+-] (?!pulumi:pulumi:Stack)/m);
    });

    it("converges in an up", async () => {
        stack.organization.createRootAccessKey(CLEAN);

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [`${OPENED} password password`]);
    });

    it("is destroyed: recovery is allowed again, and the bucket's policy is back", async () => {
        const destroy = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        const opened = [CLEAN, REMOVED, OPENED, PAYMENTS].map((id) => `${id} password password`);
        assert.deepEqual(stack.left(), opened);
        assert.match(stack.organization.buckets.policyOf(BUCKET) ?? "", /DenyAll/);
    });
});
