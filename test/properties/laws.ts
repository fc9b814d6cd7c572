/** What must hold of every answer and of every call, whatever went wrong. Each law throws a `Violation`. */
import type { RootCredentialOutputs } from "../provider/harness";
import type { LastRemoval } from "../../provider/credentials/state";
import { Violation, type Operation } from "./stack";
import {
    isLook,
    KINDS,
    removalAt,
    WRITES,
    type Holding,
    type Kind,
    type Moment,
    type Witness,
} from "./witness";

/** The part of the record that an operation may draw on: moments by number, `from` inclusive. */
export interface Window {
    from: number;
    moments: readonly Moment[];
}

/** What is claimed was seen, at the last look, in the account itself. Nothing that was there then is left out. */
export function claimsAreSeen(outputs: RootCredentialOutputs, { moments }: Window, ever: Holding): void {
    for (const kind of KINDS) {
        const claimed = claimedOf(outputs, kind);
        if (claimed === "unknown") continue;
        const look = lastLook(outputs.accountId, kind, moments);
        if (!look) {
            violated(
                `${kind} of ${outputs.accountId} is reported as ${list(claimed)}, which nobody looked at`,
            );
        }
        const hidden = look.held[kind].filter((id) => !claimed.includes(id));
        if (hidden.length > 0) {
            violated(
                `${kind} of ${outputs.accountId} is reported as ${list(claimed)}, but at the last look (${named(look)}) ${list(hidden)} was there`,
            );
        }
        const invented = claimed.filter((id) => !ever[kind].includes(id));
        if (invented.length > 0) violated(`${list(invented)} of ${outputs.accountId} was never there`);
    }
}

/**
 * An operation that succeeds leaves the account as desired, and one that does not says why. What is acknowledged and unknown is no
 * failure, if a policy of the account denies it.
 */
export function outcomeIsTold(
    { method, stored, failure }: Operation,
    { exception, excused }: { exception: boolean; excused: boolean },
    { moments }: Window,
): void {
    if (!stored) return;
    const { outputs } = stored;
    const done = isAsDesired(outputs, exception);
    if (method !== "read" && !failure && !done && !(excused && holdsNothingThatIsKnown(outputs, moments))) {
        violated(`${method} succeeded, but stores an account that is not as desired: ${brief(outputs)}`);
    }
    if (failure && done) violated(`${method} failed (${failure.message}), but stores all as desired`);
    if (failure && !failure.message.trim()) violated(`${method} failed without a word`);
    const unknown = KINDS.some((kind) => claimedOf(outputs, kind) === "unknown");
    if (unknown && !outputs.auditError) violated(`something is unknown without a reason: ${brief(outputs)}`);
    if (Boolean(outputs.auditError) !== Boolean(outputs.auditErrorDetail)) {
        violated(`a cause without its story, or the other way round: ${brief(outputs)}`);
    }
}

/** Nothing was seen there, or it was seen gone; and a denial tells why the rest is unknown. */
function holdsNothingThatIsKnown(outputs: RootCredentialOutputs, moments: readonly Moment[]): boolean {
    const { accountId } = outputs;
    const isDenied = moments.some(
        ({ about, errorCode }) => about === accountId && errorCode === "AccessDenied",
    );
    return (
        isDenied &&
        KINDS.every((kind) => {
            const claimed = claimedOf(outputs, kind);
            if (claimed !== "unknown") return claimed.length === 0;
            return (lastLook(accountId, kind, moments)?.held[kind] ?? []).length === 0;
        })
    );
}

