/**
 * The dynamic provider of `PolicyBackup`: reads a policy and remembers it in the stack's state, and does nothing else.
 *
 * A resource is stored when its provider has answered. So a resource that both read and changed a policy would remember
 * what it replaced only afterwards, and a process that is killed in between would lose it. This one is stored before the
 * other one begins. It is asked again only while the other one does not exist.
 */
import type * as pulumi from "@pulumi/pulumi";
import { providerMethod } from "./provider-method";
import { preflightBeforeWrite } from "./preflight-before-write";
import { log } from "../process/log";
import { AwsCallFailed } from "../aws/errors/diagnose";
import { resourceLabel, configuration, type PolicyConfiguration } from "../resource-policies/declaration";
import { ownerOf } from "../resource-policies/kind";
import { rememberedPolicies } from "../resource-policies/history";
import { kindOf } from "../resource-policies/kinds";
import { observePolicy } from "../resource-policies/observe";
import { planFor } from "../resource-policies/plan";
import { allUnknown, normalized, type GivenConfiguration } from "../resource-policies/validate";
import { policiesOfRun } from "../run/policies";

type BackupInputs = PolicyConfiguration & {
    /** It has to be looked at again: the other resource does not exist. */
    again?: true;
};

interface BackupOutputs extends BackupInputs {
    /** Byte for byte; empty where there was none. */
    savedPolicy: string;
    savedAt: string;
    /** What was saved before that, the oldest first. */
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

/** What is declared of the policy is only to tell whether it is about to be replaced; by itself it makes no difference. */
export function diff(
    _id: string,
    olds: BackupOutputs,
    news: BackupInputs,
): Promise<pulumi.dynamic.DiffResult> {
    return providerMethod("diff", news, () => {
        const kind = kindOf(news);
        if (allUnknown(kind, news)) return {};
        if (kind !== kindOf(olds) || kind.id(olds) !== kind.id(news)) return { replaces: [kind.key] };
        return { changes: news.again !== undefined };
    });
}

/** What was saved is not looked at again. */
export function read(
    id: string,
    props: Provided<BackupOutputs>,
): Promise<pulumi.dynamic.ReadResult<BackupOutputs>> {
    policiesOfRun().addSaved(id, rememberedPolicies(props));
    return Promise.resolve({ id, props, inputs: configuration(props) as BackupOutputs });
}

export function create(inputs: Provided<BackupInputs>): Promise<pulumi.dynamic.CreateResult<BackupOutputs>> {
    return providerMethod(
        `saving the policy of ${resourceLabel(kindOf(inputs), inputs)}`,
        inputs,
        async () => {
            const { text, organizationId } = await observeForBackup(inputs);
            const id = kindOf(inputs).id(inputs);
            // Of a backup under another name, which is about to go.
            const earlier = policiesOfRun()
                .saved(id)
                .filter((each) => each !== text);
            return { id, outs: saved(inputs, text, earlier, organizationId) };
        },
    );
}

/** A policy that is not about to be replaced does not push out what was saved: it may be what a killed run has put there. */
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
        return { outs: saved(news, text, [...olds.earlier, olds.savedPolicy], organizationId) };
    });
}

function deleteResource(_id: string, props: BackupOutputs): Promise<void> {
    for (const text of rememberedPolicies(props)) log(`a policy that was saved: ${text}`);
    return Promise.resolve();
}
export { deleteResource as delete };

function saved(inputs: BackupInputs, text: string, earlier: string[], organizationId: string): BackupOutputs {
    const savedAt = new Date().toISOString();
    return { ...configuration(inputs), savedPolicy: text, savedAt, earlier, organizationId };
}

async function observeForBackup(inputs: BackupInputs) {
    const kind = kindOf(inputs);
    const { caller } = await preflightBeforeWrite("RootSessions");
    const { organizationId } = caller;
    const look = await observePolicy(kind, inputs);
    if (look.is === "unknown") throw new AwsCallFailed(look.failure);
    if (look.is === "gone") throw new Error(`${look.because}; remove it from the program`);
    const plan = planFor(inputs, look.policy, ownerOf(kind, inputs, look.region, organizationId));
    return { text: look.policy ?? "", organizationId, isReplaced: plan.is !== "nothing" };
}
