/** Reads a policy in a root session of the owning account and changes nothing. */
import { diagnose, type AwsFailure } from "../aws/errors/diagnose";
import { openSessionOrDiagnose } from "../credentials/open-session";
import { resourceLabel } from "./declaration";
import type { PolicyKind } from "./kind";
import type { PolicyTarget } from "./target";

export type PolicyObservation =
    /** `policy` is undefined if there is none. */
    | { is: "seen"; policy: string | undefined; region: string }
    | { is: "gone"; because: string }
    | { is: "unknown"; failure: AwsFailure };

/** Returns failures of AWS calls as `unknown`. @param knownRegion the region of an earlier observation, or an empty text */
export async function observePolicy(
    kind: PolicyKind,
    target: PolicyTarget,
    knownRegion = "",
): Promise<PolicyObservation> {
    const { accountId } = target;
    const session = await openSessionOrDiagnose(accountId, kind.task);
    if (!("iam" in session)) {
        if (session.is === "refused") return { is: "unknown", failure: session.failure };
        return { is: "gone", because: `account ${accountId} ${session.because}` };
    }
    let action = "s3:ListAllMyBuckets";
    const readIn = async (region: string): Promise<PolicyObservation> => {
        action = kind.actions.read;
        return { is: "seen", policy: await kind.policyClient(session, target, region).read(), region };
    };
    const readInListedRegion = async (): Promise<PolicyObservation> => {
        action = "s3:ListAllMyBuckets";
        return readIn(await kind.region(session, target));
    };
    try {
        const region = target.region ?? knownRegion;
        if (region === "") return await readInListedRegion();
        return await readIn(region).catch((error: unknown) => {
            // A bucket that was deleted and created again may be in another region than before.
            if (target.region !== undefined || !kind.isInOtherRegion(error)) throw error;
            return readInListedRegion();
        });
    } catch (error) {
        if (kind.isGone(error))
            return { is: "gone", because: `${resourceLabel(kind, target)} does not exist` };
        return { is: "unknown", failure: diagnose(error, { accountId, action }) };
    }
}
