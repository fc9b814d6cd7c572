/**
 * The dynamic provider of `BucketPolicyUnlocked` and `QueuePolicyUnlocked`: the six methods for one kind of policy.
 *
 * As with root credentials, `check` and `diff` do not call AWS, `read` looks live, and what could not be looked at is drift. A policy
 * is changed only if the very text that is replaced is in the stack's state already.
 */
import type * as pulumi from "@pulumi/pulumi";
import { foreignTo, refuseForeignOrganization } from "./foreign-organization";
import { providerMethod, PartialFailure } from "./provider-method";
import { textOrNone } from "../resource-policies/policy-text";
import { preflight, type Caller } from "../organization/preflight";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";
import { changePolicy } from "../resource-policies/change";
import {
    resourceLabel,
    configuration,
    desiredPolicyState,
    isAsDeclared,
    unknownPolicyState,
    type PolicyConfiguration,
    type PolicyInputs,
    type PolicyOutputs,
} from "../resource-policies/declaration";
import { policyStateOf } from "../resource-policies/findings";
import {
    withOwnChange,
    withReplacedPolicy,
    withOlderPolicies,
    historyOf,
    rememberedPolicies,
    withSeenPolicies,
} from "../resource-policies/history";
import { ownerOf, type PolicyKind } from "../resource-policies/kind";
import { observePolicy, type PolicyObservation } from "../resource-policies/observe";
import { planFor } from "../resource-policies/plan";
import type { PolicyOwner } from "../resource-policies/lockout/index";
import { restorePolicy } from "./policy-restore";
import {
    allUnknown,
    normalized,
    validatePolicy,
    type GivenConfiguration,
} from "../resource-policies/validate";
import { policiesOfRun } from "../run/policies";
import { programOfRun } from "../run/program";
import { storeOfRun } from "../run/store";

type Provided<T> = T & { __provider?: string };

/** What makes a difference. */
const COMPARED: (keyof PolicyInputs)[] = [
    "lockedBy",
    "policyIs",
    "auditError",
    "mode",
    "policy",
    "keep",
    "remove",
    "onDelete",
];

export class PolicyLifecycle implements pulumi.dynamic.ResourceProvider {
    constructor(private readonly kind: PolicyKind) {}

    check = (
        olds: Partial<PolicyInputs>,
        news: Provided<GivenConfiguration>,
    ): Promise<pulumi.dynamic.CheckResult<PolicyInputs>> =>
        providerMethod("check", news, () => {
            programOfRun().addCheck();
            const failures = validatePolicy(this.kind, news);
            if (olds.accountId && !policiesOfRun().isAnyInspected())
                failures.push(notInspected(this.kind, olds));
            const inputs = normalized(news);
            if (failures.length > 0) return { inputs: inputs as PolicyInputs, failures };
            if (!allUnknown(this.kind, inputs)) policiesOfRun().addDeclared(this.kind.id(inputs));
            return { inputs: { ...configuration(inputs), ...desiredPolicyState(inputs) } };
        });

    /** Compares observed with desired; leaves it to the engine to say which properties differ. */
    diff = (_id: string, olds: PolicyOutputs, news: PolicyInputs): Promise<pulumi.dynamic.DiffResult> =>
        providerMethod("diff", news, () => {
            if (allUnknown(this.kind, news)) return {};
            if (olds.accountId !== news.accountId) return { replaces: ["accountId"] };
            if (this.kind.id(olds) !== this.kind.id(news)) return { replaces: [this.kind.key] };
            if (policiesOfRun().isAnyInspected() && !policiesOfRun().isInspected(this.kind.id(olds)))
                return { changes: true };
            const same = COMPARED.every((key) => JSON.stringify(olds[key]) === JSON.stringify(news[key]));
            return same ? { changes: false } : {};
        });

    /** Looks live. What is seen becomes the inputs too, so that the engine shows what locks as a diff against nothing. */
    read = (id: string, props: Provided<PolicyOutputs>): Promise<pulumi.dynamic.ReadResult<PolicyOutputs>> =>
        providerMethod(`looking at the policy of ${resourceLabel(this.kind, props)}`, props, async () => {
            const { look, organizationId } = await this.observe(props);
            if (look.is === "gone") {
                log(`${look.because}; its policy is dropped from the stack`);
                for (const text of rememberedPolicies(props)) log(`a policy that it had: ${text}`);
                return { props };
            }
            const now = look.is === "seen" ? (look.policy ?? "") : props.currentPolicy;
            const past = withReplacedPolicy(props, now);
            const { accountId, accountName, bucket, queueUrl = id, onDelete, locatedIn } = props;
            const target = { accountId, ...(accountName && { accountName }), resource: bucket ?? queueUrl };
            policiesOfRun().addInspected(id, { ...target, onDelete, locatedIn, currentPolicy: now, ...past });
            const outputs = { ...this.outputsOf(props, look, organizationId), ...past };
            const { lockedBy, policyIs, auditError } = outputs;
            const observed = { lockedBy, ...(policyIs && { policyIs }), auditError };
            return { id, props: outputs, inputs: { ...configuration(props), ...observed } as PolicyOutputs };
        });

