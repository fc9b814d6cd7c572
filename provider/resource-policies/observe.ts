/** Looking at a bucket's or queue's policy in a root session of the account that owns it, without changing anything. */
import { openSessionOrDiagnose } from "../credentials/open-session";
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { called } from "./declaration";
import type { PolicyTarget } from "./target";
import type { LockableKind } from "./kind";

export type PolicyLook =
    /** `policy`: undefined where there is none. */
    | { is: "seen"; policy: string | undefined; region: string }
    | { is: "gone"; because: string }
    | { is: "unknown"; failure: AwsFailure };

/** Does not throw for the account's sake. `region`: where it was found before, if it was. */
export async function lookAtPolicy(
    kind: LockableKind,
    target: PolicyTarget,
    region = "",
): Promise<PolicyLook> {
    const { accountId } = target;
    const session = await openSessionOrDiagnose(accountId, kind.task);
    if (!("iam" in session)) {
        if (session.is === "refused") return { is: "unknown", failure: session.failure };
        return { is: "gone", because: `account ${accountId} ${session.because}` };
    }
    let action = "s3:ListAllMyBuckets";
    const remembering = async (error: unknown): Promise<PolicyLook> => {
        if (target.region !== undefined || !kind.isElsewhere(error)) throw error;
        action = "s3:ListAllMyBuckets";
        return seenIn(await kind.region(session, target));
    };
    const seenIn = async (where: string): Promise<PolicyLook> => {
        action = kind.actions.read;
        return { is: "seen", policy: await kind.policyIn(session, target, where).read(), region: where };
    };
    try {
        const where = target.region ?? region;
        // A bucket that was made anew may be in another region than the one that is remembered.
        if (where !== "") return await seenIn(where).catch(remembering);
        return await seenIn(await kind.region(session, target));
    } catch (error) {
        if (kind.isGone(error)) return { is: "gone", because: `${called(kind, target)} does not exist` };
        return { is: "unknown", failure: diagnose(error, { accountId, action }) };
    }
}
