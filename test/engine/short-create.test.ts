/** The row of a create shows what the program says of the account, and later runs still compare every property. */
import assert from "node:assert/strict";
import { Stack, type Run } from "./stack";

const [PAYMENTS, LOGS] = ["100000000001", "100000000002"] as const;

describe("The row of an account that is new to the stack", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments", root: { password: {} } },
                { id: LOGS, name: "logs" },
            ],
        });
    });
    after(() => stack?.close());

    const declare = (given: string, options = "", name = "x") =>
        stack.program(`
            const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
            new RootCredentialsAbsent("${name}", ${given}, { ${options} });`);
    const clean = `{ accountId: "${PAYMENTS}", accountName: "payments" }`;

    it("shows the declared properties and no other", async () => {
        declare(clean);

        const preview = await stack.preview();

        assert.deepEqual(propertiesIn(preview), [
            `accountId : "${PAYMENTS}"`,
            'accountName: "payments"',
            'onDelete : "allow-recovery"',
        ]);
    });

    it("shows the exception of an account that up is going to open", async () => {
        declare(
            `{ accountId: "${LOGS}", loginProfile: "present", until: "2099-01-01T00:00:00Z", reason: "tax" }`,
        );

        const preview = await stack.preview();

        assert.deepEqual(propertiesIn(preview), [
            `accountId : "${LOGS}"`,
            'loginProfile: "present"',
            'onDelete : "allow-recovery"',
            'reason : "tax"',
            'until : "2099-01-01T00:00:00Z"',
        ]);
    });

    it("is followed by runs whose rows show no difference, under an alias too", async () => {
        declare(clean);
        const up = await stack.up("--skip-preview");
        const rows = [
            await stack.pulumi("preview --expect-no-changes"),
            await stack.pulumi("up --yes --skip-preview"),
            await stack.pulumi("preview --expect-no-changes"),
        ];
        for (const { exitCode, output } of rows) {
            assert.equal(exitCode, 0, output);
            assert.doesNotMatch(output, /\[diff: /);
        }
        const unchanged = await stack.preview("--expect-no-changes");
        declare(clean, 'aliases: [{ name: "x" }]', "y");
        const renamed = await stack.preview("--expect-no-changes");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        for (const { exitCode, output } of [unchanged, renamed]) assert.equal(exitCode, 0, output);
    });

    for (const options of ["", "deleteBeforeReplace: true"]) {
        it(`names the account alone if another one takes its place (${options || "create before delete"})`, async () => {
            declare(`{ accountId: "${LOGS}", accountName: "payments" }`, options);

            const preview = await stack.preview();

            assert.deepEqual(propertiesIn(preview), [`~ accountId: "${PAYMENTS}" => "${LOGS}"`]);
        });
    }

    it("is followed by runs that show drift property by property", async () => {
        declare(clean);
        stack.organization.setRootPassword(PAYMENTS);

        const preview = await stack.preview(`--expect-no-changes --target ${stack.urn("x")}`);

        assert.equal(preview.exitCode, 7, preview.output);
        assert.deepEqual(propertiesIn(preview), ['~ loginProfile: "present" => "absent"']);
    });

    it("is followed by an up that removes the drift, and by runs without a difference", async () => {
        const up = await stack.pulumi("up --yes --skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stack.left(), []);
        const preview = await stack.pulumi("preview --expect-no-changes");
        assert.equal(preview.exitCode, 0, preview.output);
        assert.doesNotMatch(preview.output, /\[diff: /);
    });

    it("is followed by an up that changes one term alone", async () => {
        declare(`{ accountId: "${PAYMENTS}", accountName: "payments", onDelete: "retain" }`);

        const preview = await stack.preview();
        const up = await stack.up("--skip-preview");

        assert.deepEqual(propertiesIn(preview), ['~ onDelete: "allow-recovery" => "retain"']);
        assert.equal(up.exitCode, 0, up.output);
    });
});

/** Of the one resource that changes, as the engine shows them in a preview. */
function propertiesIn({ exitCode, output }: Run): string[] {
    const [, row] =
        /RootCredentialsAbsent: \((?:create|update|replace)\)\n([^]*?)\nResources:/.exec(output) ?? [];
    assert.ok(row !== undefined, `${exitCode}: ${output}`);
    const lines = row.split("\n").map((line) => line.trim().replace(/ +/g, " "));
    return lines.filter((line) => line !== "" && !/^\[(urn|id)=/.test(line));
}