/** What is listed as removed was there, was removed by us, and was not there any more at the last look; and nothing is kept quiet. */
export function removalsAreTrue(operation: Operation, window: Window, witness: Witness): void {
    const { stored, before, accountId, method, failure } = operation;
    if (!stored) {
        const quiet = window.moments.find((moment) => moment.about === accountId && removalAt(moment));
        if (quiet && failure && method !== "delete") {
            violated(`${method} removed something from ${accountId} and failed, and nothing of it is stored`);
        }
        return;
    }
    const told = newRemoval(before?.outputs.lastRemoval, stored.outputs.lastRemoval);
    const toldIds = (told?.removed ?? []).map(parse);
    if (told && toldIds.length === 0) violated("a removal of nothing is reported");
    for (const { kind, id } of toldIds) {
        if (!witness.holdingsOf(accountId)[kind].includes(id)) {
            violated(`${kind} ${id} of ${accountId} is reported as removed and was never there`);
        }
        const removedByUs = witness.moments.some((moment) => isRemovalOf(moment, accountId, kind, id));
        if (!removedByUs)
            violated(`${kind} ${id} of ${accountId} is reported as removed, but nobody removed it`);
        const look = lastLook(accountId, kind, window.moments);
        if (!look || look.held[kind].includes(id)) {
            violated(`${kind} ${id} of ${accountId} is reported as removed, but was not seen gone`);
        }
    }
    if (method === "read") return;
    for (const moment of window.moments) {
        const removal = removalAt(moment);
        if (!removal || moment.signer !== accountId) continue;
        const { kind, id } = removal;
        if (claimedOf(stored.outputs, kind) === "unknown" || claimedOf(stored.outputs, kind).includes(id))
            continue;
        if (!toldIds.some((other) => other.kind === kind && other.id === id)) {
            violated(`${kind} ${id} of ${accountId} was removed and is gone, but this is not reported`);
        }
    }
}

/** Gone is an account only if the organization said so. */
export function goneIsSaid({ method, stored, accountId }: Operation, { moments }: Window): void {
    if (method !== "read" || stored) return;
    const said = moments.some(
        ({ action, about, delivered, active, errorCode }) =>
            action === "DescribeAccount" &&
            about === accountId &&
            delivered &&
            !active &&
            (errorCode === undefined || errorCode === "AccountNotFoundException"),
    );
    if (!said) violated(`account ${accountId} is dropped as gone, but Organizations never said so`);
}

/** A delete that succeeds where recovery is wanted has seen the login profile, or was denied it where nothing had been removed. */
export function recoveryIsSeen({ accountId, before }: Operation, { moments }: Window): void {
    if (moments.some(({ about, active }) => about === accountId && !active)) return;
    const denied = moments.some(
        ({ action, about, errorCode }) =>
            action === "CreateLoginProfile" && about === accountId && errorCode === "AccessDenied",
    );
    const outputs = before?.outputs;
    if (denied && outputs?.loginProfile === "unknown" && outputs.lastRemoval === undefined) return;
    const look = lastLook(accountId, "loginProfile", moments);
    if (!look || look.held.loginProfile.length === 0) {
        violated(`recovery of ${accountId} is reported as allowed, but no login profile was seen`);
    }
}

/** What a write may be about in a step. */
export interface Allowed {
    /** The accounts, each with the kinds that may be removed there. */
    removals: ReadonlyMap<string, readonly Kind[]>;
    recoveries: ReadonlySet<string>;
}

/** A write goes to the account that its session was asked for, is wanted there, is recorded first, and leaves no password without MFA. */
export function writeIsAllowed(
    moment: Moment,
    moments: readonly Moment[],
    allowed: Allowed,
    record: () => string,
): void {
    const { action, about, signer, session, target, carriedOut } = moment;
    if (action === "AssumeRoot" && about === MANAGEMENT)
        violated("a root session of the management account is asked for");
    if (!WRITES.test(action)) return;
    if (session === undefined) violated(`${action} is signed with the caller's own credentials`);
    if (about !== signer)
        violated(`${action} was sent to account ${signer} with a session asked for ${about}`);
    const removal = removalAt({ ...moment, carriedOut: true });
    if (!removal && action !== "CreateLoginProfile") violated(`${action} is no write of ours`);
    const accountId = about ?? "";
    const wanted = removal
        ? allowed.removals.get(accountId)?.includes(removal.kind)
        : allowed.recoveries.has(accountId);
    if (!wanted) {
        violated(`${action} in account ${accountId}, where nobody wants it`);
    }
    const id = removal?.id ?? "password";
    const attempt = record()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, string>)
        .some(
            (line) =>
                line["event"] === "attempt" &&
                line["accountId"] === accountId &&
                line["action"] === `iam:${action}` &&
                line["id"] === id &&
                line["session"] === session,
        );
    if (!attempt) violated(`${action} of ${target ?? id} in ${accountId} has no line in the record`);
    if (removal?.kind === "mfaDevices" && carriedOut) {
        const ownMoments = moments.filter(
            (other) => other.session === session && other.number < moment.number,
        );
        const look = lastLook(accountId, "loginProfile", ownMoments);
        if (!look || look.held.loginProfile.length > 0) {
            violated(`an MFA device of ${accountId} was removed while a password may remain`);
        }
    }
}

