/**
 * Putting back the policy that was replaced, when the resource is deleted with `onDelete: "restore-policy"`.
 *
 * That may lock everybody out again, and Pulumi deletes for many innocent reasons. So it happens only where the program
 * no longer declares the policy, and AWS still holds exactly what was put there.
 */
import { refuseForeignOrganization } from "../foreign-organization";
import { NOT_LOOKED_AT_FIRST, originOfDelete } from "../origin-of-delete";
import { preflightBeforeWrite } from "../preflight";
import { RefusedByAws } from "../refusals";
import { thisRun } from "../this-run";
import { changePolicy } from "./change";
import { called, type PolicyOutputs } from "./declaration";
import type { LockableKind } from "./kind";
import { lookAtPolicy } from "./look";
import { samePolicy } from "./verdict";

export async function restorePolicy(kind: LockableKind, id: string, props: PolicyOutputs): Promise<void> {
    const what = `the policy of ${called(kind, props)}`;
    const reason = innocentReason(id, props);
    if (reason) return console.log(`${what} ${reason}`);
    const { caller } = await preflightBeforeWrite("RootSessions");
    refuseForeignOrganization(props, caller);
    const speaksAgainst = await suspicion(id);
    if (speaksAgainst) throw new Error(`${what} was not put back: ${speaksAgainst}`);
    const { savedPolicy = "", writtenPolicy = "", locatedIn } = props;
    const look = await lookAtPolicy(kind, props, locatedIn);
    if (look.is === "gone") return console.log(`${look.because}; nothing is changed there`);
    if (look.is === "unknown") throw new RefusedByAws(look.refusal);
    const now = look.policy ?? "";
    if (now === savedPolicy) return console.log(`${what} is the one that was replaced already`);
    if (!isSame(now, writtenPolicy)) {
        throw new Error(
            `${what} was not put back: since it was unlocked, somebody else has changed it, and that would be undone. ` +
                'Set onDelete: "retain", run up, and delete the resource then; the replaced policy is in the stack\'s state until it is deleted (savedPolicy).',
        );
    }
    await changePolicy(kind, props, locatedIn, caller, {
        from: look.policy,
        to: savedPolicy === "" ? undefined : savedPolicy,
        inWords:
            savedPolicy === ""
                ? "deleted the policy, as there was none before"
                : "put back the policy that was replaced",
        locks: true,
    });
}

/** Why nothing is to be put back, and why that is right. */
function innocentReason(id: string, { onDelete, savedPolicy }: PolicyOutputs): string | undefined {
    if (thisRun.declaresPolicy(id)) return "is still declared by the program: nothing is put back";
    if (onDelete !== "restore-policy") return "is left as it is (onDelete: retain)";
    if (savedPolicy === undefined)
        return "was never changed through this stack: there is nothing to put back";
    return undefined;
}

/** What about this run speaks against it; as with root credentials (`departures.ts`), `pulumi destroy` is deliberate. */
async function suspicion(id: string): Promise<string | undefined> {
    const origin = await originOfDelete();
    if (origin === "destroy") return undefined;
    if (origin !== "program") return origin.unknown;
    if (thisRun.declaredPolicies() + thisRun.declaredAccounts() === 0)
        return "the program declares nothing at all. If that is not a mistake, use pulumi destroy.";
    return thisRun.hasReadPolicy(id) ? undefined : NOT_LOOKED_AT_FIRST;
}

function isSame(one: string, other: string): boolean {
    if (one === "" || other === "") return one === other;
    return samePolicy(one, other);
}
