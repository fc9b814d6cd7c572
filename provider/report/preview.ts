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
import { findingsIn, fingerprintOf, type FindingsOfPreview, type Message } from "./preview-lines";

/** This is not what `pulumi preview --json` prints. */
export class NoPreview extends Unusable {
    override readonly name = "NoPreview";
}

/** The part of Pulumi's `PreviewDigest` that is read here. */
interface Digest {
    steps: Step[];
    diagnostics: Message[];
}

interface Step {
    op: string;
    urn: string;
    oldState?: StateOfResource;
    newState?: StateOfResource;
    /** The properties in which old and new inputs differ. */
    diffReasons?: string[];
}

interface StateOfResource {
    inputs?: Record<string, unknown>;
}

/** @param name what people call it: a file's name, or standard input */
export function readPreview(text: string, name: string, generated: string): Report {
    const { steps, diagnostics } = digestIn(text, name);
    const messages = diagnostics.map(({ message = "", ...rest }) => ({
        ...rest,
        message: stripVTControlCharacters(message),
    }));
    const errors = messages.flatMap(({ severity, message }) =>
        severity === "error" ? [inOneSentence(message)] : [],
    );
    const told = findingsIn(messages);
    const declared = declaredIn(steps);
    const { accounts, problems } = told.findings
        ? matched(told.findings, declared.places, steps)
        : unknownAll(declared.places, [...errors, ...told.problems]);
    const policies = policiesIn(steps);
    return reportOf({
        source: "preview",
        generated,
        ...stackOf(steps),
        accounts,
        leaving: declared.leaving,
        policies: [...(told.policies ?? policies.declared), ...policies.leaving],
        problems: [...new Set([...errors, ...told.problems, ...problems])],
        ...(told.findings?.unnamed && { unnamed: told.findings.unnamed }),
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

/**
 * Clean are those that the program has called so, and in which the engine has nothing to remove: no account becomes clean for not being
 * mentioned.
 */
function matched(
    { accounts, clean }: FindingsOfPreview,
    places: Places,
    steps: Step[],
): { accounts: AccountInReport[]; problems: string[] } {
    const named = new Set(accounts.map(({ id }) => id));
    const rest = [...places].filter(([id]) => !named.has(id));
    const fits =
        rest.length === clean.accounts && fingerprintOf(rest.map(([id]) => id)) === clean.fingerprint;
    const changed = toBeCleaned(steps);
    const isClean = (id: string) => fits && !changed.has(id);
    const because = fits
        ? CONTRADICTION
        : "the preview's steps do not fit the program's own count of clean accounts";
    const counted = fits ? "" : `: ${clean.accounts} by its count, ${rest.length} by the steps`;
    const problem = `${because}${counted}. ${WHOLE_PREVIEW}`;
    const found = rest.map(([id, place]): AccountInReport =>
        isClean(id) ? { id, ...place, mark: "clean" } : { id, ...place, mark: "not looked at", because },
    );
    const contradicted = accounts.filter(({ id, mark }) => mark === "clean" && changed.has(id));
    const said = accounts.map((account): AccountInReport =>
        contradicted.includes(account)
            ? { ...account, mark: "not looked at", because: CONTRADICTION }
            : account,
    );
    const whole = rest.every(([id]) => isClean(id)) && fits;
    const problems = [
        ...(whole ? [] : [problem]),
        ...(contradicted.length > 0 ? [`${CONTRADICTION}. ${WHOLE_PREVIEW}`] : []),
    ];
    return { accounts: [...said, ...found], problems };
}

const CONTRADICTION = "the program calls it clean, and the engine has something to remove there";
const WHOLE_PREVIEW =
    "Give this command all that one pulumi preview --json has printed, of the whole stack, and nothing else";

/** Accounts of which the engine says that what they hold is not what is declared. */
function toBeCleaned(steps: Step[]): Set<string> {
    const held = new Set(["loginProfile", "accessKeys", "signingCertificates", "mfaDevices", "auditError"]);
    return new Set(
        steps.flatMap(({ op, urn, newState, diffReasons = [] }) =>
            op !== "refresh" &&
            typeIn(urn) === "RootCredentialsAbsent" &&
            diffReasons.some((each) => held.has(each))
                ? [declarationIn(newState).accountId]
                : [],
        ),
    );
}

function unknownAll(places: Places, errors: string[]): { accounts: AccountInReport[]; problems: string[] } {
    const because = errors.length > 0 ? "the preview failed before it could tell" : NOTHING_TOLD;
    const missing =
        'no line "root-credentials-accounts" is among the messages of the preview: the program of this project prints it at the end of a preview. ' +
        "Check that it was a preview (of an up or a refresh there is no report), and that program and provider are of one version.";
    return {
        accounts: [...places].map(([id, place]) => ({ id, ...place, mark: "not looked at", because })),
        problems: errors.length > 0 ? [] : [missing],
    };
}

/** Policies that the program declares, of which nobody has told anything yet; and those that it lets go. */
function policiesIn(steps: Step[]): { declared: PolicyInReport[]; leaving: PolicyInReport[] } {
    const declared = new Map<string, PolicyInReport>();
    const leaving = new Map<string, PolicyInReport>();
    const registered = new Set<string>();
    for (const { op, urn, oldState, newState } of steps) {
        if (!POLICY_TYPES.has(typeIn(urn) ?? "") || op === "delete-replaced") continue;
        const { accountId, accountName, bucket, queueUrl, onDelete } =
            (op === "delete" ? oldState : newState)?.inputs ?? {};
        const resource = bucket ?? queueUrl;
        if (typeof accountId !== "string" || typeof resource !== "string") continue;
        const key = `${accountId} ${resource}`;
        const which = { accountId, ...(typeof accountName === "string" && { accountName }), resource };
        if (op === "delete") leaving.set(key, { ...which, finding: "leaving", text: leavesWith(onDelete) });
        else declared.set(key, { ...which, finding: "not looked at", text: NOTHING_TOLD });
        if (op !== "delete" && op !== "refresh") registered.add(key);
    }
    // The refresh has looked at those that leave too; and one that is registered anew does not leave.
    for (const key of leaving.keys()) (registered.has(key) ? leaving : declared).delete(key);
    return { declared: [...declared.values()], leaving: [...leaving.values()] };
}

const POLICY_TYPES = new Set(["BucketPolicyUnlocked", "QueuePolicyUnlocked"]);
const NOTHING_TOLD = "the preview does not tell what was found";

function leavesWith(onDelete: unknown): string {
    const then =
        onDelete === "restore-policy"
            ? "pulumi up puts back the policy that it replaced, lock and all"
            : "pulumi up leaves its policy as it is";
    return `the program no longer declares it, and ${then}`;
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

/** Whatever stands before it or behind it: npm prints a few lines of its own. */
function digestIn(text: string, name: string): Digest {
    const begin = text.search(/^\{/m);
    const expected = "expected what pulumi preview --json prints";
    if (begin < 0) {
        const found = text.trim() === "" ? "it is empty" : "it holds no JSON";
        throw new NoPreview(`${name}: ${expected}, and ${found}. Run the preview with --json`);
    }
    const json = text.slice(begin);
    if (/^\{.*\}\s*\n\{/.test(json)) {
        throw new NoPreview(
            `${name}: ${expected} at its end, and this is a stream of events, as an up or a refresh prints it, or a preview with PULUMI_ENABLE_STREAMING_JSON_PREVIEW`,
        );
    }
    const { steps, diagnostics } = documentIn(json, `${name}: ${expected}`);
    if (!Array.isArray(steps) && !Array.isArray(diagnostics))
        throw new NoPreview(`${name}: ${expected}, and this document has neither steps nor diagnostics`);
    return { steps: objectsIn<Step>(steps, "op", "urn"), diagnostics: objectsIn<Message>(diagnostics) };
}

function documentIn(json: string, expected: string): Record<string, unknown> {
    const end = json.lastIndexOf("\n}");
    const documents = end < 0 ? [json] : [json, json.slice(0, end + 2)];
    let because = "";
    for (const document of documents) {
        try {
            return JSON.parse(document) as Record<string, unknown>;
        } catch (error) {
            because ||= error instanceof Error ? error.message : String(error);
        }
    }
    throw new NoPreview(
        `${expected}, of one preview and whole, and this is no JSON document: ${because}. An up or a refresh prints something else`,
    );
}

/** What is no such object would be of a version that nobody here knows; what follows from its absence is "not looked at". */
function objectsIn<T extends object>(list: unknown, ...texts: (keyof T & string)[]): T[] {
    if (!Array.isArray(list)) return [];
    return (list as unknown[]).filter(
        (each): each is T =>
            typeof each === "object" &&
            each !== null &&
            texts.every((key) => typeof (each as Record<string, unknown>)[key] === "string"),
    );
}
