/** The removal of one credential: the call, its retries, and its line in the write log. */
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import { logWrite } from "../aws/write-log";
import type { Caller } from "../organization/preflight";
import { timeouts } from "../process/timeouts";
import type { Credential } from "./credential";
import { CREDENTIAL_KINDS, type CredentialKindName } from "./kinds/index";

/** AWS has accepted the removal. A listing has not confirmed it yet. */
export interface AcceptedRemoval {
    description: string;
    requestId: string;
}

/** Pauses while AWS refuses a change because another change of the same entity is not finished. Milliseconds. */
const PAUSES_WHILE_BUSY = [1_000, 2_000, 4_000];

/** Identifies a credential within its account. */
export function credentialKey(name: CredentialKindName, { id }: Credential): string {
    return `${name} ${id}`;
}

export async function removeOne(
    name: CredentialKindName,
    { id }: Credential,
    session: RootSession,
    caller: Caller,
): Promise<AwsFailure | AcceptedRemoval> {
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
        const { requestId } = await retryWhileBusy(() => logWrite(write, () => kind.remove(session.iam, id)));
        return { description: kind.describe(id), requestId };
    } catch (error) {
        return diagnose(error, { accountId, action: kind.removeAction });
    }
}

async function retryWhileBusy<T>(write: () => Promise<T>): Promise<T> {
    for (const pause of PAUSES_WHILE_BUSY) {
        try {
            return await write();
        } catch (error) {
            const isBusy =
                error instanceof Error &&
                /^(EntityTemporarilyUnmodifiable|ConcurrentModification)/.test(error.name);
            if (!isBusy) throw error;
            await timeouts.pause(pause);
        }
    }
    return write();
}
