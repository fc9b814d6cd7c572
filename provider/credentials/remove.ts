/**
 * Removing root credentials from one account, and looking again.
 *
 * Each kind goes by itself, so that one failure does not shield the rest. What counts is the second listing, not the
 * answers to the deletes.
 */
import { CREDENTIAL_KINDS, credentialKinds, type CredentialKindName } from "./kinds/index";
import type { Credential, CredentialKind } from "./credential";
import { kindsToRemove } from "./desired";
import { listAllKinds } from "./observe";
import { timeouts } from "../process/timeouts";
import type { Caller } from "../organization/preflight";
import { log } from "../process/log";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { inSession, logWrite } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import {
    describeCredential,
    type LastRemoval,
    type CredentialListings,
    type RootCredentialState,
} from "./state";
import { RECENTLY, refuseIfInUse, usedWithin } from "./recent-use";

/** What is left after a removal, what went, and why something stayed. */
export interface Removal {
    listings: CredentialListings;
    removed?: LastRemoval;
    /** For people, in words that follow the account's name. */
    said: string[];
    failures: AwsFailure[];
}

/** AWS has agreed to remove it. */
interface Agreed {
    described: string;
    requestId: string;
}

/** Pauses between listings while something removed is still listed (IAM's reads can lag), in milliseconds. */
const PAUSES_WHILE_READS_LAG = [500, 1_000, 2_000, 4_000];

/** Pauses while AWS refuses a change because another one to the same entity is settling, in milliseconds. */
const PAUSES_WHILE_BUSY = [1_000, 2_000, 4_000];

/** What the program declares that bears on a removal. */
export interface RemovalTerms {
    accountName?: string;
    /** `present`: only the kinds that an exception does not cover are removed. */
    loginProfile: RootCredentialState["loginProfile"];
    refuseIfUsedWithinDays?: number;
    endsException?: boolean;
}

/**
 * Removes what the session's account holds and shall not hold. The session must be of the task `deleteCredentials`.
 *
 * @param seen what this run has listed already; what came since is not removed, and the second listing shows it
 */
export async function removeRootCredentials(
    session: RootSession,
    caller: Caller,
    terms: RemovalTerms,
    seen: Partial<CredentialListings> = {},
): Promise<Removal> {
    await session.assertOwnAccount();
    const names = kindsToRemove(terms);
    const before = await listAllKinds(session, seen);
    announceRecentlyUsed(names, before, session, terms);
    const refused = new Map<CredentialKindName, AwsFailure[]>();
    const agreed = new Map<string, Agreed>();
    const tried = new Set<string>();
    for (const name of names) {
        const listing = before[name];
        // What cannot be listed cannot be removed. If the last listing shows it after all, this is the reason it stayed.
        if ("failure" in listing) {
            refused.set(name, [listing.failure]);
            continue;
        }
        const { credentials } = listing;
        const keepMfa =
            name === "mfaDevices" &&
            credentials.length > 0 &&
            (await passwordMayRemain(before, refused, session, seen));
        const failures: AwsFailure[] = [];
        for (const credential of credentials) {
            const kept =
                refuseIfInUse(name, credential, { ...terms, accountId: session.accountId }) ??
                (keepMfa ? keptBesidePassword(CREDENTIAL_KINDS[name], credential, session) : undefined);
            if (!kept) tried.add(`${name} ${credential.id}`);
            const answer = kept ?? (await remove(name, credential, session, caller));
            if ("reason" in answer) failures.push(answer);
            else agreed.set(`${name} ${credential.id}`, answer);
        }
        if (failures.length > 0) refused.set(name, failures);
    }
    const after = await listedAfter(agreed, session);
    const gone = goneBetween(names, before, after, tried);
    const removed = [...gone.values()];
    return {
        listings: after,
        said: inSentences(gone, agreed, session),
        failures: names.flatMap((name) =>
            held(after, name).length > 0
                ? reasonsFor(name, after, refused, agreed, session)
                : [...lostSight(name, before, after), ...unrecorded(refused.get(name))],
        ),
        ...(removed.length > 0 && {
            removed: { at: new Date().toISOString(), removed, session: session.accessKeyId, by: caller.arn },
        }),
    };
}

/** Nobody may be looking at a preview. So what was used lately is told before it goes, and not only after. */
function announceRecentlyUsed(
    names: CredentialKindName[],
    before: CredentialListings,
    { accountId }: RootSession,
    terms: RemovalTerms,
): void {
    const recent = names.flatMap((name) =>
        held(before, name)
            .filter(
                (each) =>
                    usedWithin(each, RECENTLY) === true &&
                    !refuseIfInUse(name, each, { ...terms, accountId }),
            )
            .map((each) => describeCredential(name, each)),
    );
    if (recent.length === 0) return;
    const account = terms.accountName ? `${accountId} (${terms.accountName})` : accountId;
    log(
        `account ${account}: about to remove what was used in the last ${RECENTLY} days: ${recent.join(", ")}`,
    );
}

async function remove(
    name: CredentialKindName,
    { id }: Credential,
    session: RootSession,
    caller: Caller,
): Promise<AwsFailure | Agreed> {
    const kind = CREDENTIAL_KINDS[name];
    const { accountId, accessKeyId } = session;
    const write = {
        accountId,
        action: kind.removeAction,
        kind: name,
        id,
        caller: caller.arn,
        session: accessKeyId,
    };
    try {
        const { requestId } = await whileBusy(() => logWrite(write, () => kind.remove(session.iam, id)));
        return { described: kind.describe(id), requestId };
    } catch (error) {
        return diagnose(error, { accountId, action: kind.removeAction });
    }
}

