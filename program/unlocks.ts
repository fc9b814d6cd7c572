/**
 * Policies of buckets and queues that must shut nobody out: declared from the setting `unlock`.
 *
 * The report of a run says of each policy what locks and what `up` will do. Inside a hook never await `pulumi.log`
 * (`evidence.ts`).
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import {
    BucketPolicyUnlocked,
    previewOfPolicy,
    QueuePolicyUnlocked,
    stillDeclaresPolicy,
    thisRun,
    type PolicyFinding,
    type PolicyInReport,
    type PolicyPreview,
} from "pulumi-aws-root-credentials";
import { countRefused } from "./declarations";
import { warn } from "./log";
import type { Scope } from "./selection";
import type { Unlock } from "./unlock-settings";

/** As accounts are skipped for it. */
const MANAGEMENT_ACCOUNT = "management account";

const NO_RESULT = { finding: "not inspected", text: "this run has no result for it" } as const;

interface Declared {
    unlock: Unlock;
    resource: BucketPolicyUnlocked | QueuePolicyUnlocked;
}

export class Unlocks {
    private readonly declared = new Map<string, Declared>();
    /** Without a text where there is nothing to do. */
    private readonly findings = new Map<string, { finding: PolicyFinding; text?: string }>();

    /** Those that can be looked at. */
    private readonly unlocks: Unlock[];
    private readonly inactive: Unlock[];

    /** Ends the program where an account is none of the organization's; one that is not active now is left out, with a warning. */
    constructor(
        unlocks: Unlock[],
        private readonly scope: Scope,
    ) {
        const wrong = unlocks.flatMap((unlock, index) => this.outOfReach(unlock, index) ?? []);
        if (wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
        this.unlocks = unlocks.filter((unlock) => !this.isInactive(unlock));
        this.inactive = unlocks.filter((unlock) => !this.unlocks.includes(unlock));
    }

    /** @param looks whether a preview can look at all: not before central root access is on */
    declare(dependsOn: pulumi.Resource[], looks: boolean): void {
        if (this.unlocks.length === 0) return;
        const hooks = looks
            ? { beforeCreate: [this.hook("create")], beforeUpdate: [this.hook("update")] }
            : {};
        for (const unlock of this.unlocks) {
            const name = nameOf(unlock);
            const resource = resourceOf(name, this.given(unlock), { dependsOn, hooks });
            this.declared.set(name, { unlock, resource });
            // No hook runs where there is nothing to do, nor in an `up`.
            resource.__observedInRun.apply((run) => this.unchanged(name, run));
        }
    }

    /** To be called once the engine is done with every policy. */
    inReport(): PolicyInReport[] {
        const looked = [...this.declared].map(([name, { unlock }]) => {
            const { finding, text } = this.findings.get(name) ?? NO_RESULT;
            return { ...this.owned(unlock), finding, text: text ?? "nothing is to be done" };
        });
        const skipped = this.inactive.map((unlock) => ({
            ...this.owned(unlock),
            finding: "skipped" as const,
            text: `its account is skipped (${this.reasonToSkip(unlock) ?? ""})`,
        }));
        return [...looked, ...skipped, ...thisRun.policiesLeaving().map(leavingPolicy)];
    }

    /** Waits until the engine has finished every policy. Returns the number that it refused. */
    areThrough(): Promise<number> {
        return countRefused([...this.declared.values()].map(({ resource }) => resource));
    }

    private unchanged(name: string, run: string | undefined): void {
        if (run !== "" && run === thisRun.id() && !this.findings.has(name))
            this.findings.set(name, { finding: "as declared" });
    }

    private reasonToSkip({ account }: Unlock): string | undefined {
        return this.scope.skipped.find(({ id }) => id === account)?.reason;
    }

    private owned({ account, bucket, queueUrl }: Unlock) {
        const { active, excluded, skipped } = this.scope;
        const accountName = [...active, ...excluded, ...skipped].find(({ id }) => id === account)?.name;
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
            const run = thisRun.id();
            if (when === "update" && (run === "" || seen?.__observedInRun !== run)) return;
            try {
                const preview = await previewOfPolicy(
                    this.given(declared.unlock),
                    when === "update" ? seen : undefined,
                );
                this.show(name, declared.unlock, preview);
            } catch (error) {
                const because = error instanceof Error ? error.message : String(error);
                this.show(name, declared.unlock, {
                    finding: "unknown",
                    text: `${name} could not be looked at: ${because}`,
                });
            }
        };
        // Outside of the run's context an inline program would not know its run (`evidence.ts`).
        const bound = AsyncLocalStorage.bind(act);
        return new pulumi.ResourceHook(`look-at-policy-before-${when}`, bound, { onDryRun: true });
    }

    private show(name: string, { reason }: Unlock, { finding, text }: PolicyPreview): void {
        this.findings.set(name, { finding, text: reason === undefined ? text : `${text} (${reason})` });
    }

    /** What is declared of it. */
    given({ account, ...rest }: Unlock) {
        const { active, excluded } = this.scope;
        const accountName = [...active, ...excluded].find(({ id }) => id === account)?.name;
        const { onDelete = "retain" as const } = rest;
        return { ...rest, accountId: account, ...(accountName && { accountName }), onDelete };
    }

    private outOfReach({ account }: Unlock, index: number): string | undefined {
        const { active, excluded, skipped } = this.scope;
        const reason = skipped.find(({ id }) => id === account)?.reason;
        if (reason !== undefined && reason !== MANAGEMENT_ACCOUNT) return undefined;
        if ([...active, ...excluded].some(({ id }) => id === account)) return undefined;
        const found =
            reason === undefined
                ? "which organizations:ListAccounts does not list"
                : `which is the ${MANAGEMENT_ACCOUNT}`;
        return (
            `the setting unlock[${index}] names account ${account}, ${found}: expected an active member account, ` +
            "since AWS opens root sessions in no other. Nothing was changed; see pulumi config"
        );
    }

    private isInactive({ account, ...rest }: Unlock): boolean {
        const { bucket, queueUrl } = rest;
        const reason = this.scope.skipped.find(({ id }) => id === account)?.reason;
        if (reason === undefined) return false;
        // Its resource leaves the stack, and its policy is left as it is.
        stillDeclaresPolicy(this.given({ account, ...rest }));
        warn(
            `nobody looks at ${bucket ?? queueUrl} of account ${account}, which is skipped (${reason}): AWS opens root sessions in active member accounts only`,
        );
        return true;
    }
}

function leavingPolicy({
    accountId,
    accountName,
    resource,
    isPutBack,
}: ReturnType<typeof thisRun.policiesLeaving>[number]): PolicyInReport {
    const then = isPutBack
        ? "pulumi up restores the old policy, including its lock"
        : "pulumi up leaves it as it is";
    const text = `the program no longer declares this policy, and ${then}`;
    return { accountId, ...(accountName && { accountName }), resource, finding: "leaving", text };
}

/** Of the account and the bucket or queue: a stack's names last. */
function nameOf({ account, bucket, queueUrl }: Unlock): string {
    return `${account}-${bucket ?? queueUrl?.replace(/^https?:\/\//, "").replaceAll("/", "-")}`;
}

type Given = ReturnType<Unlocks["given"]>;

function resourceOf(name: string, given: Given, options: pulumi.CustomResourceOptions) {
    const { bucket, queueUrl, ...declared } = given;
    return bucket === undefined
        ? new QueuePolicyUnlocked(name, { ...declared, queueUrl: queueUrl ?? "" }, options)
        : new BucketPolicyUnlocked(name, { ...declared, bucket }, options);
}
