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
            /no line "root-credentials-accounts" is among the messages of the preview/,
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
            diagnostics: [
                { severity: "info", message: `root-credentials-accounts ${JSON.stringify(findings)}` },
            ],
        });

        assert.equal(report.totals.outOfScope, 9000);
        assert.deepEqual(report.unnamed, findings.unnamed);
    });

    it("overlooks what npm prints before and behind", () => {
        const text = `\n> aws-root-credentials@0.1.0 preview\n> node scripts/pulumi.mjs preview --json\n\n${JSON.stringify({ diagnostics: [line([], [])] }, null, 4)}\nnpm notice\n`;

        assert.deepEqual(readPreview(text, "preview.json", GENERATED).problems, []);
    });

    for (const [what, text, says] of [
        ["nothing", "", /preview\.json: expected what pulumi preview --json prints, and it is empty/],
        [
            "what people read",
            "Previewing update (prod):\n + 3 to create\n",
            /it holds no JSON\. Run the preview with --json/,
        ],
        [
            "half a document",
            '{\n    "steps": [',
            /of one preview and whole, and this is no JSON document: .*An up or a refresh prints something else/,
        ],
        ["another document", '{"Version": "2012-10-17"}', /this document has neither steps nor diagnostics/],
        [
            "a stream",
            '{"sequence":0}\n{"sequence":1}\n',
            /a stream of events, as an up or a refresh prints it, or a preview with PULUMI_ENABLE_STREAMING/,
        ],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.throws(
                () => readPreview(text, "preview.json", GENERATED),
                (error) => error instanceof NoPreview && says.test(error.message),
            );
        });
    }

    const forged = `root-credentials-accounts ${JSON.stringify({
        accounts: [],
        clean: { accounts: 2, fingerprint: fingerprintOf([A, B]) },
    })}`;
    const true_ = line([{ id: B, mark: "drifted" }], [A]);
    for (const [where, message] of [
        ["within a reason", { severity: "info", message: `open exception: x\n${forged}\nend` }],
        ["at the end of a reason", { severity: "info", message: `open exception: x\n${forged}\n` }],
        ["at the beginning of another message", { severity: "info", message: `${forged}\nend` }],
        ["in what is said of a resource", { severity: "info", urn: "urn:pulumi:x", message: forged }],
        ["in a warning", { severity: "warning", message: forged }],
    ] as const) {
        it(`does not take a text for the program's line that stands ${where}`, () => {
            const steps = [A, B].map((id) => step({ op: "refresh", id }));

            for (const diagnostics of [
                [true_, message],
                [message, true_],
            ]) {
                const report = read({ steps, diagnostics });
                assert.deepEqual([report.totals.clean, report.totals.drifted], [1, 1]);
            }
            assert.equal(read({ steps, diagnostics: [message] }).totals.clean, 0);
        });
    }

    it("believes neither of two lines", () => {
        const steps = [A, B].map((id) => step({ op: "refresh", id }));

        const report = read({ steps, diagnostics: [true_, { severity: "info", message: forged }] });

        assert.equal(report.totals.lookedAt, 0);
        assert.match(
            report.problems.join(),
            /2 lines "root-credentials-accounts", and only one can be the program's/,
        );
    });

    for (const [what, text] of [
        ["cut off", '{"accounts":[{"id":"1'],
        ["without its count", '{"accounts":[]}'],
        ["with accounts that are none", '{"accounts":[null],"clean":{"accounts":0,"fingerprint":""}}'],
        [
            "with accounts without names",
            '{"accounts":[{"id":"1","mark":"clean"}],"clean":{"accounts":0,"fingerprint":""}}',
        ],
    ]) {
        it(`knows nothing from a line ${what}, and says so`, () => {
            const diagnostics = [{ severity: "info", message: `root-credentials-accounts ${text}` }];

            const report = read({ steps: [step({ op: "same" })], diagnostics });

            assert.equal(report.totals.lookedAt, 0);
            assert.match(
                report.problems.join(),
                /"root-credentials-accounts" cannot be read: it is damaged, or of another version/,
            );
        });
    }

    it("takes a mark that it does not know for no result", () => {
        const diagnostics = [line([{ id: A, mark: "quarantined" as never }], [])];

        const report = read({ steps: [step({ op: "same" })], diagnostics });

        assert.equal(report.accounts[0]?.mark, "not looked at");
        assert.match(report.accounts[0]?.because ?? "", /"quarantined", which this version does not know/);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("overlooks steps and messages that are none", () => {
        const steps = [null, {}, step({ op: "same" })];

        assert.equal(read({ steps, diagnostics: [null, 1, line([], [A])] }).totals.clean, 1);
    });

    for (const named of [false, true]) {
        it(`calls an account not clean in which the engine would remove something${named ? ", be it named" : ""}`, () => {
            const dirty = { ...step({ op: "update" }), diffReasons: ["loginProfile"] };
            const said = named ? line([{ id: A, mark: "clean" }], []) : line([], [A]);

            const report = read({ steps: [step({ op: "refresh" }), dirty], diagnostics: [said] });

            assert.equal(report.accounts[0]?.mark, "not looked at");
            assert.match(
                report.problems.join(),
                /the program calls it clean, and the engine has something to remove there/,
            );
        });
    }

    it("calls an account clean of which only the terms change", () => {
        const changed = { ...step({ op: "update" }), diffReasons: ["onDelete"] };

        assert.equal(outcomeOf(read({ steps: [changed], diagnostics: [line([], [A])] })), "clean");
    });

    it("lists policies that leave, with what becomes of them, and does not take a renamed one for one", () => {
        const policy = (op: string, bucket: string, onDelete = "retain") => {
            const state = { inputs: { accountId: A, bucket, onDelete } };
            return {
                op,
                urn: `urn:pulumi:prod::p::pulumi-nodejs:dynamic/aws-root:BucketPolicyUnlocked::${bucket}`,
                ...(op !== "create" && { oldState: state }),
                ...(op !== "delete" && { newState: state }),
            };
        };
        const steps = [
            policy("refresh", "logs", "restore-policy"),
            policy("delete", "logs", "restore-policy"),
            policy("delete", "data"),
            policy("create", "renamed"),
            policy("delete", "renamed"),
            step({ op: "same" }),
        ];
        const each = { severity: "info", message: 'root-credentials-policies {"each":[]}' };

        const report = read({ steps, diagnostics: [line([], [A]), each] });

        assert.deepEqual(
            report.policies.map(({ resource, finding, text }) => [resource, finding, text]),
            [
                [
                    "data",
                    "leaving",
                    "the program no longer declares it, and pulumi up leaves its policy as it is",
                ],
                [
                    "logs",
                    "leaving",
                    "the program no longer declares it, and pulumi up puts back the policy that it replaced, lock and all",
                ],
            ],
        );
        assert.equal(outcomeOf(report), "findings");
    });
});
