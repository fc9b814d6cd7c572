/** MFA devices are kept while the account may have a password, because a password without MFA is weaker than one with it. */
import type { AwsFailure } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import { timeouts } from "../process/timeouts";
import type { Credential } from "./credential";
import { CREDENTIAL_KINDS, type CredentialKindName } from "./kinds/index";
import type { CredentialListings } from "./state";
import { credentialsOf, PAUSES_WHILE_READS_LAG } from "./verify-removal";

/** Asks AWS unless this session has listed the password already. `known` listings are of earlier sessions and not enough. */
export async function passwordMayRemain(
    before: CredentialListings,
    refused: Map<CredentialKindName, AwsFailure[]>,
    session: RootSession,
    known: Partial<CredentialListings>,
): Promise<boolean> {
    const isListedNow = !known.loginProfile && "credentials" in before.loginProfile;
    if (isListedNow && credentialsOf(before, "loginProfile").length === 0) return false;
    if (refused.has("loginProfile")) return true;
    for (const pause of [0, ...PAUSES_WHILE_READS_LAG]) {
        await timeouts.pause(pause);
        try {
            if ((await CREDENTIAL_KINDS.loginProfile.list(session.iam)).length === 0) return false;
        } catch {
            return true; // the listing at the end reports the reason
        }
    }
    return true;
}

export function mfaKeptWithPassword({ id }: Credential, { accountId }: RootSession): AwsFailure {
    const kind = CREDENTIAL_KINDS.mfaDevices;
    const cause = `${kind.describe(id)} kept while a password may remain (${kind.removeAction})`;
    return {
        reason: "other",
        cause,
        detail: `In account ${accountId}, ${cause}. It can be removed once the password is removed.`,
    };
}
