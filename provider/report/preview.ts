/**
 * A report out of what `pulumi preview --json` has printed.
 *
 * The program's own line tells what was found (`preview-lines.ts`); the engine's steps tell which accounts the stack declares, what
 * they are called, and which of them it lets go. Where the two do not fit, an account counts as not looked at.
 */
import { stripVTControlCharacters } from "node:util";
import {
    reportOf,
    type AccountInReport,
    type LeavingAccount,
    type PolicyInReport,
    type Report,
} from "./model";
import { Unusable } from "./unusable";
import { findingsIn, fingerprintOf, type FindingsOfPreview } from "./preview-lines";

/** This is not what `pulumi preview --json` prints. */
export class NoPreview extends Unusable {
    override readonly name = "NoPreview";
}

/** The part of Pulumi's `PreviewDigest` that is read here. */
interface Digest {
    steps?: Step[];
    diagnostics?: { urn?: string; severity?: string; message?: string }[];
}

interface Step {
    op: string;
    urn: string;
    oldState?: StateOfResource;
    newState?: StateOfResource;
}

interface StateOfResource {
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
}

/** @param name what people call it: a file's name, or standard input */
export function readPreview(text: string, name: string, generated: string): Report {
    const { steps = [], diagnostics = [] } = digestIn(text, name);
    const said = diagnostics.map(({ message = "" }) => stripVTControlCharacters(message));
    const errors = diagnostics.flatMap(({ severity }, index) =>
        severity === "error" ? [inOneSentence(said[index] ?? "")] : [],
    );
    const { findings, policies } = findingsIn(said);
    const declared = declaredIn(steps);
    const { accounts, problems } = findings
        ? matched(findings, declared.places)
        : unknownAll(declared.places, errors);
    const unlooked = policies ? [] : policiesIn(steps);
    return reportOf({
        source: "preview",
        generated,
        ...stackOf(steps),
        accounts,
        leaving: declared.leaving,
        policies: policies ?? unlooked,
        problems: [...new Set([...errors, ...problems])],
        ...(findings?.unnamed && { unnamed: findings.unnamed }),
    });
}

type Places = Map<string, Pick<AccountInReport, "name" | "organizationalUnit">>;

/** Which accounts the steps say that the program declares, and which it lets go. */
function declaredIn(steps: Step[]): { places: Places; leaving: LeavingAccount[] } {
    const places: Places = new Map();
    const deleted = new Map<string, LeavingAccount>();
    for (const step of steps) {
        if (typeIn(step.urn) !== "RootCredentialsAbsent") continue;
        if (step.op === "delete") {
            const { accountId, onDelete, ...place } = declarationIn(step.oldState);
            deleted.set(accountId, { id: accountId, ...place, then: onDelete });
        } else if (step.newState && step.op !== "delete-replaced") {
            const { accountId, name, organizationalUnit } = declarationIn(step.newState);
            // What is registered comes after what was refreshed, and has the names of now.
            places.set(accountId, { name, organizationalUnit });
        }
    }
    // The refresh has looked at those that leave too.
    const registered = new Set(
        steps.flatMap(({ op, urn, newState }) =>
            ["refresh", "delete", "delete-replaced"].includes(op) || typeIn(urn) !== "RootCredentialsAbsent"
                ? []
                : [declarationIn(newState).accountId],
        ),
    );
    for (const id of deleted.keys()) {
        if (registered.has(id)) deleted.delete(id);
        else places.delete(id);
    }
    return { places, leaving: [...deleted.values()] };
}

function declarationIn(state: StateOfResource | undefined) {
    const { accountId, accountName, organizationalUnit, onDelete } = state?.inputs ?? {};
    const id = typeof accountId === "string" ? accountId : "";
    return {
        accountId: id,
        name: typeof accountName === "string" && accountName !== "" ? accountName : id,
        organizationalUnit: typeof organizationalUnit === "string" ? organizationalUnit : "",
        onDelete: onDelete === "retain" ? ("retain" as const) : ("allow-recovery" as const),
    };
}

