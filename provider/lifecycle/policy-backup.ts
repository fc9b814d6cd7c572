/**
 * The dynamic provider of `PolicyBackup`, which only reads a policy and stores it in the stack's state.
 *
 * Pulumi stores a resource when its provider has answered. If one resource both read and changed a policy, a process that is killed
 * in between would lose the old policy. So the backup is stored before the unlocking resource starts. The policy is read again only
 * while the unlocking resource does not exist.
 */
import type * as pulumi from "@pulumi/pulumi";
import { providerMethod } from "./provider-method";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { AwsCallFailed } from "../aws/errors/diagnose";
import { resourceLabel, configuration, type PolicyConfiguration } from "../resource-policies/declaration";
import { analyzedResourceOf } from "../resource-policies/kind";
import { rememberedPolicies } from "../resource-policies/history";
import { kindOf } from "../resource-policies/kinds";
import { observePolicy } from "../resource-policies/observe";
import { planFor } from "../resource-policies/plan";
import { isTargetUnknown, normalized, type GivenConfiguration } from "../resource-policies/validate";
import { policiesOfRun } from "../run/policies";

type BackupInputs = PolicyConfiguration & {
    /** The policy must be read again, because the unlocking resource does not exist. */
    again?: true;
};

interface BackupOutputs extends BackupInputs {
    /** Byte for byte. Empty if there was no policy. */
    savedPolicy: string;
    savedAt: string;
    /** The texts that were saved before, oldest first. */
    earlier: string[];
    organizationId: string;
}

type Provided<T> = T & { __provider?: string };

export function check(
    olds: Partial<BackupInputs>,
    news: Provided<GivenConfiguration>,
): Promise<pulumi.dynamic.CheckResult<BackupInputs>> {
    return providerMethod("check", news, () => {
        const inputs = configuration(normalized(news));
        const unlocked = policiesOfRun().isInspected(kindOf(inputs).id(inputs));
        return { inputs: { ...inputs, ...(olds.accountId && !unlocked && { again: true }) } };
    });
}

/** A changed declaration is no difference. The inputs hold it only to tell whether the policy is about to be replaced. */
export function diff(
    _id: string,
    olds: BackupOutputs,
    news: BackupInputs,
): Promise<pulumi.dynamic.DiffResult> {
    return providerMethod("diff", news, () => {
        const kind = kindOf(news);
        if (isTargetUnknown(kind, news)) return {};
        if (kind !== kindOf(olds) || kind.id(olds) !== kind.id(news)) return { replaces: [kind.key] };
        return { changes: news.again !== undefined };
    });
}

/** Does not call AWS, because the saved text does not change. */
export function read(
    id: string,
    props: Provided<BackupOutputs>,
): Promise<pulumi.dynamic.ReadResult<BackupOutputs>> {
    return providerMethod("reading a saved policy", props, () => {
        policiesOfRun().addSaved(id, rememberedPolicies(props));
        return { id, props, inputs: configuration(props) as BackupOutputs };
    });
}

export function create(inputs: Provided<BackupInputs>): Promise<pulumi.dynamic.CreateResult<BackupOutputs>> {
    return providerMethod(
        `saving the policy of ${resourceLabel(kindOf(inputs), inputs)}`,
        inputs,
        async () => {
            const { text, organizationId } = await observeForBackup(inputs);
            const id = kindOf(inputs).id(inputs);
            // After a rename, another backup of the same policy is about to be deleted. Its texts are kept.
            const earlier = policiesOfRun()
                .saved(id)
                .filter((each) => each !== text);
            return { id, outs: backupOutputs(inputs, text, earlier, organizationId) };
        },
    );
}

/** Keeps the saved text if the current policy is not about to be replaced, because a killed run may have written that policy. */
export function update(
    _id: string,
    olds: BackupOutputs,
    news: Provided<BackupInputs>,
): Promise<pulumi.dynamic.UpdateResult<BackupOutputs>> {
    return providerMethod(`saving the policy of ${resourceLabel(kindOf(news), news)}`, news, async () => {
        const { text, organizationId, isReplaced } = await observeForBackup(news);
        if (text === olds.savedPolicy || !isReplaced) {
            const { savedPolicy, savedAt, earlier } = olds;
            return { outs: { ...configuration(news), savedPolicy, savedAt, earlier, organizationId } };
        }
        return { outs: backupOutputs(news, text, [...olds.earlier, olds.savedPolicy], organizationId) };
    });
}

function deleteResource(_id: string, props: BackupOutputs): Promise<void> {
    return providerMethod("forgetting a saved policy", props, () => {
        for (const text of rememberedPolicies(props)) log(`a policy that was saved: ${text}`);
    });
}
export { deleteResource as delete };

function backupOutputs(
    inputs: BackupInputs,
    text: string,
    earlier: string[],
    organizationId: string,
): BackupOutputs {
    const savedAt = new Date().toISOString();
    return { ...configuration(inputs), savedPolicy: text, savedAt, earlier, organizationId };
}

async function observeForBackup(inputs: BackupInputs) {
    const kind = kindOf(inputs);
    const { caller } = await preflightBeforeWrite("RootSessions");
    const { organizationId } = caller;
    const observation = await observePolicy(kind, inputs);
    if (observation.is === "unknown") throw new AwsCallFailed(observation.failure);
    if (observation.is === "gone") throw new Error(`${observation.because}; remove it from the program`);
    const plan = planFor(
        inputs,
        observation.policy,
        analyzedResourceOf(kind, inputs, observation.region, organizationId),
    );
    return { text: observation.policy ?? "", organizationId, isReplaced: plan.is !== "nothing" };
}
