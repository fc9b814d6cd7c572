/**
 * Putting back the policy that was replaced, when the resource is deleted with `onDelete: "restore-policy"`.
 *
 * That may lock everybody out again, and Pulumi deletes for many innocent reasons. So it happens only where the program
 * no longer declares the policy, and AWS still holds exactly what was put there.
 */
import { refuseForeignOrganization } from "./foreign-organization";
import { NOT_INSPECTED_FIRST, originOfDelete, refuseDestroyOfDeclared } from "../run/delete-origin";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { changePolicy } from "../resource-policies/change";
import { called, type PolicyOutputs } from "../resource-policies/declaration";
import type { LockableKind } from "../resource-policies/kind";
import { isSamePolicy, textsOf } from "../resource-policies/history";
import { lookAtPolicy } from "../resource-policies/observe";
import { accountsOfRun } from "../run/accounts";
import { policiesOfRun } from "../run/policies";

/** Whatever becomes of it: with the resource goes what it remembers, so that is told once more. */
export async function restorePolicy(kind: LockableKind, id: string, props: PolicyOutputs): Promise<void> {
    refuseDestroyOfDeclared(id, `the policy of ${called(kind, props)} was not put back`);
    log(await restored(kind, id, props));
    for (const text of textsOf(props)) log(`a policy that it had: ${text}`);
    policiesOfRun().forget(id);
}

async function restored(kind: LockableKind, id: string, props: PolicyOutputs): Promise<string> {
    const what = `the policy of ${called(kind, props)}`;
    const reason = innocentReason(id, props);
    if (reason) return `${what} ${reason}`;
    const { caller } = await preflightBeforeWrite("RootSessions");
    refuseForeignOrganization(props, caller);
    const speaksAgainst = await suspicion(id);
    if (speaksAgainst) throw new Error(`${what} was not put back: ${speaksAgainst}`);
    const { savedPolicy = "", writtenPolicy = "", locatedIn } = props;
    const look = await lookAtPolicy(kind, props, locatedIn);
    if (look.is === "gone") return `${look.because}; nothing is changed there`;
    if (look.is === "unknown")
        throw new Error(`${what} was not put back: ${look.failure.detail} ${TO_FORGET_IT}`);
    const now = look.policy ?? "";
    if (now === savedPolicy) return `${what} is the one that was replaced already`;
    if (!isSamePolicy(now, writtenPolicy)) {
        throw new Error(
            `${what} was not put back: since it was unlocked, somebody else has changed it, and that would be undone. ` +
                `Set onDelete: "retain", run up, and delete the resource then. ${TO_FORGET_IT}`,
        );
    }
    // With deleteBeforeReplace the program may go on declaring while this waits.
    const changed = innocentReason(id, props);
    if (changed) return `${what} ${changed}`;
    const inWords =
        savedPolicy === ""
            ? "deleted the policy, as there was none before"
            : "put back the policy that was replaced";
    const to = savedPolicy === "" ? undefined : savedPolicy;
    await changePolicy(kind, props, look.region, caller, { from: look.policy, to, inWords, locks: true });
    return `${what} is as it was`;
}

const TO_FORGET_IT =
    "If it shall be left as it is for good, pulumi state delete forgets it and changes nothing in AWS; the texts that it remembers are in the state until then (savedPolicy, earlier).";

/** Why nothing is to be put back, and why that is right. */
function innocentReason(id: string, { onDelete, savedPolicy }: PolicyOutputs): string | undefined {
    if (policiesOfRun().isDeclared(id)) return "is still declared by the program: nothing is put back";
    if (onDelete !== "restore-policy") return "is left as it is (onDelete: retain)";
    if (savedPolicy === undefined)
        return "is left as it is: this stack does not remember to have changed it (a run that was killed may have)";
    return undefined;
}

/** So many may be put back in one run because they left the program. `pulumi destroy` is deliberate and not bounded. */
const MOST = 5;

/** What about this run speaks against it; as with root credentials (`departures.ts`), `pulumi destroy` is deliberate. */
async function suspicion(id: string): Promise<string | undefined> {
    const origin = await originOfDelete();
    if (origin === "destroy") return undefined;
    if (origin !== "program") return origin.unknown;
    if (policiesOfRun().declaredCount() + accountsOfRun().declaredCount() === 0)
        return "the program declares nothing at all. If that is not a mistake, use pulumi destroy.";
    const leaving = policiesOfRun()
        .removedFromProgram()
        .filter(({ isPutBack }) => isPutBack).length;
    if (leaving > MOST)
        return `${leaving} policies would leave the program and be put back in this run, and more than ${MOST} are not. If they should, take them out a few at a time; if not, look at the setting unlock (pulumi config).`;
    return policiesOfRun().isInspected(id) ? undefined : NOT_INSPECTED_FIRST;
}