    create = (inputs: Provided<PolicyInputs>): Promise<pulumi.dynamic.CreateResult<PolicyOutputs>> =>
        providerMethod(`unlocking the policy of ${resourceLabel(this.kind, inputs)}`, inputs, async () => {
            const { caller } = await preflightBeforeWrite("RootSessions");
            const id = this.kind.id(inputs);
            // The same policy may be in the stack under another name, or be about to be replaced: what is known of it goes on.
            const known = policiesOfRun().inspected(id);
            const saved = inputs.before ?? "";
            const look = await observePolicy(this.kind, inputs, known?.locatedIn);
            if (look.is === "gone") throw new Error(`${look.because}; remove it from the program`);
            if (look.is === "unknown") {
                if (!known) throw new AwsCallFailed(look.failure);
                const seen = this.outputsOf({ ...known, ...inputs }, look, caller.organizationId);
                throw new PartialFailure(id, { ...seen, ...historyOf(known) }, [look.failure.detail]);
            }
            const current = look.policy ?? "";
            const before = { ...(known && withReplacedPolicy(known, current)), currentPolicy: saved };
            const past = withOlderPolicies(
                withReplacedPolicy(before, current),
                policiesOfRun().saved(id),
            );
            const isSaved =
                current === saved || (current === known?.currentPolicy && known.inState !== false);
            const seen = { ...this.outputsOf(inputs, look, caller.organizationId), ...past };
            return { id, outs: await this.reconcile(inputs, seen, isSaved, caller) };
        });

    update = (
        id: string,
        olds: PolicyOutputs,
        news: Provided<PolicyInputs>,
    ): Promise<pulumi.dynamic.UpdateResult<PolicyOutputs>> =>
        providerMethod(`unlocking the policy of ${resourceLabel(this.kind, news)}`, news, async () => {
            const { caller } = await preflightBeforeWrite("RootSessions");
            refuseForeignOrganization(olds, caller);
            if (!policiesOfRun().isInspected(id)) throw new Error(notInspected(this.kind, news).reason);
            // Judged anew: what the program declares may have changed since the refresh.
            const look: PolicyObservation =
                olds.lockedBy[0] === "unknown"
                    ? await observePolicy(this.kind, news, olds.locatedIn)
                    : { is: "seen", policy: textOrNone(olds.currentPolicy), region: olds.locatedIn };
            if (look.is === "unknown") {
                const seen = { ...this.outputsOf(news, look, olds.organizationId), ...historyOf(olds) };
                const { currentPolicy, locatedIn } = olds;
                throw new PartialFailure(id, { ...seen, currentPolicy, locatedIn }, [look.failure.detail]);
            }
            if (look.is === "gone") throw new Error(`${look.because}; remove it from the program`);
            const current = look.policy ?? "";
            const seen = {
                ...this.outputsOf(news, look, olds.organizationId || caller.organizationId),
                ...withReplacedPolicy(olds, current),
            };
            return { outs: await this.reconcile(news, seen, current === olds.currentPolicy, caller) };
        });

    /** Puts back what was replaced, where that is declared and nothing speaks against it. */
    delete = (id: string, props: PolicyOutputs): Promise<void> =>
        providerMethod(`restoring the policy of ${resourceLabel(this.kind, props)}`, props, () =>
            restorePolicy(this.kind, id, props),
        );

