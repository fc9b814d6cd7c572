/**
 * The removal of an account's root credentials. Each kind is removed by itself, so a failure of one kind does not stop the
 * others. A credential counts as removed only if a second listing no longer shows it.
 */
import type { AwsFailure } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import type { Caller } from "../organization/preflight";
import { log } from "../process/log";
import type { Credential } from "./credential";
import { describeCredential } from "./describe";
import { kindsToRemove } from "./desired";
import type { CredentialKindName } from "./kinds/index";
import { listAllKinds } from "./list-kinds";
import { mfaKeptWithPassword, passwordMayRemain } from "./mfa-with-password";
import { RECENT_DAYS, refuseIfInUse, usedWithin } from "./recent-use";
import { credentialKey, removeOne, type AcceptedRemoval } from "./remove-one";
import type { CredentialListings, LastRemoval, RootCredentialState } from "./state";
import {
    confirmedRemovals,
    credentialsOf,
    failuresOf,
    listUntilGone,
    removalMessages,
} from "./verify-removal";

/** The account's listings after a removal, the removed credentials, and the reasons why others were kept. */
export interface Removal {
    listings: CredentialListings;
    removed?: LastRemoval;
    /** For people. Each follows the account's name. */
    messages: string[];
    failures: AwsFailure[];
}

/** The settings of the program that concern a removal. */
export interface RemovalSettings {
    accountName?: string;
    /** `present`: only the kinds that an exception does not cover are removed. */
    loginProfile: RootCredentialState["loginProfile"];
    refuseIfUsedWithinDays?: number;
    exceptionHasEnded?: boolean;
}

/**
 * Removes the credentials that the session's account must not have. The session must be of the task `deleteCredentials`.
 *
 * @param known listings of this run. A credential that was created since is not removed, and the second listing shows it.
 */
export async function removeRootCredentials(
    session: RootSession,
    caller: Caller,
    settings: RemovalSettings,
    known: Partial<CredentialListings> = {},
): Promise<Removal> {
    await session.assertOwnAccount();
    const names = kindsToRemove(settings);
    const before = await listAllKinds(session, known);
    announceRecentlyUsed(names, before, session, settings);
    const refused = new Map<CredentialKindName, AwsFailure[]>();
    const accepted = new Map<string, AcceptedRemoval>();
    const tried = new Set<string>();
    for (const name of names) {
        const listing = before[name];
        // A kind that cannot be listed cannot be removed. If the last listing shows it, this failure is the reason.
        if ("failure" in listing) {
            refused.set(name, [listing.failure]);
            continue;
        }
        const { credentials } = listing;
        const keepMfa =
            name === "mfaDevices" &&
            credentials.length > 0 &&
            (await passwordMayRemain(before, refused, session, known));
        const failures: AwsFailure[] = [];
        for (const credential of credentials) {
            const kept =
                refuseIfInUse(name, credential, { ...settings, accountId: session.accountId }) ??
                (keepMfa ? mfaKeptWithPassword(credential, session) : undefined);
            if (!kept) tried.add(credentialKey(name, credential));
            const result = kept ?? (await removeOne(name, credential, session, caller));
            if ("reason" in result) failures.push(result);
            else accepted.set(credentialKey(name, credential), result);
        }
        if (failures.length > 0) refused.set(name, failures);
    }
    const after = await listUntilGone(accepted, session);
    const gone = confirmedRemovals(names, before, after, tried);
    const removed = [...gone.values()];
    return {
        listings: after,
        messages: removalMessages(gone, accepted, session),
        failures: names.flatMap((name) => failuresOf(name, { before, after, refused, accepted }, session)),
        ...(removed.length > 0 && {
            removed: { at: new Date().toISOString(), removed, session: session.accessKeyId, by: caller.arn },
        }),
    };
}

/** Prints recently used credentials before their removal, because the operator may not have read the preview. */
function announceRecentlyUsed(
    names: CredentialKindName[],
    before: CredentialListings,
    { accountId }: RootSession,
    settings: RemovalSettings,
): void {
    const isRecent = (name: CredentialKindName, credential: Credential) =>
        usedWithin(credential, RECENT_DAYS) === true &&
        !refuseIfInUse(name, credential, { ...settings, accountId });
    const recent = names.flatMap((name) =>
        credentialsOf(before, name)
            .filter((each) => isRecent(name, each))
            .map((each) => describeCredential(name, each)),
    );
    if (recent.length === 0) return;
    const account = settings.accountName ? `${accountId} (${settings.accountName})` : accountId;
    log(
        `account ${account}: about to remove credentials that were used in the last ${RECENT_DAYS} days: ${recent.join(", ")}`,
    );
}
