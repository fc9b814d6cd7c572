/** docs/refusals.md lists exactly the causes that the program can give. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../temporary-project";
import { providerModule } from "../provider/harness/package";
import { everySample } from "../provider/refusal-samples";

interface Row {
    /** The message, with `…` in place of variable parts. */
    seen: string[];
    reason: string;
}

const ROWS: Row[] = readFileSync(join(PROJECT_ROOT, "docs/refusals.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, seen = "", reason = ""]) => ({ seen: quoted(seen), reason: quoted(reason)[0] ?? "" }));

/** Reasons without a rule, because they are no answer of AWS. An account that cannot be inspected has no reason. */
const WITHOUT_A_RULE = ["record-not-kept", "foreign-organization", "in-use", ""];

describe("docs/refusals.md", () => {
    it("has a row for every reason", () => {
        const { FAILURE_REASONS } = providerModule("aws/errors/rules/rule");

        const missing = FAILURE_REASONS.filter((reason) => !ROWS.some((row) => row.reason === reason));

        assert.deepEqual(missing, []);
    });

    it("has a row for every printed cause, with its reason", () => {
        const { diagnose } = providerModule("aws/errors/diagnose");

        const missing = everySample().flatMap(({ error, attempt }) => {
            const { cause, reason } = diagnose(error, attempt);
            return rowsFor(cause).some((row) => row.reason === reason) ? [] : [`${reason}: ${cause}`];
        });

        assert.deepEqual(missing, []);
    });

    it("has no row for a cause that does not exist", () => {
        const { diagnose } = providerModule("aws/errors/diagnose");
        const given = everySample().map(({ error, attempt }) => diagnose(error, attempt).cause);

        const dead = ROWS.filter(
            (row) =>
                !WITHOUT_A_RULE.includes(row.reason) && !given.some((cause) => rowsFor(cause).includes(row)),
        );

        assert.deepEqual(dead, []);
    });

    it("describes an account's membership in the words of the messages", () => {
        const { describeAbsence } = providerModule("organization/listed-account");
        const states = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"];
        const shown = ROWS.flatMap(({ seen, reason }) => (reason === "" ? seen : []));

        for (const words of [
            describeAbsence({ left: true }),
            describeAbsence({ managementAccount: true }),
            ...states.map((state) => describeAbsence({ state })),
        ]) {
            const line = `account 111122223333 ${words}`;
            assert.ok(
                shown.some((seen) => line.startsWith(seen.replace("…", "111122223333")) || words === seen),
                line,
            );
        }
    });
});

function rowsFor(cause: string): Row[] {
    return ROWS.filter(({ seen }) => seen.some((each) => pattern(each).test(cause)));
}

/** A cause is the message, followed by the call in brackets. */
function pattern(seen: string): RegExp {
    const escaped = seen.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".+");
    return new RegExp(`^${escaped} \\([\\w:]+\\)$`);
}

function quoted(cell: string): string[] {
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}