    /** @param isSaved whether the state holds what is there already: nothing else may be replaced */
    private async reconcile(
        declared: PolicyInputs,
        seen: PolicyOutputs,
        isSaved: boolean,
        caller: Caller,
    ): Promise<PolicyOutputs> {
        const current = textOrNone(seen.currentPolicy);
        const plan = planFor(declared, current, this.owner(declared, seen.locatedIn, seen.organizationId));
        if (plan.is === "nothing" && isAsDeclared(seen, declared)) return seen;
        if (plan.is !== "change") {
            const because = plan.is === "undecided" ? plan.because : "";
            throw new PartialFailure(this.kind.id(declared), seen, [this.undecided(seen, because)]);
        }
        // What is there now is in the state once this has failed.
        if (!isSaved)
            throw new PartialFailure(this.kind.id(declared), seen, [
                `the policy of ${resourceLabel(this.kind, declared)} is not the one that was saved (it was changed meanwhile); nothing was changed. Run again: the new one is saved now.`,
            ]);
        refuseWithoutCheckpoints(resourceLabel(this.kind, declared));
        const change = { from: current, to: plan.text, summary: plan.done };
        const { policy, others, lastChange } = await changePolicy(
            this.kind,
            declared,
            seen.locatedIn,
            caller,
            change,
        );
        const done = {
            ...this.outputsOf(declared, { is: "seen", policy, region: seen.locatedIn }, seen.organizationId),
            ...withSeenPolicies(
                withOwnChange(historyOf(seen), current ?? "", plan.text ?? "", lastChange),
                others,
            ),
        };
        if (others.length > 0)
            throw new PartialFailure(this.kind.id(declared), done, [
                `${resourceLabel(this.kind, declared)}: AWS agreed (${plan.done}), and then showed a policy that is neither the old one nor the one written. ` +
                    "Somebody else has written at the same moment, and one of the two writes is lost. Their policy is in the stack's state (earlier): " +
                    "compare it with the one that is there now, and write again what is missing. CloudTrail tells who it was (docs/unlock.md).",
            ]);
        if (isAsDeclared(done, declared)) return done;
        const left = `${resourceLabel(this.kind, declared)}: AWS agreed (${plan.done}), and what it shows now is not as declared: somebody else has written too, or AWS wrote it in other words. Run again.`;
        throw new PartialFailure(this.kind.id(declared), done, [left]);
    }

    private async observe(
        props: PolicyOutputs,
    ): Promise<{ look: PolicyObservation; organizationId: string }> {
        const { accountId, organizationId, locatedIn } = props;
        try {
            const caller = await preflight("RootSessions");
            const foreign = foreignTo(props, caller);
            if (foreign) return { look: { is: "unknown", failure: foreign }, organizationId };
            const look = await observePolicy(this.kind, props, locatedIn);
            return { look, organizationId: organizationId || caller.organizationId };
        } catch (error) {
            const failure = diagnose(error, { accountId, action: "preflight" });
            return { look: { is: "unknown", failure }, organizationId };
        }
    }

    private outputsOf(
        declared: PolicyConfiguration & Partial<PolicyOutputs>,
        look: Exclude<PolicyObservation, { is: "gone" }>,
        organizationId: string,
    ): PolicyOutputs {
        const run = { organizationId, __observedInRun: storeOfRun().id };
        if (look.is === "unknown") {
            const { cause, detail } = look.failure;
            const { currentPolicy = "", locatedIn = "" } = declared;
            const state = { ...unknownPolicyState(declared, cause), auditErrorDetail: detail };
            return { ...configuration(declared), ...state, currentPolicy, locatedIn, ...run };
        }
        const { policy, region } = look;
        const state = policyStateOf(declared, policy, this.owner(declared, region, organizationId));
        return {
            ...configuration(declared),
            ...state,
            currentPolicy: policy ?? "",
            locatedIn: region,
            ...run,
        };
    }

    private owner(declared: PolicyConfiguration, region: string, organizationId: string): PolicyOwner {
        return ownerOf(this.kind, declared, region, organizationId);
    }

    private undecided(seen: PolicyOutputs, because: string): string {
        const what = resourceLabel(this.kind, seen);
        if (seen.auditErrorDetail !== "") return `${what}: ${seen.auditErrorDetail}`;
        const locks = seen.lockedBy.map((each) => `it is locked by ${each}`);
        return `${what}: ${[because, ...locks].filter(Boolean).join("; ")}. Nothing was changed there.`;
    }
}

/** Without checkpoints the engine writes the state when it ends, and not before. */
function refuseWithoutCheckpoints(what: string): void {
    const { PULUMI_SKIP_CHECKPOINTS: skips = "", ROOT_CREDENTIALS_RECORD_FILE: record = "" } = process.env;
    if (!/^(1|true)$/i.test(skips) || record !== "") return;
    throw new Error(
        `the policy of ${what} was not changed: PULUMI_SKIP_CHECKPOINTS is ${skips}, so Pulumi keeps what is replaced in memory, and a killed run would lose it. ` +
            "Unset it, or set ROOT_CREDENTIALS_RECORD_FILE to a file in a place that outlives the run: the record of writes holds the old policy.",
    );
}

function notInspected(kind: PolicyKind, target: Partial<PolicyInputs>): pulumi.dynamic.CheckFailure {
    return {
        property: kind.key,
        reason:
            `the policy of ${resourceLabel(kind, { accountId: "", ...target })} was not looked at in this run, so nothing can be said about it. ` +
            "Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml.",
    };
}
