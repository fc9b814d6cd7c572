/**
 * The dynamic provider of `BucketPolicyUnlocked` and `QueuePolicyUnlocked`: the six methods for one kind of policy.
 *
 * `check` and `diff` do not call AWS. `read` calls AWS, and a policy that it cannot read counts as drift. A policy is changed only
 * if the stack's state already holds the text to be replaced.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AwsCallFailed } from "../aws/errors/diagnose";
import { log } from "../process/log";
import {
    configuration,
    desiredPolicyState,
    resourceLabel,
    type PolicyInputs,
    type PolicyOutputs,
} from "../resource-policies/declaration";
import {
    historyOf,
    rememberedPolicies,
    withOlderPolicies,
    withReplacedPolicy,
} from "../resource-policies/history";
import type { PolicyKind } from "../resource-policies/kind";
import { observePolicy, type PolicyObservation } from "../resource-policies/observe";
import { textOrNone } from "../resource-policies/policy-text";
import {
    isTargetUnknown,
    normalized,
    validatePolicy,
    type GivenConfiguration,
} from "../resource-policies/validate";
import { policiesOfRun } from "../run/policies";
import { programOfRun } from "../run/program";
import { refuseForeignOrganization } from "./foreign-organization";
import { observeForRefresh, policyOutputsOf } from "./policy-observation";
import { restorePolicy } from "./policy-restore";
import { preflightBeforeWrite } from "./preflight-before-write";
import { PartialFailure, providerMethod } from "./provider-method";
import { reconcilePolicy } from "./reconcile-policy";

type Provided<T> = T & { __provider?: string };

/** The properties whose change makes an update. */
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
            if (!isTargetUnknown(this.kind, inputs)) policiesOfRun().addDeclared(this.kind.id(inputs));
            return { inputs: { ...configuration(inputs), ...desiredPolicyState(inputs) } };
        });

    /** Compares the observed with the desired state. The engine then finds the properties that differ. */
    diff = (_id: string, olds: PolicyOutputs, news: PolicyInputs): Promise<pulumi.dynamic.DiffResult> =>
        providerMethod("diff", news, () => {
            if (isTargetUnknown(this.kind, news)) return {};
            if (olds.accountId !== news.accountId) return { replaces: ["accountId"] };
            if (this.kind.id(olds) !== this.kind.id(news)) return { replaces: [this.kind.key] };
            if (policiesOfRun().isAnyInspected() && !policiesOfRun().isInspected(this.kind.id(olds)))
                return { changes: true };
            const same = COMPARED.every((key) => JSON.stringify(olds[key]) === JSON.stringify(news[key]));
            return same ? { changes: false } : {};
        });

    /** Reads the policy. The findings become the inputs too, so that the engine shows each lock as a difference. */
    read = (id: string, props: Provided<PolicyOutputs>): Promise<pulumi.dynamic.ReadResult<PolicyOutputs>> =>
        providerMethod(`inspecting the policy of ${resourceLabel(this.kind, props)}`, props, async () => {
            const { observation, organizationId } = await observeForRefresh(this.kind, props);
            if (observation.is === "gone") {
                log(`${observation.because}; its policy is dropped from the stack`);
                for (const text of rememberedPolicies(props)) log(`its stored policy: ${text}`);
                return { props };
            }
            const now = observation.is === "seen" ? (observation.policy ?? "") : props.currentPolicy;
            const past = withReplacedPolicy(props, now);
            const { accountId, accountName, bucket, queueUrl = id, onDelete, locatedIn } = props;
            const target = { accountId, ...(accountName && { accountName }), resource: bucket ?? queueUrl };
            policiesOfRun().addInspected(id, { ...target, onDelete, locatedIn, currentPolicy: now, ...past });
            const outputs = { ...policyOutputsOf(this.kind, props, observation, organizationId), ...past };
            const { lockedBy, policyIs, auditError } = outputs;
            const findings = { lockedBy, ...(policyIs && { policyIs }), auditError };
            return { id, props: outputs, inputs: { ...configuration(props), ...findings } as PolicyOutputs };
        });

    create = (inputs: Provided<PolicyInputs>): Promise<pulumi.dynamic.CreateResult<PolicyOutputs>> =>
        providerMethod(`unlocking the policy of ${resourceLabel(this.kind, inputs)}`, inputs, async () => {
            const { caller } = await preflightBeforeWrite("RootSessions");
            const id = this.kind.id(inputs);
            // After a rename or before a replacement, another resource of the stack holds the same policy. Its history is kept.
            const known = policiesOfRun().inspected(id);
            const saved = inputs.before ?? "";
            const observation = await observePolicy(this.kind, inputs, known?.locatedIn);
            if (observation.is === "gone")
                throw new Error(`${observation.because}; remove it from the program`);
            if (observation.is === "unknown") {
                if (!known) throw new AwsCallFailed(observation.failure);
                const outputs = policyOutputsOf(
                    this.kind,
                    { ...known, ...inputs },
                    observation,
                    caller.organizationId,
                );
                throw new PartialFailure(id, { ...outputs, ...historyOf(known) }, [
                    observation.failure.detail,
                ]);
            }
            const current = observation.policy ?? "";
            const before = { ...(known && withReplacedPolicy(known, current)), currentPolicy: saved };
            const past = withOlderPolicies(withReplacedPolicy(before, current), policiesOfRun().saved(id));
            const isSaved =
                current === saved || (current === known?.currentPolicy && known.inState !== false);
            const observed = {
                ...policyOutputsOf(this.kind, inputs, observation, caller.organizationId),
                ...past,
            };
            return { id, outs: await reconcilePolicy(this.kind, inputs, observed, isSaved, caller) };
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
            const observation: PolicyObservation =
                olds.lockedBy[0] === "unknown"
                    ? await observePolicy(this.kind, news, olds.locatedIn)
                    : { is: "seen", policy: textOrNone(olds.currentPolicy), region: olds.locatedIn };
            if (observation.is === "unknown") {
                const { currentPolicy, locatedIn, organizationId } = olds;
                const declared = { ...news, currentPolicy, locatedIn };
                const outputs = policyOutputsOf(this.kind, declared, observation, organizationId);
                throw new PartialFailure(id, { ...outputs, ...historyOf(olds) }, [
                    observation.failure.detail,
                ]);
            }
            if (observation.is === "gone")
                throw new Error(`${observation.because}; remove it from the program`);
            const current = observation.policy ?? "";
            // The findings are computed again, because the declaration may have changed since the refresh.
            const observed = {
                ...policyOutputsOf(
                    this.kind,
                    news,
                    observation,
                    olds.organizationId || caller.organizationId,
                ),
                ...withReplacedPolicy(olds, current),
            };
            const isSaved = current === olds.currentPolicy;
            return { outs: await reconcilePolicy(this.kind, news, observed, isSaved, caller) };
        });

    /** Puts the replaced policy back if that is declared and no guard refuses. */
    delete = (id: string, props: PolicyOutputs): Promise<void> =>
        providerMethod(`restoring the policy of ${resourceLabel(this.kind, props)}`, props, () =>
            restorePolicy(this.kind, id, props),
        );
}

function notInspected(kind: PolicyKind, target: Partial<PolicyInputs>): pulumi.dynamic.CheckFailure {
    return {
        property: kind.key,
        reason:
            `the policy of ${resourceLabel(kind, { accountId: "", ...target })} was not inspected in this run, so its state is unknown. ` +
            "Leave out --refresh=false, and keep `options: { refresh: always }` in Pulumi.yaml.",
    };
}
