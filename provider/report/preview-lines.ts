/**
 * How a preview tells each account's result to a machine: a line of its own, beside the short one that counts.
 *
 * `pulumi preview --json` carries no outputs and does not say which accounts are clean, so the program says it. Ten thousand clean
 * accounts are not listed: they are counted and fingerprinted, and are exactly the accounts of the preview's steps that the line
 * does not name. A reader to whom the fingerprint does not fit knows that something is missing.
 */
import { createHash } from "node:crypto";
import { machineLine } from "../printable";
import { isMark, type AccountInReport, type PolicyInReport } from "./model";

const ACCOUNTS = "root-credentials-accounts";
const POLICIES = "root-credentials-policies";

/** More accounts than this that are out of scope are counted by what leaves them out, and not named. */
export const MOST_NAMED = 500;

/** What a preview has found. */
export interface FindingsOfPreview {
    /** Accounts with any mark but `clean`, and those clean ones that the stack knows by another name or unit. */
    accounts: AccountInReport[];
    /** All other clean accounts. */
    clean: { accounts: number; fingerprint: string };
    /** How many accounts out of scope are not named, by what leaves them out. */
    unnamed?: Record<string, number>;
}

/** Of a set of account ids, whatever their order. */
export function fingerprintOf(accountIds: Iterable<string>): string {
    return createHash("sha256")
        .update([...accountIds].sort().join())
        .digest("hex")
        .slice(0, 32);
}

/** The line about accounts. @param isNews whether a clean account has to be named, since the stack does not know where it stands now */
export function lineOfAccounts(
    accounts: AccountInReport[],
    isNews: (account: AccountInReport) => boolean,
): string {
    const outOfScope = accounts.filter(({ mark }) => mark === "out of scope");
    const unnamed =
        outOfScope.length > MOST_NAMED ? countedBy(outOfScope, ({ because = "" }) => because) : {};
    const clean = accounts.filter((each) => each.mark === "clean" && !isNews(each)).map(({ id }) => id);
    const unlisted = new Set(clean);
    const findings: FindingsOfPreview = {
        accounts: accounts.filter(
            ({ id, mark }) =>
                !unlisted.has(id) && !(mark === "out of scope" && outOfScope.length > MOST_NAMED),
        ),
        clean: { accounts: clean.length, fingerprint: fingerprintOf(clean) },
        ...(Object.keys(unnamed).length > 0 && { unnamed }),
    };
    return machineLine(ACCOUNTS, findings);
}

/** The line about policies of buckets and queues: its counts, and each of them. */
export function lineOfPolicies(counts: Record<string, number>, each: PolicyInReport[]): string {
    return machineLine(POLICIES, { ...counts, each });
}

/** One message of a preview, as `pulumi preview --json` has it. */
export interface Message {
    urn?: string;
    severity?: string;
    message?: string;
}

export interface Told {
    findings?: FindingsOfPreview;
    policies?: PolicyInReport[];
    /** Why a line is not believed. */
    problems: string[];
}

/**
 * What a preview's messages tell. A line counts only as the whole of a message of the program about no resource: within other messages
 * stand names and reasons, which may look like one. Where there are two, nobody knows which is true.
 */
export function findingsIn(messages: Message[]): Told {
    const accounts = told(messages, ACCOUNTS, isFindings);
    const policies = told(messages, POLICIES, isPolicies);
    return {
        ...(accounts.found && { findings: withKnownMarks(accounts.found) }),
        ...(policies.found && { policies: policies.found.each }),
        problems: [...accounts.problems, ...policies.problems],
    };
}

function told<T>(
    messages: Message[],
    name: string,
    is: (value: unknown) => value is T,
): { found?: T; problems: string[] } {
    const lines = messages.flatMap(({ urn, severity, message = "" }) => {
        const [line = "", ...more] = message.trimEnd().split("\n");
        const isWhole = line.startsWith(`${name} {`) && more.length === 0;
        return isWhole && severity === "info" && !urn ? [line.slice(name.length)] : [];
    });
    if (lines.length > 1)
        return {
            problems: [`the preview has ${lines.length} lines "${name}", and only one can be the program's`],
        };
    const [line] = lines;
    if (line === undefined) return { problems: [] };
    try {
        const value: unknown = JSON.parse(line);
        if (is(value)) return { found: value, problems: [] };
    } catch {
        // Cut off, or somebody else's.
    }
    return {
        problems: [
            `the preview's line "${name}" cannot be read: it is damaged, or of another version of this program`,
        ],
    };
}

function isFindings(value: unknown): value is FindingsOfPreview {
    const { accounts, clean } = value as Partial<FindingsOfPreview>;
    return (
        Array.isArray(accounts) &&
        accounts.every(
            ({ id, name, organizationalUnit, mark }) =>
                [id, name, organizationalUnit, mark].every((each) => typeof each === "string") && id !== "",
        ) &&
        typeof clean?.accounts === "number" &&
        typeof clean.fingerprint === "string"
    );
}

function isPolicies(value: unknown): value is { each: PolicyInReport[] } {
    const { each } = value as { each?: PolicyInReport[] };
    return (
        Array.isArray(each) &&
        each.every(({ accountId, resource, finding, text }) =>
            [accountId, resource, finding, text].every((part) => typeof part === "string"),
        )
    );
}

/** A mark that is not known here is no result. */
function withKnownMarks({ accounts, ...rest }: FindingsOfPreview): FindingsOfPreview {
    const because = (mark: string) => `the preview calls it "${mark}", which this version does not know`;
    return {
        ...rest,
        accounts: accounts.map((account) =>
            isMark(account.mark)
                ? account
                : { ...account, mark: "not looked at", because: because(account.mark) },
        ),
    };
}

function countedBy<T>(items: T[], key: (item: T) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
    return counts;
}
