/**
 * Declares the bucket and queue policies of the setting `unlock`, which must lock nobody out.
 *
 * The report of a run names the statement that locks and what `up` will do. Never await `pulumi.log` inside a hook
 * (`evidence.ts`).
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import {
    BucketPolicyUnlocked,
    previewOfPolicy,
    QueuePolicyUnlocked,
    stillDeclaresPolicy,
    policiesOfRun,
    storeOfRun,
    type InspectedPolicy,
    type PolicyFinding,
    type PolicyInReport,
    type PolicyPreview,
} from "pulumi-aws-root-credentials";
import { countRefused } from "./declarations";
import { messageOf } from "./errors";
import { warn } from "./log";
import { findAccount, reasonToSkip, type Scope } from "./selection";
import type { Unlock } from "./settings/unlock";

/** The reason for which the provider skips this account. */
const MANAGEMENT_ACCOUNT = "management account";

const NO_RESULT = { finding: "not inspected", text: "this run has no result for it" } as const;

interface Declared {
    unlock: Unlock;
    resource: BucketPolicyUnlocked | QueuePolicyUnlocked;
}

export class Unlocks {
    private readonly declared = new Map<string, Declared>();
    /** Without a text if nothing needs to change. */
    private readonly findings = new Map<string, { finding: PolicyFinding; text?: string }>();

    private readonly unlocks: Unlock[];
    private readonly inactive: Unlock[];

