/**
 * Changing one policy: never one that was not saved first, never without looking again.
 *
 * What is about to be replaced is in the stack's state before this starts: `PolicyBackup` has put it there, or the refresh.
 */
import { openSessionOrExplain } from "../credentials/observe";
import { timeouts } from "../process/timeouts";
import type { Caller } from "../organization/preflight";
import { log } from "../process/log";
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";
import { messageOf } from "../process/error-text";
import { inSession, logWrite, type WriteResult } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";
import { called, type LastPolicyChange } from "./declaration";
import type { PolicyTarget } from "./target";
import { isSamePolicy } from "./history";
import type { HeldPolicy, LockableKind } from "./kind";

export interface Change {
    /** What the state holds; what AWS holds must be the same. */
    from: string | undefined;
    /** Undefined: the policy is deleted. */
    to: string | undefined;
    /** In the past tense. */
    inWords: string;
    /** Puts back what locks. */
    locks?: boolean;
}

/** AWS shows this after a change. */
export interface Changed {
    policy: string | undefined;
    /** Policies that it has shown meanwhile, and that are neither the old one nor the one written; empty texts for none. */
    others: string[];
    lastChange: LastPolicyChange;
}

/** Throws an Error that says what was and what was not done. */
export async function changePolicy(
    kind: LockableKind,
    target: PolicyTarget,
    region: string,
    caller: Caller,
    change: Change,
): Promise<Changed> {
    const { accountId } = target;
    const what = called(kind, target);
    const session = await openSessionOrExplain(accountId, kind.task);
    if (!("iam" in session)) {
        if (session.is === "refused") throw new AwsCallFailed(session.failure);
        throw new Error(`account ${accountId} ${session.because}; nothing was changed there`);
    }
    const held = kind.policyIn(session, target, region);
    const lastChange = await explained(target, kind.actions.read, async () => {
        await session.assertOwnAccount();
        refuseOther(await held.read(), change, what);
        const action = change.to === undefined ? kind.actions.remove : kind.actions.put;
        return explained(target, action, () => written(kind, target, caller, session, held, change));
    });
    try {
        const after = await explained(target, kind.actions.read, () => seen(what, kind, held, change));
        for (const text of after.others)
            log(`${what}: a policy that AWS has shown meanwhile: ${text || "none"}`);
        return { ...after, lastChange };
    } catch (error) {
        throw new Error(
            `the policy of ${what} was changed (${change.inWords}), but that was not seen afterwards: ${messageOf(error)}`,
            { cause: error },
        );
    }
}

/** Runs what talks to AWS; what AWS refuses is told in full. */
async function explained<T>({ accountId }: PolicyTarget, action: string, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (error) {
        if (error instanceof NotAsExpected || error instanceof AwsCallFailed) throw error;
        throw new AwsCallFailed(diagnose(error, { accountId, action }), { cause: error });
    }
}

/** AWS shows another policy than the one expected. */
class NotAsExpected extends Error {
    override readonly name = "NotAsExpected";
}

function refuseOther(now: string | undefined, { from }: Change, what: string): void {
    if (now === from) return;
    throw new NotAsExpected(
        `the policy of ${what} was changed after it was saved, by somebody else or by an earlier run; nothing was changed now. Run again: the new one is looked at and saved first.`,
    );
}

async function written(
    kind: LockableKind,
    target: PolicyTarget,
    caller: Caller,
    session: RootSession,
    held: HeldPolicy,
    { from, to, inWords, locks = false }: Change,
): Promise<LastPolicyChange> {
    const write = {
        accountId: target.accountId,
        action: to === undefined ? kind.actions.remove : kind.actions.put,
        kind: kind.recordedAs,
        id: kind.arn(target),
        caller: caller.arn,
        session: session.accessKeyId,
    };
    const send = (): Promise<WriteResult> => (to === undefined ? held.remove() : held.put(to, locks));
    const { requestId } = await logWrite(write, send, from ?? "");
    log(`${called(kind, target)}: ${inWords} ${inSession(session.accessKeyId, [requestId])}`);
    return { at: new Date().toISOString(), change: inWords, session: session.accessKeyId, by: caller.arn };
}

/**
 * Reads until AWS shows the policy that was written.
 *
 * Neither S3 nor SQS takes a write that depends on what is there. A policy that somebody else writes between the last read and this
 * write is replaced unseen. Only a read that lags behind can still show it.
 */
async function seen(
    what: string,
    kind: LockableKind,
    held: HeldPolicy,
    { from, to }: Change,
): Promise<Pick<Changed, "policy" | "others">> {
    const others = new Set<string>();
    let policy: string | undefined;
    for (const pause of [0, ...kind.pausesUntilSeen]) {
        await timeouts.pause(pause);
        policy = await held.read();
        if (isSamePolicy(policy ?? "", to ?? "")) return { policy, others: [...others] };
        if (policy !== from) others.add(policy ?? "");
    }
    if (policy === from)
        throw new NotAsExpected(`AWS still shows the old policy of ${what}. Run again in a minute.`);
    log(
        `${what}: AWS shows another policy than the one that was written: somebody else has written after this run, or AWS keeps it in other words`,
    );
    others.delete(policy ?? "");
    return { policy, others: [...others] };
}