async function whileBusy<T>(write: () => Promise<T>): Promise<T> {
    for (const pause of PAUSES_WHILE_BUSY) {
        try {
            return await write();
        } catch (error) {
            const busy =
                error instanceof Error &&
                /^(EntityTemporarilyUnmodifiable|ConcurrentModification)/.test(error.name);
            if (!busy) throw error;
            await timeouts.pause(pause);
        }
    }
    return write();
}

/** MFA devices stay while the password may: better a password with MFA than one without. What was seen before this session is not enough. */
async function passwordMayRemain(
    before: CredentialListings,
    refused: Map<CredentialKindName, AwsFailure[]>,
    session: RootSession,
    seen: Partial<CredentialListings>,
): Promise<boolean> {
    const listedNow = !seen.loginProfile && "credentials" in before.loginProfile;
    if (listedNow && held(before, "loginProfile").length === 0) return false;
    if (refused.has("loginProfile")) return true;
    for (const pause of [0, ...PAUSES_WHILE_READS_LAG]) {
        await timeouts.pause(pause);
        try {
            if ((await CREDENTIAL_KINDS.loginProfile.list(session.iam)).length === 0) return false;
        } catch {
            return true; // whoever may not look cannot say that it is gone; the listing at the end reports why
        }
    }
    return true;
}

/** Lists until nothing is left that AWS agreed to remove. A refused removal is not a lagging read, and waiting does not help it. */
async function listedAfter(agreed: Map<string, Agreed>, session: RootSession): Promise<CredentialListings> {
    let after = await listAllKinds(session);
    for (const pause of PAUSES_WHILE_READS_LAG) {
        const lagging = credentialKinds().some(([name]) =>
            held(after, name).some(({ id }) => agreed.has(`${name} ${id}`)),
        );
        if (!lagging) break;
        await timeouts.pause(pause);
        after = await listAllKinds(session);
    }
    return after;
}

/** Why a kind is still there: what was refused, what AWS agreed to remove and still lists, what appeared meanwhile. */
function reasonsFor(
    name: CredentialKindName,
    after: CredentialListings,
    refused: Map<CredentialKindName, AwsFailure[]>,
    agreed: Map<string, Agreed>,
    { accountId }: RootSession,
): AwsFailure[] {
    const kind = CREDENTIAL_KINDS[name];
    const failures = refused.get(name) ?? [];
    const unexplained = held(after, name).filter(
        ({ id }) => failures.length === 0 || agreed.has(`${name} ${id}`),
    );
    const stillListed = unexplained.map(({ id }) => ({
        reason: "other" as const,
        cause: `${kind.describe(id)} is still listed (${kind.listAction})`,
        detail: `${kind.describe(id)} is still listed in account ${accountId} after the removal: AWS has not caught up, or somebody created it meanwhile. Run again.`,
    }));
    return [...failures, ...stillListed];
}

/** A credential that was there, and that the second listing can no longer show or rule out. */
function lostSight(
    name: CredentialKindName,
    before: CredentialListings,
    after: CredentialListings,
): AwsFailure[] {
    const listing = after[name];
    return "failure" in listing && held(before, name).length > 0 ? [listing.failure] : [];
}

/** What went without its record is told even though it went. */
function unrecorded(failures: AwsFailure[] = []): AwsFailure[] {
    return failures.filter(({ reason }) => reason === "record-not-kept");
}

function keptBesidePassword(
    kind: CredentialKind,
    { id }: Credential,
    { accountId }: RootSession,
): AwsFailure {
    const cause = `${kind.describe(id)} kept while a password may remain (${kind.removeAction})`;
    return {
        reason: "other",
        cause,
        detail: `In account ${accountId}, ${cause}. It goes once the password is gone.`,
    };
}

function held(listings: CredentialListings, name: CredentialKindName): Credential[] {
    const listing = listings[name];
    return "credentials" in listing ? listing.credentials : [];
}

/** What was tried, and the second listing positively no longer shows. What was kept and is gone all the same went by another hand. */
function goneBetween(
    names: CredentialKindName[],
    before: CredentialListings,
    after: CredentialListings,
    tried: Set<string>,
): Map<string, string> {
    const gone = names.flatMap((name) => {
        if ("failure" in after[name]) return [];
        const kind = CREDENTIAL_KINDS[name];
        const left = new Set(held(after, name).map(({ id }) => id));
        return held(before, name).flatMap(({ id }) =>
            left.has(id) || !tried.has(`${name} ${id}`)
                ? []
                : [[`${name} ${id}`, kind.describe(id)] as const],
        );
    });
    return new Map(gone);
}

/** An answer of AWS alone does not make a credential removed. */
function inSentences(
    gone: Map<string, string>,
    agreed: Map<string, Agreed>,
    { accessKeyId }: RootSession,
): string[] {
    const requests = [...gone.keys()].map((key) => agreed.get(key)?.requestId ?? "");
    const unseen = [...agreed].flatMap(([key, answer]) => (gone.has(key) ? [] : [answer]));
    const unconfirmed = unseen.map(({ described }) => described).join(", ");
    return [
        ...(gone.size > 0
            ? [`removed ${[...gone.values()].join(", ")} ${inSession(accessKeyId, requests)}`]
            : []),
        ...(unseen.length > 0
            ? [
                  `AWS agreed to remove ${unconfirmed} ${inSession(
                      accessKeyId,
                      unseen.map(({ requestId }) => requestId),
                  )}, but a second listing does not confirm it`,
              ]
            : []),
    ];
}