    /** Ends the program if an account is not in the organization. Warns of an account that is not active, and skips it. */
    constructor(
        unlocks: Unlock[],
        private readonly scope: Scope,
    ) {
        const wrong = unlocks.flatMap((unlock, index) => this.problemWith(unlock, index) ?? []);
        if (wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
        this.unlocks = unlocks.filter((unlock) => !this.isInactive(unlock));
        this.inactive = unlocks.filter((unlock) => !this.unlocks.includes(unlock));
    }

    /** @param canInspect whether a preview can inspect policies: not before central root access is on */
    declare(dependsOn: pulumi.Resource[], canInspect: boolean): void {
        if (this.unlocks.length === 0) return;
        const hooks = canInspect
            ? { beforeCreate: [this.hook("create")], beforeUpdate: [this.hook("update")] }
            : {};
        for (const unlock of this.unlocks) {
            const name = nameOf(unlock);
            const resource = resourceOf(name, this.argumentsOf(unlock), { dependsOn, hooks });
            this.declared.set(name, { unlock, resource });
            // No hook runs for an unchanged policy or in an `up`.
            resource.__observedInRun.apply((run) => this.setUnchanged(name, run));
        }
    }

    /** Complete only after the engine has finished every policy. */
    reportEntries(): PolicyInReport[] {
        const inspected = [...this.declared].map(([name, { unlock }]) => {
            const { finding, text } = this.findings.get(name) ?? NO_RESULT;
            return { ...this.reportFields(unlock), finding, text: text ?? "no change is needed" };
        });
        const skipped = this.inactive.map((unlock) => ({
            ...this.reportFields(unlock),
            finding: "skipped" as const,
            text: `its account is skipped (${reasonToSkip(this.scope, unlock.account) ?? ""})`,
        }));
        return [...inspected, ...skipped, ...policiesOfRun().removedFromProgram().map(leavingPolicy)];
    }

    /** Waits until the engine has finished every policy. Returns the number that it refused. */
    countRefused(): Promise<number> {
        return countRefused([...this.declared.values()].map(({ resource }) => resource));
    }

    private setUnchanged(name: string, run: string | undefined): void {
        if (run !== "" && run === storeOfRun().id && !this.findings.has(name))
            this.findings.set(name, { finding: "as declared" });
    }

    private reportFields({ account, bucket, queueUrl }: Unlock) {
        const accountName = findAccount(this.scope, account)?.name;
        return {
            accountId: account,
            ...(accountName && { accountName }),
            resource: bucket ?? queueUrl ?? "",
        };
    }

    private hook(when: "create" | "update"): pulumi.ResourceHook {
        const act = async ({ name, oldOutputs }: pulumi.ResourceHookArgs) => {
            const declared = this.declared.get(name);
            if (!pulumi.runtime.isDryRun() || !declared) return;
            const seen = oldOutputs as Parameters<typeof previewOfPolicy>[1];
            const run = storeOfRun().id;
            if (when === "update" && (run === "" || seen?.__observedInRun !== run)) return;
            try {
                const preview = await previewOfPolicy(
                    this.argumentsOf(declared.unlock),
                    when === "update" ? seen : undefined,
                );
                this.setFinding(name, declared.unlock, preview);
            } catch (error) {
                this.setFinding(name, declared.unlock, {
                    finding: "unknown",
                    text: `${name} could not be inspected: ${messageOf(error)}`,
                });
            }
        };
        // Outside the run's context, an inline program would not know its run (`evidence.ts`).
        const bound = AsyncLocalStorage.bind(act);
        return new pulumi.ResourceHook(`inspect-policy-before-${when}`, bound, { onDryRun: true });
    }

    private setFinding(name: string, { reason }: Unlock, { finding, text }: PolicyPreview): void {
        this.findings.set(name, { finding, text: reason === undefined ? text : `${text} (${reason})` });
    }

    argumentsOf({ account, ...rest }: Unlock) {
        const { active, excluded } = this.scope;
        const accountName = [...active, ...excluded].find(({ id }) => id === account)?.name;
        const { onDelete = "retain" as const } = rest;
        return { ...rest, accountId: account, ...(accountName && { accountName }), onDelete };
    }

    private problemWith({ account }: Unlock, index: number): string | undefined {
        const { active, excluded } = this.scope;
        const reason = reasonToSkip(this.scope, account);
        if (reason !== undefined && reason !== MANAGEMENT_ACCOUNT) return undefined;
        if ([...active, ...excluded].some(({ id }) => id === account)) return undefined;
        const found =
            reason === undefined
                ? "which organizations:ListAccounts does not list"
                : `which is the ${MANAGEMENT_ACCOUNT}`;
        return (
            `the setting unlock[${index}] names account ${account}, ${found}: expected an active member account, ` +
            "because AWS opens root sessions in no other account. Nothing was changed; see pulumi config"
        );
    }

    private isInactive({ account, ...rest }: Unlock): boolean {
        const { bucket, queueUrl } = rest;
        const reason = reasonToSkip(this.scope, account);
        if (reason === undefined) return false;
        // The resource leaves the stack, and its policy stays as it is.
        stillDeclaresPolicy(this.argumentsOf({ account, ...rest }));
        warn(
            `the policy of ${bucket ?? queueUrl} is not inspected, because account ${account} is skipped (${reason}): AWS opens root sessions in active member accounts only`,
        );
        return true;
    }
}

function leavingPolicy({
    accountId,
    accountName,
    resource,
    isPutBack,
}: InspectedPolicy & { id: string; isPutBack: boolean }): PolicyInReport {
    const then = isPutBack
        ? "pulumi up restores the old policy, including its lock"
        : "pulumi up leaves it as it is";
    const text = `the program no longer declares this policy, and ${then}`;
    return { accountId, ...(accountName && { accountName }), resource, finding: "leaving", text };
}

/** The name depends on the account and the bucket or queue only, because a changed name would replace the resource. */
function nameOf({ account, bucket, queueUrl }: Unlock): string {
    return `${account}-${bucket ?? queueUrl?.replace(/^https?:\/\//, "").replaceAll("/", "-")}`;
}

type PolicyArguments = ReturnType<Unlocks["argumentsOf"]>;

function resourceOf(name: string, policy: PolicyArguments, options: pulumi.CustomResourceOptions) {
    const { bucket, queueUrl, ...declared } = policy;
    return bucket === undefined
        ? new QueuePolicyUnlocked(name, { ...declared, queueUrl: queueUrl ?? "" }, options)
        : new BucketPolicyUnlocked(name, { ...declared, bucket }, options);
}
