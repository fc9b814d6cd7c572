import assert from "node:assert/strict";
import { accessDenied } from "../simulator";
import { Stack, totalsOf } from "./stack";

describe("an organization that changes", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        const accounts = ["100000000001", "100000000002", "100000000003", "100000000004"].map((id) => ({
            id,
            name: `account-${id.at(-1)}`,
            unit: "Workloads/Prod",
        }));
        stack = await Stack.over({ accounts });
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
    });
    after(() => stack?.close());

    it("shows no drift for a renamed account, and none for one that moved to another unit", async () => {
        stack.organization.rename("100000000001", "payments");
        stack.organization.move("100000000002", "Sandbox");

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 0, preview.output);
    });

    it("drops an account that left, without trying to restore it", async () => {
        stack.organization.leave("100000000001");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.match(
            up.output,
            /account 100000000001 \(account-1\) has left the organization; it is dropped from the stack/,
        );
        assert.deepEqual([...(await stack.resources()).keys()].sort(), [
            "100000000002",
            "100000000003",
            "100000000004",
        ]);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });

    it("drops accounts that were suspended or closed, and leaves what they hold alone", async () => {
        stack.organization.setRootPassword("100000000003");
        stack.organization.setState("100000000003", "SUSPENDED");
        stack.organization.setState("100000000004", "CLOSED");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /100000000003: "suspended"/);
        assert.match(up.output, /100000000004: "closed"/);
        assert.deepEqual([...(await stack.resources()).keys()], ["100000000002"]);
        assert.notEqual(stack.organization.account("100000000003").root.password, undefined);
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });

    it("takes on accounts that rejoin, come back or are new, and cleans what they bring", async () => {
        stack.organization.join({
            id: "100000000001",
            name: "back",
            joinedMethod: "INVITED",
            root: { accessKeys: [{}] },
        });
        stack.organization.join({
            id: "100000000009",
            name: "acquired",
            joinedMethod: "INVITED",
            root: { password: {} },
        });
        stack.organization.setState("100000000003", "ACTIVE");

        const preview = await stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 7, preview.output);
        for (const called of ["100000000001 back", "100000000003 account-3", "100000000009 acquired"]) {
            assert.match(preview.output, new RegExp(`✖ ${called} +drifted`));
        }

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
    });

    it("keeps and cleans an account whose state AWS does not document, and fails where it is refused", async () => {
        stack.organization.setState("100000000002", "RESTRICTED");
        stack.organization.setRootPassword("100000000002");

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);

        stack.organization.failAlways("AssumeRoot", accessDenied(), { accountId: "100000000002" });
        const [preview, refused] = [
            await stack.preview("--expect-no-changes"),
            await stack.up("--skip-preview --continue-on-error"),
        ];
        stack.organization.clearFaults();

        assert.equal(preview.exitCode, 7, preview.output);
        assert.equal(totalsOf(preview).unreadable, 1);
        assert.equal(refused.exitCode, 1, refused.output);
        assert.match(
            refused.output,
            /account 100000000002 is RESTRICTED, a state that AWS does not document/,
        );
        assert.ok((await stack.resources()).has("100000000002"));
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
        stack.organization.setState("100000000002", "ACTIVE");
    });

    it("keeps an account of which nobody may say that it left, and fails for it", async () => {
        stack.organization.leave("100000000009");
        stack.organization.withholdPermissions(stack.organization.managementAccountId, [
            "organizations:DescribeAccount",
        ]);

        const up = await stack.up("--continue-on-error --skip-preview");

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /recovery of account 100000000009 was not allowed: AWS did not confirm in this run that it is an active member/,
        );
        assert.ok((await stack.resources()).has("100000000009"));
        assert.deepEqual(stack.left(), []);
    });
});

describe("an organization that loses many accounts at once", function () {
    this.timeout(180_000);
    let stack: Stack;
    const ids = Array.from({ length: 16 }, (_, n) => String(100_000_000_000 + n));
    const gone = ids.slice(0, 8);

    before(async () => {
        stack = await Stack.over({ accounts: ids.map((id) => ({ id, name: `account-${id}` })) });
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        for (const id of gone) stack.organization.leave(id);
    });
    after(() => stack?.close());

    it("stops a preview and an up in which more are gone than may be, and names them", async () => {
        const preview = await stack.preview("--expect-no-changes");
        const up = await stack.up("--skip-preview");

        for (const run of [preview, up]) {
            assert.equal(run.exitCode, 1, run.output);
            assert.match(run.output, /8 accounts of this stack are gone at once, and no more than 5 may be:/);
            for (const id of gone)
                assert.match(run.output, new RegExp(`${id} account-${id} has left the organization[,.]`));
            assert.match(run.output, /AWS_PROFILE.*pulumi config set maxRemovals 8/);
        }
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
        assert.equal((await stack.resources()).size, ids.length - 5);
    });

    it("stops the next runs as well, until somebody allows it", async () => {
        const again = [await stack.up("--skip-preview"), await stack.up("--skip-preview")];

        for (const { exitCode, output } of again) {
            assert.equal(exitCode, 1, output);
            assert.match(output, /3 accounts of this stack are gone, and an earlier run has kept 3 of them/);
        }
        assert.equal((await stack.resources()).size, ids.length - 5);

        await stack.pulumi("config set maxRemovals 3");
        const up = await stack.up();
        await stack.pulumi("config rm maxRemovals");

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /has left the organization; nothing is changed there/);
        assert.deepEqual([...(await stack.resources()).keys()].sort(), ids.slice(8));
        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("drops at once as many as may be gone", async () => {
        for (const id of ids.slice(8, 13)) stack.organization.leave(id);

        const up = await stack.up();

        assert.equal(up.exitCode, 0, up.output);
        assert.match(up.output, /has left the organization; it is dropped from the stack/);
        assert.deepEqual([...(await stack.resources()).keys()].sort(), ids.slice(13));
        assert.deepEqual(stack.simulator.requests.of("CreateLoginProfile"), []);
    });

    it("is no obstacle to pulumi destroy", async () => {
        const destroy = await stack.pulumi("destroy --yes --skip-preview");

        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.equal((await stack.resources()).size, 0);
    });
});
