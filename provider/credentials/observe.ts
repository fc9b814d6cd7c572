/**
 * The inspection of an account's root credentials. It changes nothing.
 *
 * A clean account costs two calls: AssumeRoot and `iam:GetAccountSummary`. Only kinds that the summary shows, or does
 * not mention, are listed. A full audit lists every kind and does not ask for the summary.
 */
import { diagnose, isAccountSpecific, type AwsFailure } from "../aws/errors/diagnose";
import { accountSummary } from "../aws/iam-responses";
import type { RootSession } from "../aws/root-session";
import { timeouts } from "../process/timeouts";
import type { CredentialKind } from "./credential";
import { credentialKinds } from "./kinds/index";
import { listAllKinds, listKinds } from "./list-kinds";
import { openSessionOrDiagnose } from "./open-session";
import type { AuditMode } from "./settings";
import { allUnknown, type CredentialListing, type CredentialListings } from "./state";

/**
 * The credentials of a member account, or the reason why the account is no member any more. `confirmed`: AWS has said
 * that the account is a member. It is false if AWS did not answer that question.
 */
export type Observation =
    { is: "member"; listings: CredentialListings; confirmed: boolean } | { is: "gone"; because: string };

/** Inspects one account. A kind that cannot be inspected is unknown in the result, and does not throw. */
export async function observeRootCredentials(
    accountId: string,
    mode: AuditMode = "summary",
): Promise<Observation> {
    const session = await openSessionOrDiagnose(accountId, "audit");
    if ("iam" in session) return { is: "member", listings: await audit(session, mode), confirmed: true };
    if (session.is === "gone") return session;
    return { is: "member", listings: allUnknown(session.failure), confirmed: session.confirmed };
}

async function audit(session: RootSession, mode: AuditMode): Promise<CredentialListings> {
    if (mode === "full") return askSummaryIfRefused(await listAllKinds(session), session);
    const summary = await summaryOf(session);
    if ("failure" in summary) return addSummaryFailure(await listAllKinds(session), summary.failure);
    const shown = credentialKinds().filter(([, kind]) => summary.flags.get(kind.summaryFlag) !== 0);
    const listings = { ...NO_CREDENTIALS, ...(await listKinds(shown, session)) };
    return reconcileListsWithSummary(listings, summary.flags, session);
}

const NO_CREDENTIALS: CredentialListings = {
    accessKeys: { credentials: [] },
    signingCertificates: { credentials: [] },
    loginProfile: { credentials: [] },
    mfaDevices: { credentials: [] },
};

type SummaryFlags = ReadonlyMap<string, number>;

/** Flags by name. A flag that AWS leaves out is missing here; it does not count as 0. */
async function summaryOf(session: RootSession): Promise<{ flags: SummaryFlags } | { failure: AwsFailure }> {
    try {
        return { flags: await accountSummary(session.iam) };
    } catch (error) {
        return {
            failure: diagnose(error, { accountId: session.accountId, action: "iam:GetAccountSummary" }),
        };
    }
}

/**
 * Without a summary, the lists are enough, unless they are refused too. If both have the same reason, the summary's
 * failure is the cause to report.
 */
function addSummaryFailure(listings: CredentialListings, failure: AwsFailure): CredentialListings {
    const entries = Object.entries(listings).map(([name, listing]) => {
        if (!("failure" in listing)) return [name, listing];
        if (listing.failure.reason === failure.reason) return [name, { failure }];
        // The missing summary might have shown credentials of this kind. So its reason counts, unless it is a reason of the account.
        const reason = isAccountSpecific(failure.reason) ? listing.failure.reason : failure.reason;
        return [name, { failure: { ...listing.failure, reason } }];
    });
    return Object.fromEntries(entries) as CredentialListings;
}

/** If a list is refused, the summary may still show that there are credentials. */
async function askSummaryIfRefused(
    listings: CredentialListings,
    session: RootSession,
): Promise<CredentialListings> {
    if (!Object.values(listings).some((listing) => "failure" in listing)) return listings;
    const summary = await summaryOf(session);
    if ("failure" in summary) return addSummaryFailure(listings, summary.failure);
    return reconcileListsWithSummary(listings, summary.flags, session);
}

/** Pauses before a listing that contradicts the summary is asked for again. Milliseconds. */
const PAUSES_WHILE_SUMMARY_DISAGREES = [500, 1_000, 2_000];

/**
 * IAM's reads can lag behind each other. If the summary shows a kind and its list is empty, both are asked for again a few
 * times. If they still disagree, the kind is unknown.
 */
async function reconcileListsWithSummary(
    listings: CredentialListings,
    flags: SummaryFlags,
    session: RootSession,
): Promise<CredentialListings> {
    const contradicted = () =>
        credentialKinds().filter(
            ([name, kind]) => (flags.get(kind.summaryFlag) ?? 0) > 0 && isEmpty(listings[name]),
        );
    for (const pause of PAUSES_WHILE_SUMMARY_DISAGREES) {
        if (contradicted().length === 0) break;
        await timeouts.pause(pause);
        const summary = await summaryOf(session);
        if ("flags" in summary) flags = summary.flags;
        listings = { ...listings, ...(await listKinds(contradicted(), session)) };
    }
    const unresolved = contradicted().map(
        ([name, kind]) => [name, { failure: contradiction(kind, session) }] as const,
    );
    return markPresentUnlisted({ ...listings, ...Object.fromEntries(unresolved) }, flags);
}

function isEmpty(listing: CredentialListing): boolean {
    return "credentials" in listing && listing.credentials.length === 0;
}

function contradiction(kind: CredentialKind, { accountId }: RootSession): AwsFailure {
    const cause = `iam:GetAccountSummary and ${kind.listAction} disagree`;
    return {
        reason: "incomplete-answer",
        cause,
        detail: `${cause} in account ${accountId}: ${kind.summaryFlag} is set, but the list is empty. The account's credentials of this kind are unknown. Run again in a minute.`,
    };
}

/** Marks the kinds that the summary shows and that cannot be listed. */
function markPresentUnlisted(listings: CredentialListings, flags: SummaryFlags): CredentialListings {
    const marked = credentialKinds().flatMap(([name, kind]) => {
        const listing = listings[name];
        const isPresent = (flags.get(kind.summaryFlag) ?? 0) > 0;
        return isPresent && "failure" in listing ? [[name, { ...listing, isPresent }] as const] : [];
    });
    return { ...listings, ...(Object.fromEntries(marked) as Partial<CredentialListings>) };
}
