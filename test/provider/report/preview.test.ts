/** What `pulumi preview --json` prints, whole, partial and wrong. On the real engine: test/engine/report.test.ts. */
import assert from "node:assert/strict";
import {
    fingerprintOf,
    NoPreview,
    outcomeOf,
    readPreview,
    type AccountInReport,
} from "pulumi-aws-root-credentials/report";

const GENERATED = "2026-11-28T10:00:00.000Z";
const [A, B, C, D] = ["100000000001", "100000000002", "100000000003", "100000000004"];

const TYPE = "pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent";

interface Given {
    op: string;
    id?: string;
    unit?: string;
    parent?: string;
    onDelete?: string;
}

function step({ op, id = A, unit = "Workloads", parent, onDelete = "allow-recovery" }: Given): object {
    const type = parent === undefined ? TYPE : `${parent}$${TYPE}`;
    const state = {
        type: TYPE,
        inputs: { accountId: id, accountName: `account-${id}`, organizationalUnit: unit, onDelete },
    };
    return {
        op,
        urn: `urn:pulumi:prod::aws-root-credentials::${type}::${id}`,
        ...(op !== "create" && { oldState: state }),
        ...(op !== "delete" && { newState: state }),
    };
}

/** The program's line, with so many accounts clean beside those it names. */
function line(named: Partial<AccountInReport>[], clean: string[]): object {
    const accounts = named.map((each) => ({
        name: `account-${each.id}`,
        organizationalUnit: "Workloads",
        ...each,
    }));
    const findings = { accounts, clean: { accounts: clean.length, fingerprint: fingerprintOf(clean) } };
    return { severity: "info", message: `root-credentials-accounts ${JSON.stringify(findings)}\n` };
}

function read(digest: object) {
    return readPreview(JSON.stringify(digest), "preview.json", GENERATED);
}

