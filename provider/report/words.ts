/** Wording that several formats share. */
import type {
    AccountInReport,
    AccountMark,
    CredentialInReport,
    CredentialKindInReport,
    RemovalInReport,
    Report,
    Totals,
} from "./model";
import type { Outcome } from "./outcome";

export const KINDS: Record<CredentialKindInReport, string> = {
    accessKey: "access key",
    signingCertificate: "signing certificate",
    loginProfile: "password",
    mfaDevice: "MFA device",
};

/** The sign before a mark, for formats without pictures. */
export const SIGNS: Record<AccountMark, string> = {
    drifted: "✖",
    unreadable: "▲",
    "not inspected": "?",
    excepted: "◆",
    acknowledged: "◇",
    clean: "✔",
    "out of scope": "○",
    skipped: "–",
};

/** `access key AKIA...`, `password`. */
export function credentialInWords({ kind, id }: CredentialInReport): string {
    return kind === "loginProfile" ? KINDS[kind] : `${KINDS[kind]} ${id}`;
}

/** `last used 2026-03-01 for s3 in eu-west-1`, `never used`, `last use unknown`; `AWS records no use` if AWS keeps no record for the kind. */
export function lastUseInWords({ lastUsed }: CredentialInReport): string {
    if (lastUsed === undefined) return "AWS records no use";
    if (lastUsed === "never") return "never used";
    if (lastUsed === "unknown") return "last use unknown";
    const where = [lastUsed.service, lastUsed.region].filter(Boolean).join(" in ");
    return `last used ${day(lastUsed.at)}${where && ` for ${where}`}`;
}

/** `active, since 2023-10-02, last used 2026-03-01`. */
export function factsInWords(credential: CredentialInReport): string {
    const { status, created } = credential;
    const facts = [status?.toLowerCase(), created && `since ${day(created)}`, lastUseInWords(credential)];
    return facts.filter(Boolean).join(", ");
}

/** `access key AKIA... and password, in root session ASIA...`. */
export function removalInWords({ credentials, session }: RemovalInReport): string {
    return `${new Intl.ListFormat("en-GB").format(credentials)}, in root session ${session}`;
}

/** The origin of a report. */
export const SOURCES: Record<Report["source"], string> = {
    preview: "a preview of what `pulumi up` would do",
    up: "`pulumi up`",
    audit: "an audit, read-only",
    evidence: "records of writes",
    merged: "several reports",
};

export function day(time: string): string {
    return time.slice(0, 10);
}

/** The first sentence of a report. */
export function verdict(outcome: Outcome, { totals, leaving }: Pick<Report, "totals" | "leaving">): string {
    const drifted = `${counted(totals.drifted, "account")} ${totals.drifted === 1 ? "has" : "have"} drifted`;
    const unseen = totals.unreadable + totals.notInspected;
    const found = [
        totals.drifted > 0 && drifted,
        unseen > 0 && `${counted(unseen, "account")} could not be inspected`,
        leaving.length > 0 &&
            `${counted(leaving.length, "account")} leave${leaving.length === 1 ? "s" : ""} the stack`,
    ].filter((each): each is string => each !== false);
    if (outcome === "clean") {
        const count = totals.acknowledged;
        return count === 0
            ? "Every account in scope was inspected and is as it should be"
            : `Every account in scope is as it should be, except for ${counted(count, "account")} that could not be inspected, as acknowledged`;
    }
    if (found.length > 0) return new Intl.ListFormat("en-GB").format(found);
    if (totals.accounts === 0) return "No account was inspected";
    return outcome === "incomplete" ? "Not everything could be inspected" : "There is something to do";
}

/** `inspected 11 of 12 accounts: 3 clean, 7 drifted, 1 unreadable, 1 not inspected; 2 skipped`. */
export function totalsInWords(totals: Totals): string {
    const parts: [number, string][] = [
        [totals.drifted, "drifted"],
        [totals.unreadable, "unreadable"],
        [totals.notInspected, "not inspected"],
        [totals.excepted, "excepted"],
        [totals.acknowledged, "acknowledged"],
    ];
    const aside: [number, string][] = [
        [totals.outOfScope, "out of scope"],
        [totals.skipped, "skipped"],
    ];
    const listed = (given: [number, string][]) =>
        given.flatMap(([count, what]) => (count > 0 ? [`${grouped(count)} ${what}`] : []));
    return [
        `inspected ${grouped(totals.inspected)} of ${counted(totals.accounts, "account")}: ` +
            [`${grouped(totals.clean)} clean`, ...listed(parts)].join(", "),
        ...(aside.some(([count]) => count > 0) ? [listed(aside).join(", ")] : []),
    ].join("; ");
}

/** `1 account`, `10,000 accounts`. */
export function counted(count: number, noun: string): string {
    return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `10,000`. */
export function grouped(count: number): string {
    return count.toLocaleString("en-GB");
}

/** `111122223333 payments-prod`. */
export function accountInWords({ id, name }: Pick<AccountInReport, "id" | "name">): string {
    return name === id ? id : `${id} ${name}`;
}
