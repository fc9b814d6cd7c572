/** Break-glass on the real engine: an account is opened by a setting, and is drift again once the setting's time has come. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { credentialsOf, Stack, totalsOf } from "./stack";

const PAYMENTS = "111122223333";
const LOGS = "222233334444";

const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();

describe("an exception in the settings", function () {
    this.timeout(300_000);
    let stack: Stack;

    before(async () => {
        const accounts = [
            { id: PAYMENTS, name: "payments", unit: "Workloads" },
            { id: LOGS, name: "logs", root: { accessKeys: [{}] } },
        ];
        stack = await Stack.over({ accounts });
        assert.equal((await stack.up("--skip-preview")).exitCode, 0);
        assert.deepEqual(stack.left(), []);
    });
    after(() => stack?.close());

    const declare = async (exception: Record<string, string>, index = 0) => {
        for (const [key, value] of Object.entries(exception)) {
            const { exitCode, output } = await stack.pulumi(
                `config set --path exceptions[${index}].${key} ${value}`,
            );
            assert.equal(exitCode, 0, output);
        }
    };

    it("is refused without its end, and nothing is opened", async () => {
        await declare({ account: PAYMENTS, reason: "tax-form" });

        const up = await stack.up("--skip-preview");

        assert.notEqual(up.exitCode, 0);
        assert.match(
            up.output,
            /exceptions\[0\]\.until is missing: expected an ISO 8601 time with its time zone/,
        );
        assert.deepEqual(stack.left(), []);
    });

    it("is shown in a preview, with what it will do, and changes nothing yet", async () => {
        await declare({ until: inDays(30) });

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /\+ *loginProfile *: "present"|loginProfile *: "absent" => "present"/);
        assert.match(
            preview.output,
            /◆ 111122223333 payments +excepted\n +pulumi up opens it until .*: tax-form/,
        );
        assert.match(preview.output, /2 of 2 accounts inspected: 1 excepted, 1 clean; /);
        assert.deepEqual(stack.left(), []);
    });

    it("opens the one account", async () => {
        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [`${PAYMENTS} password password`]);
        assert.match(
            up.output,
            /111122223333 \(payments\): password recovery is allowed in root session .*The exception ends at .* \(tax-form\)/,
        );
    });

    it("makes a password and an MFA device no drift, and is listed with every preview", async () => {
        stack.organization.setRootPassword(PAYMENTS);
        stack.organization
            .account(PAYMENTS)
            .root.mfaDevices.push({ serial: "GAHT00000001", enabled: new Date() });

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(preview.output, /◆ 111122223333 payments +excepted\n +exception until .*: tax-form/);
        assert.partialDeepStrictEqual(totalsOf(preview), {
            clean: 1,
            drifted: 0,
            unreadable: 0,
            excepted: 1,
        });
    });

    it("does not cover access keys: one is drift, and goes, and the password stays", async () => {
        const key = stack.organization.createRootAccessKey(PAYMENTS);

        const preview = await stack.preview("--expect-no-changes");
        assert.equal(preview.exitCode, 7, preview.output);
        assert.ok(credentialsOf(preview, PAYMENTS).includes(`accessKey ${key}`), preview.output);
        assert.doesNotMatch(preview.output, /- \[0\]: "GAHT00000001"/);

        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), [
            `${PAYMENTS} password password`,
            `${PAYMENTS} mfaDevice GAHT00000001`,
        ]);
    });

    it("ends by itself: the next preview shows what is left, and up removes the new password and MFA device", async () => {
        const end = Date.now() + 60_000;
        await declare({ until: new Date(end).toISOString() });
        const open = await stack.up("--skip-preview");
        assert.equal(open.exitCode, 0, open.output);
        assert.equal(stack.left().length, 2, "still open");
        await sleep(Math.max(0, end - Date.now()));

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.match(preview.output, /loginProfile *: "present" => "absent"/);
        assert.match(
            preview.output,
            /warning: ended exception: 111122223333 payments since .*Take it out of the setting/,
        );
        assert.deepEqual(credentialsOf(preview, PAYMENTS), [
            "loginProfile password",
            "mfaDevice GAHT00000001",
        ]);

        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
    });

    it("of an account that is not in the organization stops the run", async () => {
        await declare({ account: "555566667777", until: inDays(1) });

        const up = await stack.up("--skip-preview");

        assert.notEqual(up.exitCode, 0);
        assert.match(
            up.output,
            /exceptions names account 555566667777 .*expected an account of this organization/,
        );
        assert.deepEqual(stack.left(), []);
    });
});

describe("an exception in a program of one's own", function () {
    this.timeout(120_000);

    it("ends by the program's clock, even where its end is an output", async () => {
        const stack = await Stack.over({ accounts: [{ id: PAYMENTS, name: "payments" }] });
        try {
            const program = (until: string) => `
                const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
                const pulumi = require("@pulumi/pulumi");
                new RootCredentialsAbsent("x", {
                    accountId: "${PAYMENTS}", loginProfile: "present", until: pulumi.output("${until}"), reason: "tax form",
                });`;
            stack.program(program(inDays(1)));
            const open = await stack.up("--skip-preview");
            assert.equal(open.exitCode, 0, open.output);
            assert.deepEqual(stack.left(), [`${PAYMENTS} password password`]);

            stack.program(program(inDays(-1)));
            const closed = await stack.up("--skip-preview");
            assert.equal(closed.exitCode, 0, closed.output);
            assert.deepEqual(stack.left(), []);
            assert.equal((await stack.preview("--expect-no-changes")).exitCode, 0);
        } finally {
            await stack.close();
        }
    });
});