describe("Reading a preview", () => {
    it("calls those accounts of the steps clean that the program's line counts and does not name", () => {
        const steps = [A, B, C].map((id) => step({ op: "refresh", id }));

        const report = read({ steps, diagnostics: [line([{ id: B, mark: "drifted" }], [C, A])] });

        assert.deepEqual(
            report.accounts.map(({ id, mark }) => [id, mark]),
            [
                [A, "clean"],
                [B, "drifted"],
                [C, "clean"],
            ],
        );
        assert.equal(report.stack, "aws-root-credentials/prod");
        assert.equal(outcomeOf(report), "findings");
    });

    for (const [what, ids] of [
        ["lacks a step", [A]],
        ["has a step too many", [A, C, D]],
        ["has as many steps, of another account", [A, D]],
    ] as const) {
        it(`calls none of them clean where the document ${what}`, () => {
            const steps = ids.map((id) => step({ op: "same", id }));

            const report = read({ steps, diagnostics: [line([], [A, C])] });

            assert.deepEqual([...new Set(report.accounts.map(({ mark }) => mark))], ["not looked at"]);
            assert.match(
                report.problems.join(),
                /do not fit the program's own count of clean accounts: 2 by its count/,
            );
            assert.equal(outcomeOf(report), "incomplete");
        });
    }

    it("takes the names of now where an account is registered, whichever step comes first", () => {
        const steps = [step({ op: "refresh", unit: "Old" }), step({ op: "update", unit: "New" })];

        const { accounts } = read({ steps, diagnostics: [line([], [A])] });

        assert.deepEqual(accounts, [
            { id: A, name: `account-${A}`, organizationalUnit: "New", mark: "clean" },
        ]);
    });

    it("finds accounts below components", () => {
        const steps = [step({ op: "create", parent: "org:index:OrganizationalUnit" })];

        assert.equal(read({ steps, diagnostics: [line([], [A])] }).totals.clean, 1);
    });

    it("lists what leaves, with what becomes of it, and does not take a replaced or renamed account for one", () => {
        const steps = [
            step({ op: "refresh", id: A }),
            step({ op: "delete", id: A, onDelete: "retain" }),
            step({ op: "delete", id: B }),
            // Renamed: the old one is deleted, the new one is the same account.
            step({ op: "create", id: C }),
            step({ op: "delete", id: C }),
            // Replaced.
            step({ op: "create-replacement", id: D }),
            step({ op: "delete-replaced", id: D }),
        ];

        const report = read({ steps, diagnostics: [line([], [C, D])] });

        assert.deepEqual(
            report.leaving.map(({ id, then }) => [id, then]),
            [
                [A, "retain"],
                [B, "allow-recovery"],
            ],
        );
        assert.deepEqual(
            report.accounts.map(({ id }) => id),
            [C, D],
        );
        assert.equal(outcomeOf(report), "findings");
    });

    it("knows nothing of any account where the preview failed, and says why it did", () => {
        const steps = [step({ op: "refresh" })];
        const diagnostics = [
            { severity: "warning", message: "warning: something else\n" },
            {
                severity: "error",
                message: "\u001b[31merror: \u001b[0mnothing was looked at: no AWS region is set\n",
            },
        ];

        const report = read({ steps, diagnostics });

        assert.deepEqual(report.problems, ["nothing was looked at: no AWS region is set"]);
        assert.equal(report.accounts[0]?.mark, "not looked at");
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("knows nothing where the program's line is missing, and says what to check", () => {
        const report = read({ steps: [step({ op: "same" })], diagnostics: [] });

        assert.match(
            report.problems.join(),
            /no line root-credentials-accounts is among the preview's messages/,
        );
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("keeps an error of the engine beside what was found", () => {
        const diagnostics = [{ severity: "error", message: "error: lost the connection" }, line([], [A])];

        const report = read({ steps: [step({ op: "same" })], diagnostics });

        assert.equal(report.totals.clean, 1);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("counts policies that nobody has told of as not looked at", () => {
        const urn = "urn:pulumi:prod::p::pulumi-nodejs:dynamic/aws-root:BucketPolicyUnlocked::x";
        const newState = { inputs: { accountId: A, bucket: "logs" } };

        const report = read({ steps: [{ op: "create", urn, newState }], diagnostics: [line([], [])] });

        assert.deepEqual(
            report.policies.map(({ resource, finding }) => [resource, finding]),
            [["logs", "not looked at"]],
        );
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("counts what a large organization leaves out without naming it", () => {
        const findings = {
            accounts: [],
            clean: { accounts: 0, fingerprint: fingerprintOf([]) },
            unnamed: { "not in include": 9000 },
        };

        const report = read({
            diagnostics: [{ message: `root-credentials-accounts ${JSON.stringify(findings)}` }],
        });

        assert.equal(report.totals.outOfScope, 9000);
        assert.deepEqual(report.unnamed, findings.unnamed);
    });

    it("overlooks what npm prints before", () => {
        const text = `\n> aws-root-credentials@0.1.0 preview\n> node scripts/pulumi.mjs preview --json\n\n${JSON.stringify({ diagnostics: [line([], [])] }, null, 4)}\n`;

        assert.deepEqual(readPreview(text, "preview.json", GENERATED).problems, []);
    });

    for (const [what, text, says] of [
        ["nothing", "", /preview\.json: expected what pulumi preview --json prints, and it is empty/],
        [
            "what people read",
            "Previewing update (prod):\n + 3 to create\n",
            /it holds no JSON\. Run the preview with --json/,
        ],
        ["half a document", '{\n    "steps": [', /this is no whole JSON document/],
        ["another document", '{"Version": "2012-10-17"}', /this document has neither steps nor diagnostics/],
        ["a stream", '{"sequence":0}\n{"sequence":1}\n', /Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW/],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.throws(
                () => readPreview(text, "preview.json", GENERATED),
                (error) => error instanceof NoPreview && says.test(error.message),
            );
        });
    }
});