export const MANAGEMENT = "999988887777";

/**
 * How many calls an operation makes at most: some whatever the account holds, and some for each credential. Every round of
 * listings takes nine calls and two a credential (a page of its own, its last use); looking takes up to four rounds, removing up to six.
 */
const MOST_CALLS: Record<Operation["method"], { always: number; each: number }> = {
    read: { always: 42, each: 8 },
    create: { always: 103, each: 24 },
    update: { always: 61, each: 16 },
    delete: { always: 6, each: 0 },
};

/** How often the clients of root sessions send a call at most; those of the caller send it three times. */
const ATTEMPTS = 5;

/** Whatever goes wrong, an operation sends a bounded number of requests; those that AWS throttled are bounded by time. */
export function requestsAreBounded({ method, accountId }: Operation, window: Window, ever: Holding): void {
    const { always, each } = MOST_CALLS[method];
    const most = ATTEMPTS * (always + each * Object.values(ever).flat().length);
    const sent = requestsOf(accountId, window);
    if (sent > most) violated(`${method} of ${accountId} sends ${sent} requests, more than ${most}`);
}

/** Requests about one account, as many as were not throttled. */
export function requestsOf(accountId: string, { moments }: Window): number {
    return moments.filter(
        ({ about, errorCode }) =>
            about === accountId && errorCode !== "Throttling" && errorCode !== "TooManyRequestsException",
    ).length;
}

/** Nothing is held, and nothing is unknown; in an exception a password, and MFA devices where they are known. */
export function isAsDesired(outputs: RootCredentialOutputs, exception: boolean): boolean {
    if (outputs.auditError !== "") return false;
    return KINDS.every((kind) => {
        const claimed = claimedOf(outputs, kind);
        if (claimed === "unknown") return false;
        if (exception && kind === "loginProfile") return claimed.length === 1;
        return claimed.length === 0 || (exception && kind === "mfaDevices");
    });
}

/** The kinds that may be removed from an account. */
export function removableKinds(exception: boolean): readonly Kind[] {
    return exception ? ["accessKeys", "signingCertificates"] : KINDS;
}

function lastLook(accountId: string, kind: Kind, moments: readonly Moment[]): Moment | undefined {
    return moments.findLast((moment) => moment.about === accountId && isLook(moment, kind));
}

function isRemovalOf(moment: Moment, accountId: string, kind: Kind, id: string): boolean {
    const removal = removalAt(moment);
    return moment.signer === accountId && removal?.kind === kind && removal.id === id;
}

function claimedOf(outputs: RootCredentialOutputs, kind: Kind): string[] | "unknown" {
    if (kind === "loginProfile") {
        return { absent: [], present: ["password"], unknown: "unknown" as const }[outputs.loginProfile];
    }
    const ids = outputs[kind];
    return ids.length === 1 && ids[0] === "unknown" ? "unknown" : ids;
}

function newRemoval(
    before: LastRemoval | undefined,
    after: LastRemoval | undefined,
): LastRemoval | undefined {
    return after && after.session !== before?.session ? after : undefined;
}

function parse(described: string): { kind: Kind; id: string } {
    if (described === "password") return { kind: "loginProfile", id: "password" };
    const [, what, id] = /^(access key|signing certificate|MFA device) (.+)$/.exec(described) ?? [];
    const kinds: Record<string, Kind> = {
        "access key": "accessKeys",
        "signing certificate": "signingCertificates",
        "MFA device": "mfaDevices",
    };
    const kind = kinds[what ?? ""];
    if (!kind || !id) violated(`lastRemoval lists ${described}`);
    return { kind, id };
}

function brief(outputs: RootCredentialOutputs): string {
    const { loginProfile, accessKeys, signingCertificates, mfaDevices, auditError } = outputs;
    return JSON.stringify({ loginProfile, accessKeys, signingCertificates, mfaDevices, auditError });
}

function named({ number, action }: Moment): string {
    return `request ${number + 1}, ${action}`;
}

function list(ids: readonly string[]): string {
    return `[${ids.join(", ")}]`;
}

function violated(what: string): never {
    throw new Violation(what);
}
