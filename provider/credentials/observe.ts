/**
 * Looking at an account's root credentials, without changing anything.
 *
 * A clean account costs two calls: AssumeRoot and `iam:GetAccountSummary`. Only kinds that the summary shows, or does
 * not mention, are listed. A full audit does not ask for the summary and lists every kind.
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import { centralRootAccess } from "../organization/central-root-access";
import { credentialKinds } from "./kinds/index";
import type { Credential, CredentialKind } from "./credential";
import { accountSummary } from "../aws/iam-responses";
import { membershipOf } from "../organization/membership";
import { timeouts } from "../process/timeouts";
import { diagnose, isAccountSpecific, type AwsFailure, type FailureReason } from "../aws/errors/diagnose";
import {
    featureFor,
    openRootSession,
    TASK_POLICY,
    type RootSession,
    type RootTask,
} from "../aws/root-session";
import { allUnknown, type AuditMode, type CredentialListing, type CredentialListings } from "./state";

/**
 * What was found: an account with its credentials, or no such account in the organization any more. `confirmed`: AWS has
 * positively said that it is a member, and not only failed to say that it is none.
 */
export type Observation =
    { is: "member"; listings: CredentialListings; confirmed: boolean } | { is: "gone"; because: string };

/** Inspects one account. A kind that cannot be inspected comes back as unknown, and is no error. */
export async function observeRootCredentials(
    accountId: string,
    mode: AuditMode = "summary",
): Promise<Observation> {
    const session = await openSessionOrExplain(accountId, "audit");
    if ("iam" in session) return { is: "member", listings: await audit(session, mode), confirmed: true };
    if (session.is === "gone") return session;
    return { is: "member", listings: allUnknown(session.failure), confirmed: session.confirmed };
}

export type NoSession =
    { is: "gone"; because: string } | { is: "refused"; failure: AwsFailure; confirmed: boolean };

/** Opens a root session; where AWS refuses, asks whether the account is still an active member. */
export async function openSessionOrExplain(
    accountId: string,
    task: RootTask,
): Promise<RootSession | NoSession> {
    try {
        return await openRootSession(accountId, task);
    } catch (error) {
        const attempt = { accountId, action: "sts:AssumeRoot", taskPolicy: TASK_POLICY[task] };
        const failure = diagnose(error, attempt);
        if (!FITS_A_GONE_ACCOUNT.has(failure.reason)) return { is: "refused", failure, confirmed: false };
        const access = await centralRootAccess(featureFor(task));
        const explained = diagnose(error, { ...attempt, followUp: { centralRootAccess: access } });
        // What holds for every account is not asked about each: AWS allows 20 such questions a second.
        if (explained.reason !== failure.reason)
            return { is: "refused", failure: explained, confirmed: false };
        const standing = await membershipOf(accountId);
        if (standing.is === "gone") return standing;
        if (standing.is === "active") {
            const meanwhile = { centralRootAccess: access, isActiveMember: true };
            return {
                is: "refused",
                failure: diagnose(error, { ...attempt, followUp: meanwhile }),
                confirmed: true,
            };
        }
        const detail = `${explained.detail}\n${standing.failure.detail}`;
        return { is: "refused", failure: { ...explained, detail }, confirmed: false };
    }
}

/** Refusals that AWS may also give, in the same or in unknown words, for an account that is no active member. */
const FITS_A_GONE_ACCOUNT = new Set<FailureReason>(["not-allowed", "own-account", "other"]);

/** Lists every kind in a session that may, side by side, with last use; what is `known` already is not asked for. */
export async function listAllKinds(
    session: RootSession,
    known: Partial<CredentialListings> = {},
): Promise<CredentialListings> {
    const unknown = credentialKinds().filter(([name]) => !known[name]);
    return { ...known, ...(await listKinds(unknown, session)) };
}

async function audit(session: RootSession, mode: AuditMode): Promise<CredentialListings> {
    if (mode === "full") return withSummaryIfRefused(await listAllKinds(session), session);
    const summary = await summaryOf(session);
    if ("failure" in summary) return afterRefusedSummary(await listAllKinds(session), summary.failure);
    const held = credentialKinds().filter(([, kind]) => summary.flags.get(kind.summaryFlag) !== 0);
    return agreeing({ ...NOTHING_HELD, ...(await listKinds(held, session)) }, summary.flags, session);
}

/** Marks the kinds that the summary shows and whose list is refused. */
function withPresence(listings: CredentialListings, flags: ReadonlyMap<string, number>): CredentialListings {
    const told = credentialKinds().flatMap(([name, kind]) => {
        const listing = listings[name];
        const isThere = (flags.get(kind.summaryFlag) ?? 0) > 0;
        return isThere && "failure" in listing ? [[name, { ...listing, isThere }] as const] : [];
    });
    return { ...listings, ...(Object.fromEntries(told) as Partial<CredentialListings>) };
}

