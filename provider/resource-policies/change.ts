/**
 * Changes one policy. The old policy is in the stack's state before a change starts, because `PolicyBackup` or the refresh has
 * stored it. The policy is read again right before the write.
 */
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";
import type { RootSession } from "../aws/root-session";
import { inSession, logWrite } from "../aws/write-log";
import { openSessionOrDiagnose } from "../credentials/open-session";
import type { Caller } from "../organization/preflight";
import { messageOf } from "../process/error-text";
import { log } from "../process/log";
import { timeouts } from "../process/timeouts";
import { resourceLabel, type LastPolicyChange } from "./declaration";
import { isSamePolicy } from "./history";
import type { PolicyClient, PolicyKind } from "./kind";
import type { PolicyTarget } from "./target";

export interface Change {
    /** The policy in the stack's state. AWS must still have the same one. */
    from: string | undefined;
    /** Undefined to delete the policy. */
    to: string | undefined;
    /** In the past tense: `removed statement "DenyAll"`. */
    summary: string;
    /** The new policy may lock out the caller. */
    mayLock?: boolean;
}

/** The policy that AWS shows after a change. */
export interface Changed {
    policy: string | undefined;
    /** Policies that AWS showed after the write and that are neither the old nor the new one. An empty text means no policy. */
    others: string[];
    lastChange: LastPolicyChange;
}

/** Throws an Error that says what was changed and what was not. */
export async function changePolicy(
    kind: PolicyKind,
    target: PolicyTarget,
    region: string,
    caller: Caller,
    change: Change,
): Promise<Changed> {
    const { accountId } = target;
    const label = resourceLabel(kind, target);
    const session = await openSessionOrDiagnose(accountId, kind.task);
    if (!("iam" in session)) {
        if (session.is === "refused") throw new AwsCallFailed(session.failure);
        throw new Error(`account ${accountId} ${session.because}; nothing was changed there`);
    }
    const client = kind.policyClient(session, target, region);
    const lastChange = await withDiagnosis(accountId, kind.actions.read, async () => {
        await session.assertOwnAccount();
        assertUnchanged(await client.read(), change, label);
        const action = change.to === undefined ? kind.actions.remove : kind.actions.put;
        return withDiagnosis(accountId, action, () =>
            write(kind, target, action, caller, session, client, change),
        );
    });
    try {
        const after = await withDiagnosis(accountId, kind.actions.read, () =>
            readBack(label, kind, client, change),
        );
        for (const text of after.others)
            log(`${label}: a policy that AWS has shown meanwhile: ${text || "none"}`);
        return { ...after, lastChange };
    } catch (error) {
        throw new Error(
            `the policy of ${label} was changed (${change.summary}), but a later read did not confirm it: ${messageOf(error)}`,
            { cause: error },
        );
    }
}

/** Adds the diagnosis to an error of AWS. */
async function withDiagnosis<T>(accountId: string, action: string, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (error) {
        if (error instanceof UnexpectedPolicy || error instanceof AwsCallFailed) throw error;
        throw new AwsCallFailed(diagnose(error, { accountId, action }), { cause: error });
    }
}

/** AWS shows another policy than the expected one. */
class UnexpectedPolicy extends Error {
    override readonly name = "UnexpectedPolicy";
}

function assertUnchanged(now: string | undefined, { from }: Change, label: string): void {
    if (now === from) return;
    throw new UnexpectedPolicy(
        `the policy of ${label} was changed after it was saved, by somebody else or by an earlier run; nothing was changed now. Run again: the next run reads and saves the new policy first.`,
    );
}

async function write(
    kind: PolicyKind,
    target: PolicyTarget,
    action: string,
    caller: Caller,
    session: RootSession,
    client: PolicyClient,
    { from, to, summary, mayLock = false }: Change,
): Promise<LastPolicyChange> {
    const record = {
        accountId: target.accountId,
        action,
        kind: kind.recordedAs,
        id: kind.arn(target),
        caller: caller.arn,
        session: session.accessKeyId,
    };
    const send = () => (to === undefined ? client.remove() : client.put(to, mayLock));
    const { requestId } = await logWrite(record, send, from ?? "");
    log(`${resourceLabel(kind, target)}: ${summary} ${inSession(session.accessKeyId, [requestId])}`);
    return { at: new Date().toISOString(), change: summary, session: session.accessKeyId, by: caller.arn };
}

/**
 * Reads until AWS shows the written policy.
 *
 * S3 and SQS have no conditional write. If somebody else writes between the last read and this write, their policy is replaced.
 * Only a read that lags behind can still show it.
 */
async function readBack(
    label: string,
    kind: PolicyKind,
    client: PolicyClient,
    { from, to }: Change,
): Promise<Pick<Changed, "policy" | "others">> {
    const others = new Set<string>();
    let policy: string | undefined;
    for (const pause of [0, ...kind.readBackPauses]) {
        await timeouts.pause(pause);
        policy = await client.read();
        if (isSamePolicy(policy ?? "", to ?? "")) return { policy, others: [...others] };
        if (policy !== from) others.add(policy ?? "");
    }
    if (policy === from)
        throw new UnexpectedPolicy(`AWS still shows the old policy of ${label}. Run again in a minute.`);
    log(
        `${label}: AWS shows another policy than the one that was written: somebody else has written after this run, or AWS stores the same policy in another form`,
    );
    others.delete(policy ?? "");
    return { policy, others: [...others] };
}