/** Clean are those that the program has called so: no account becomes clean for not being mentioned. */
function matched(
    { accounts, clean }: FindingsOfPreview,
    places: Places,
): { accounts: AccountInReport[]; problems: string[] } {
    const named = new Set(accounts.map(({ id }) => id));
    const rest = [...places].filter(([id]) => !named.has(id));
    if (rest.length === clean.accounts && fingerprintOf(rest.map(([id]) => id)) === clean.fingerprint) {
        const found = rest.map(([id, place]) => ({ id, ...place, mark: "clean" as const }));
        return { accounts: [...accounts, ...found], problems: [] };
    }
    const because = "the preview's steps do not fit the program's own count of clean accounts";
    return {
        accounts: [
            ...accounts,
            ...rest.map(([id, place]) => ({ id, ...place, mark: "not looked at" as const, because })),
        ],
        problems: [
            `${because}: ${clean.accounts} by its count, ${rest.length} by the steps. Give this command all that pulumi preview --json has printed, of the whole stack.`,
        ],
    };
}

function unknownAll(places: Places, errors: string[]): { accounts: AccountInReport[]; problems: string[] } {
    const because =
        errors.length > 0
            ? "the preview failed before it could tell"
            : "the preview does not tell what was found";
    const missing =
        "no line root-credentials-accounts is among the preview's messages: it is printed by this project's program at the end of a preview. " +
        "Check that it was a preview (of an up or a refresh there is no report), and that program and provider are of one version.";
    return {
        accounts: [...places].map(([id, place]) => ({ id, ...place, mark: "not looked at", because })),
        problems: errors.length > 0 ? [] : [missing],
    };
}

/** Policies of which nobody has told anything. */
function policiesIn(steps: Step[]): PolicyInReport[] {
    const found = steps.flatMap(({ op, urn, newState }) => {
        const { accountId, bucket, queueUrl } = newState?.inputs ?? {};
        const resource = bucket ?? queueUrl;
        const isPolicy = typeIn(urn) === "BucketPolicyUnlocked" || typeIn(urn) === "QueuePolicyUnlocked";
        if (!isPolicy || op === "delete" || typeof accountId !== "string" || typeof resource !== "string")
            return [];
        return [[`${accountId} ${resource}`, { accountId, resource }] as const];
    });
    return [...new Map(found).values()].map((each) => ({
        ...each,
        finding: "not looked at",
        text: "the preview does not tell what was found",
    }));
}

/** `RootCredentialsAbsent`, whatever its parents. */
function typeIn(urn: string): string | undefined {
    return urn.split("::")[2]?.split(":").at(-1);
}

function stackOf([step]: Step[]): { stack?: string } {
    const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(step?.urn ?? "") ?? [];
    return stack && project ? { stack: `${project}/${stack}` } : {};
}

function inOneSentence(message: string): string {
    return message.replace(/^error: /, "").trim();
}

/** Whatever stands before it: npm prints a few lines of its own. */
function digestIn(text: string, name: string): Digest {
    const begin = text.search(/^\{/m);
    const expected = "expected what pulumi preview --json prints";
    if (begin < 0) {
        const found = text.trim() === "" ? "it is empty" : "it holds no JSON";
        throw new NoPreview(`${name}: ${expected}, and ${found}. Run the preview with --json`);
    }
    const json = text.slice(begin);
    try {
        const digest = JSON.parse(json) as Digest;
        if (Array.isArray(digest.steps) || Array.isArray(digest.diagnostics)) return digest;
    } catch (error) {
        if (/^\{.*\}\n\{/.test(json)) {
            throw new NoPreview(
                `${name}: ${expected} at its end, and this is a stream of events. Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW`,
                { cause: error },
            );
        }
        const because = error instanceof Error ? error.message : String(error);
        throw new NoPreview(`${name}: ${expected}, and this is no whole JSON document: ${because}`, {
            cause: error,
        });
    }
    throw new NoPreview(`${name}: ${expected}, and this document has neither steps nor diagnostics`);
}