const NOTHING_HELD: CredentialListings = {
    accessKeys: { credentials: [] },
    signingCertificates: { credentials: [] },
    loginProfile: { credentials: [] },
    mfaDevices: { credentials: [] },
};

/** Flags by name; one that AWS leaves out is missing here, and so not 0. */
async function summaryOf(
    session: RootSession,
): Promise<{ flags: ReadonlyMap<string, number> } | { failure: AwsFailure }> {
    try {
        return { flags: await accountSummary(session.iam) };
    } catch (error) {
        return {
            failure: diagnose(error, { accountId: session.accountId, action: "iam:GetAccountSummary" }),
        };
    }
}

/**
 * Without a summary the lists tell as much, unless they are refused as well. If the reason is the same, the summary's failure is the
 * cause to report.
 */
function afterRefusedSummary(listings: CredentialListings, failure: AwsFailure): CredentialListings {
    const entries = Object.entries(listings).map(([name, listing]) => {
        if (!("failure" in listing)) return [name, listing];
        if (listing.failure.reason === failure.reason) return [name, { failure }];
        // A summary that AWS failed to give might have shown what the lists hide.
        const reason = isAccountSpecific(failure.reason) ? listing.failure.reason : failure.reason;
        return [name, { failure: { ...listing.failure, reason } }];
    });
    return Object.fromEntries(entries) as CredentialListings;
}

/** A list that is refused hides credentials that the summary may show. */
async function withSummaryIfRefused(
    listings: CredentialListings,
    session: RootSession,
): Promise<CredentialListings> {
    if (!Object.values(listings).some((listing) => "failure" in listing)) return listings;
    const summary = await summaryOf(session);
    if ("failure" in summary) return afterRefusedSummary(listings, summary.failure);
    return agreeing(listings, summary.flags, session);
}

/** Pauses before a listing that contradicts the summary is asked for again, in milliseconds. */
const PAUSES_WHILE_READS_LAG = [500, 1_000, 2_000];

/**
 * IAM's reads can lag behind each other. If the last summary shows a kind and its list is empty, the list is asked for again a
 * few times. If they still disagree, the kind is unknown.
 */
async function agreeing(
    listings: CredentialListings,
    flags: ReadonlyMap<string, number>,
    session: RootSession,
): Promise<CredentialListings> {
    const contradicted = () =>
        credentialKinds().filter(
            ([name, kind]) => (flags.get(kind.summaryFlag) ?? 0) > 0 && isEmpty(listings[name]),
        );
    for (const pause of PAUSES_WHILE_READS_LAG) {
        if (contradicted().length === 0) break;
        await timeouts.pause(pause);
        const summary = await summaryOf(session);
        if ("flags" in summary) flags = summary.flags;
        listings = { ...listings, ...(await listKinds(contradicted(), session)) };
    }
    const unresolved = contradicted().map(
        ([name, kind]) => [name, { failure: contradiction(kind, session) }] as const,
    );
    return withPresence({ ...listings, ...Object.fromEntries(unresolved) }, flags);
}

function isEmpty(listing: CredentialListing): boolean {
    return "credentials" in listing && listing.credentials.length === 0;
}

function contradiction(kind: CredentialKind, { accountId }: RootSession): AwsFailure {
    const cause = `iam:GetAccountSummary and ${kind.listAction} disagree`;
    return {
        reason: "incomplete-answer",
        cause,
        detail: `${cause} in account ${accountId}: ${kind.summaryFlag} is set, but the list is empty. What the account holds is unknown; run again in a minute.`,
    };
}

async function listKinds(
    kinds: [keyof CredentialListings, CredentialKind][],
    session: RootSession,
): Promise<CredentialListings> {
    const entries = await Promise.all(
        kinds.map(async ([name, kind]) => [name, await listKind(kind, session)] as const),
    );
    return Object.fromEntries(entries) as CredentialListings;
}

async function listKind(kind: CredentialKind, session: RootSession): Promise<CredentialListing> {
    try {
        const credentials = await kind.list(session.iam);
        return {
            credentials: await Promise.all(credentials.map((each) => withLastUse(kind, session.iam, each))),
        };
    } catch (error) {
        return { failure: diagnose(error, { accountId: session.accountId, action: kind.listAction }) };
    }
}

/** Last use is evidence, not state: where AWS does not tell, it is written down as unknown. */
async function withLastUse(
    kind: CredentialKind,
    iam: IAMClient,
    credential: Credential,
): Promise<Credential> {
    if (kind.lastUse === undefined) return credential;
    const lastUsed = await kind.lastUse(iam, credential).catch(() => "unknown" as const);
    return { ...credential, lastUsed };
}
