/**
 * How a preview tells each account's result to a machine: a line of its own, beside the short one that counts.
 *
 * `pulumi preview --json` carries no outputs and does not say which accounts are clean, so the program says it. Ten thousand clean
 * accounts are not listed: they are counted and fingerprinted, and are exactly the accounts of the preview's steps that the line
 * does not name. A reader to whom the fingerprint does not fit knows that something is missing.
 */
import { createHash } from "node:crypto";
import type { AccountInReport, PolicyInReport } from "./model";

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
    return `${ACCOUNTS} ${JSON.stringify(findings)}`;
}

/** The line about policies of buckets and queues: its counts, and each of them. */
export function lineOfPolicies(counts: Record<string, number>, each: PolicyInReport[]): string {
    return `${POLICIES} ${JSON.stringify({ ...counts, each })}`;
}

/** What the lines among a preview's messages tell; undefined for what none tells. Of several lines, the last. */
export function findingsIn(messages: Iterable<string>): {
    findings?: FindingsOfPreview;
    policies?: PolicyInReport[];
} {
    let findings: FindingsOfPreview | undefined;
    let policies: PolicyInReport[] | undefined;
    for (const message of messages) {
        findings = (told(message, ACCOUNTS) as FindingsOfPreview | undefined) ?? findings;
        policies = (told(message, POLICIES) as { each?: PolicyInReport[] } | undefined)?.each ?? policies;
    }
    return { ...(findings && { findings }), ...(policies && { policies }) };
}

function told(message: string, name: string): object | undefined {
    const line = message.split("\n").find((each) => each.startsWith(`${name} {`));
    return line === undefined ? undefined : (JSON.parse(line.slice(name.length)) as object);
}

function countedBy<T>(items: T[], key: (item: T) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
    return counts;
}
