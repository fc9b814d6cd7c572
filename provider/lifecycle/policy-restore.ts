/**
 * Puts back the replaced policy when the resource is deleted with `onDelete: "restore-policy"`.
 *
 * The old policy may lock everybody out again, and Pulumi also deletes resources for harmless reasons. So it is not put back if the
 * program still declares the policy, or if somebody else has changed the policy since.
 */
import { log } from "../process/log";
import { changePolicy } from "../resource-policies/change";
import { resourceLabel, type PolicyOutputs } from "../resource-policies/declaration";
import { isSamePolicy, rememberedPolicies } from "../resource-policies/history";
import type { PolicyKind } from "../resource-policies/kind";
import { observePolicy } from "../resource-policies/observe";
import { textOrNone } from "../resource-policies/policy-text";
import { accountsOfRun } from "../run/accounts";
import { NOT_INSPECTED_FIRST, originOfDelete, refuseDestroyOfDeclared } from "../run/delete-origin";
import { policiesOfRun } from "../run/policies";
import { refuseForeignOrganization } from "./foreign-organization";
import { preflightBeforeWrite } from "./preflight-before-write";

/** Prints the stored policies at the end, because the stack loses them with the resource. */
export async function restorePolicy(kind: PolicyKind, id: string, props: PolicyOutputs): Promise<void> {
    const label = `the policy of ${resourceLabel(kind, props)}`;
    refuseDestroyOfDeclared(id, `${label} was not put back`);
    log(await restore(kind, id, props, label));
    for (const text of rememberedPolicies(props)) log(`a policy that it had: ${text}`);
    policiesOfRun().forget(id);
}

/** Returns a sentence that says what was done. */
async function restore(kind: PolicyKind, id: string, props: PolicyOutputs, label: string): Promise<string> {
    const skipped = reasonToSkip(id, props);
    if (skipped) return `${label} ${skipped}`;
    const { caller } = await preflightBeforeWrite("RootSessions");
    refuseForeignOrganization(props, caller);
    const refused = await reasonToRefuse(id);
    if (refused) throw new Error(`${label} was not put back: ${refused}`);
    const { savedPolicy = "", writtenPolicy = "", locatedIn } = props;
    const observation = await observePolicy(kind, props, locatedIn);
    if (observation.is === "gone") return `${observation.because}; nothing is changed there`;
    if (observation.is === "unknown")
        throw new Error(`${label} was not put back: ${observation.failure.detail} ${TO_FORGET_IT}`);
    const { policy: from, region } = observation;
    if ((from ?? "") === savedPolicy) return `${label} already has the text from before the unlock`;
    if (!isSamePolicy(from ?? "", writtenPolicy)) {
        throw new Error(
            `${label} was not put back: since it was unlocked, somebody else has changed it, and that would be undone. ` +
                `Set onDelete: "retain", run up, and delete the resource then. ${TO_FORGET_IT}`,
        );
    }
    // With deleteBeforeReplace, the program may declare the policy while this delete waits for AWS.
    const skippedNow = reasonToSkip(id, props);
    if (skippedNow) return `${label} ${skippedNow}`;
    const to = textOrNone(savedPolicy);
    const summary =
        to === undefined
            ? "deleted the policy, as there was none before"
            : "put back the policy that was replaced";
    await changePolicy(kind, props, region, caller, { from, to, summary, mayLock: true });
    return `${label} is restored`;
}

const TO_FORGET_IT =
    "To leave the policy as it is for good, forget it with pulumi state delete, which changes nothing in AWS. Until then the state holds the replaced policies (savedPolicy, earlier).";

/** The reason to put nothing back, if there is one. */
function reasonToSkip(id: string, { onDelete, savedPolicy }: PolicyOutputs): string | undefined {
    if (policiesOfRun().isDeclared(id)) return "is still declared by the program: nothing is put back";
    if (onDelete !== "restore-policy") return "is left as it is (onDelete: retain)";
    if (savedPolicy === undefined)
        return "is left as it is: this stack has stored no change of its own (a run that was killed may have made one)";
    return undefined;
}

/** The most policies that one run puts back because they left the program. `pulumi destroy` has no limit, because it is deliberate. */
const MAX_POLICIES_PUT_BACK = 5;

/** The reason to fail, if there is one. As with root credentials (`delete-guards.ts`), `pulumi destroy` is deliberate. */
async function reasonToRefuse(id: string): Promise<string | undefined> {
    const origin = await originOfDelete();
    if (origin === "destroy") return undefined;
    if (origin !== "program") return origin.unknown;
    if (policiesOfRun().declaredCount() + accountsOfRun().declaredCount() === 0)
        return "the program declares nothing at all. If that is not a mistake, use pulumi destroy.";
    const leaving = policiesOfRun()
        .removedFromProgram()
        .filter(({ isPutBack }) => isPutBack).length;
    if (leaving > MAX_POLICIES_PUT_BACK)
        return `${leaving} policies would leave the program and be put back in this run, and the limit is ${MAX_POLICIES_PUT_BACK}. If that is intended, take them out a few at a time. If not, look at the setting unlock (pulumi config).`;
    return policiesOfRun().isInspected(id) ? undefined : NOT_INSPECTED_FIRST;
}
