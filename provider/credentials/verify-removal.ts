/** The listings after a removal, and what they confirm. An accepted call alone does not make a credential removed. */
import type { AwsFailure } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import { inSession } from "../aws/write-log";
import { timeouts } from "../process/timeouts";
import type { Credential } from "./credential";
import { CREDENTIAL_KINDS, credentialKinds, type CredentialKindName } from "./kinds/index";
import { listAllKinds } from "./list-kinds";
import { credentialKey, type AcceptedRemoval } from "./remove-one";
import type { CredentialListings } from "./state";

/** Pauses between listings while a removed credential is still listed, because IAM's reads can lag. Milliseconds. */
export const PAUSES_WHILE_READS_LAG = [500, 1_000, 2_000, 4_000];

/** The credentials of one kind. None if the kind could not be listed. */
export function credentialsOf(listings: CredentialListings, name: CredentialKindName): Credential[] {
    const listing = listings[name];
    return "credentials" in listing ? listing.credentials : [];
}

/** Lists until no credential is left whose removal AWS has accepted. Refused removals are not waited for. */
export async function listUntilGone(
    accepted: Map<string, AcceptedRemoval>,
    session: RootSession,
): Promise<CredentialListings> {
    let after = await listAllKinds(session);
    for (const pause of PAUSES_WHILE_READS_LAG) {
        const isLagging = credentialKinds().some(([name]) =>
            credentialsOf(after, name).some((each) => accepted.has(credentialKey(name, each))),
        );
        if (!isLagging) break;
        await timeouts.pause(pause);
        after = await listAllKinds(session);
    }
    return after;
}

/**
 * Descriptions, by key, of the credentials that this run tried to remove and that the second listing no longer shows.
 * If a kept credential is gone too, somebody else has removed it.
 */
export function confirmedRemovals(
    names: CredentialKindName[],
    before: CredentialListings,
    after: CredentialListings,
    tried: Set<string>,
): Map<string, string> {
    const gone = names.flatMap((name) => {
        if ("failure" in after[name]) return [];
        const left = new Set(credentialsOf(after, name).map(({ id }) => id));
        return credentialsOf(before, name).flatMap((credential) => {
            const key = credentialKey(name, credential);
            const { id } = credential;
            return left.has(id) || !tried.has(key)
                ? []
                : [[key, CREDENTIAL_KINDS[name].describe(id)] as const];
        });
    });
    return new Map(gone);
}

/** The course of one removal. */
interface Course {
    before: CredentialListings;
    after: CredentialListings;
    refused: Map<CredentialKindName, AwsFailure[]>;
    accepted: Map<string, AcceptedRemoval>;
}

/** The failures of one kind. */
export function failuresOf(name: CredentialKindName, course: Course, session: RootSession): AwsFailure[] {
    if (credentialsOf(course.after, name).length > 0) return failuresOfLeft(name, course, session);
    // If AWS accepted the removal and the write log failed, the failure is reported although the credential is gone.
    const ofWriteLog = (course.refused.get(name) ?? []).filter(({ reason }) => reason === "record-not-kept");
    return [...newlyUnreadable(name, course), ...ofWriteLog];
}

/** The credentials that are left were refused, or AWS still lists them after an accepted call, or they are new. */
function failuresOfLeft(
    name: CredentialKindName,
    { after, refused, accepted }: Course,
    { accountId }: RootSession,
): AwsFailure[] {
    const kind = CREDENTIAL_KINDS[name];
    const failures = refused.get(name) ?? [];
    const unexplained = credentialsOf(after, name).filter(
        (each) => failures.length === 0 || accepted.has(credentialKey(name, each)),
    );
    const stillListed = unexplained.map(({ id }) => ({
        reason: "other" as const,
        cause: `${kind.describe(id)} is still listed (${kind.listAction})`,
        detail: `${kind.describe(id)} is still listed in account ${accountId} after the removal: AWS has not caught up, or somebody created it meanwhile. Run again.`,
    }));
    return [...failures, ...stillListed];
}

/** The first listing showed a credential, and the second listing failed. So the credential is unknown now. */
function newlyUnreadable(name: CredentialKindName, { before, after }: Course): AwsFailure[] {
    const listing = after[name];
    return "failure" in listing && credentialsOf(before, name).length > 0 ? [listing.failure] : [];
}

/** Sentences about confirmed removals, and about accepted ones that the second listing does not confirm. */
export function removalMessages(
    gone: Map<string, string>,
    accepted: Map<string, AcceptedRemoval>,
    { accessKeyId }: RootSession,
): string[] {
    const requests = [...gone.keys()].map((key) => accepted.get(key)?.requestId ?? "");
    const unconfirmed = [...accepted].flatMap(([key, removal]) => (gone.has(key) ? [] : [removal]));
    const messages: string[] = [];
    if (gone.size > 0)
        messages.push(`removed ${[...gone.values()].join(", ")} ${inSession(accessKeyId, requests)}`);
    if (unconfirmed.length > 0) {
        const descriptions = unconfirmed.map(({ description }) => description).join(", ");
        const session = inSession(
            accessKeyId,
            unconfirmed.map(({ requestId }) => requestId),
        );
        messages.push(
            `AWS agreed to remove ${descriptions} ${session}, but a second listing does not confirm it`,
        );
    }
    return messages;
}
