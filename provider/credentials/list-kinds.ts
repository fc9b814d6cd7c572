/** The listings of an account's root credentials, kind by kind. A kind that cannot be listed has a failure in its place. */
import type { IAMClient } from "@aws-sdk/client-iam";
import { diagnose } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import type { Credential, CredentialKind } from "./credential";
import { credentialKinds, type CredentialKindName } from "./kinds/index";
import type { CredentialListing, CredentialListings } from "./state";

/** Lists every kind that is not in `known`, with last use. All calls run at the same time. */
export async function listAllKinds(
    session: RootSession,
    known: Partial<CredentialListings> = {},
): Promise<CredentialListings> {
    const unknown = credentialKinds().filter(([name]) => !known[name]);
    return { ...known, ...(await listKinds(unknown, session)) };
}

export async function listKinds(
    kinds: [CredentialKindName, CredentialKind][],
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

/** Last use is evidence and no state. So if AWS does not tell it, it is `unknown` and no failure. */
async function withLastUse(
    kind: CredentialKind,
    iam: IAMClient,
    credential: Credential,
): Promise<Credential> {
    if (kind.lastUse === undefined) return credential;
    const lastUsed = await kind.lastUse(iam, credential).catch(() => "unknown" as const);
    return { ...credential, lastUsed };
}
