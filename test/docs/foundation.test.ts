/** Runs the commands of docs/foundation.md unchanged and in order, and compares its policy with the attached one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rootUserScp } from "../../program/foundation/root-user-scp";
import { AwsPlugin } from "../engine/aws-plugin";
import { Stack } from "../engine/stack";
import { PROJECT_ROOT } from "../temporary-project";
import { blocks, inShell } from "./shell";

const PAGE = readFileSync(join(PROJECT_ROOT, "docs", "foundation.md"), "utf8");
const PAYMENTS = "111122223333";
const SECURITY = "222233334444";

describe("docs/foundation.md", function () {
    this.timeout(300_000);
    let stack: Stack;
    let aws: AwsPlugin;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments", root: { password: {} } },
                { id: SECURITY, name: "security" },
            ],
            trustedAccess: false,
            features: { RootCredentialsManagement: false, RootSessions: false },
        });
        // The project's name is part of every URN, which --target matches.
        await stack.pulumi("stack init prod-aws");
        aws = await AwsPlugin.over(stack.simulator);
        Object.assign(stack.environment, aws.environment());
    });
    after(async () => {
        await stack.close();
        aws.close();
    });

    const [switchOn = "", alone = "", remove = "", handOver = "", ...others] = blocks(PAGE, "sh");

    it("has only commands that a test runs", () => assert.deepEqual(others, []));

    it("switches the foundation on, previews and removes", async () => {
        assert.match(await inShell(stack, switchOn), /no account could be inspected: .*"\*\*::aws:\*\*"/);
        assert.equal(stack.left().length, 1);

        assert.match(await inShell(stack, alone), /✖ 111122223333 payments +drifted\n.* password /);
        assert.deepEqual([...stack.organization.delegatedAdministrators], [SECURITY]);
        assert.equal(stack.left().length, 1);

        await inShell(stack, remove);
        assert.deepEqual(stack.left(), []);
    });

    it("takes over an attached policy without detaching it", async () => {
        stack.organization.attachScp(PAYMENTS, {
            name: "DenyRoot",
            policyId: "p-a1b2c3d4",
            actions: ["*"],
            appliesTo: "root",
            exemptAssumedRoot: true,
        });
        aws.changes.length = 0;

        await inShell(stack, handOver);

        assert.deepEqual(aws.changes, ["update aws:organizations/policy:Policy"]);
        const policy = stack.organization.policies.find("p-a1b2c3d4");
        assert.deepEqual(JSON.parse(policy?.content ?? ""), rootUserScp({ partition: "aws" }));
    });

    it("shows the attached policy", () => {
        assert.deepEqual(
            blocks(PAGE, "json").map((text) => JSON.parse(text) as unknown),
            [rootUserScp({ partition: "aws" })],
        );
    });
});
