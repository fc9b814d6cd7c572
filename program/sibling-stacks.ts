/**
 * The accounts that other stacks of the same organization declare, as of their last `up`.
 *
 * Two stacks that declare the same account with different settings undo each other's work. If an account moves to another
 * stack, the first stack would open it after the second has cleaned it.
 */
import * as pulumi from "@pulumi/pulumi";
import { accountsOfRun, type MemberAccount } from "pulumi-aws-root-credentials";
import { messageOf } from "./errors";
import { warn } from "./log";
import { count } from "./words";

/** The output that lists the accounts of a stack with siblings. */
export const ACCOUNTS_DECLARED = "accountsDeclared";

export class SiblingStacks {
    private constructor(
        /** By account id. */
        private readonly stackByAccount: Map<string, string>,
    ) {}

    /** Reads the siblings' outputs. Warns of a sibling that does not list its accounts yet. */
    static async read(names: string[]): Promise<SiblingStacks> {
        const stackByAccount = new Map<string, string>();
        for (const name of names) {
            const declared = (await outputsOf(fullName(name)))[ACCOUNTS_DECLARED];
            if (!Array.isArray(declared)) {
                warn(
                    `the stack ${name} (setting siblingStacks) does not list the accounts that it declares, so an overlap cannot be ruled out: ` +
                        "give it the setting siblingStacks with this stack in it, and run up there",
                );
                continue;
            }
            for (const id of declared as string[]) stackByAccount.set(id, name);
        }
        return new SiblingStacks(stackByAccount);
    }

    /**
     * Ends the program if this stack would add an account that a sibling declares. If both stacks declare it already, this
     * only warns, because dropping it takes runs of both stacks.
     */
    refuseOverlap(accounts: MemberAccount[]): void {
        const held = new Set(
            accountsOfRun()
                .inspected()
                .map(({ id }) => id),
        );
        const shared = accounts.filter(({ id }) => this.stackByAccount.has(id));
        const [both, added] = [
            shared.filter(({ id }) => held.has(id)),
            shared.filter(({ id }) => !held.has(id)),
        ];
        if (both.length > 0) {
            warn(
                `${count(both.length, "account is", "accounts are")} declared by this stack and by another:\n${this.listed(both)}\nDrop each from one of them, with onDelete: retain (docs/stacks.md)`,
            );
        }
        if (added.length === 0) return;
        throw new pulumi.RunError(
            `${count(added.length, "account is", "accounts are")} selected here and declared by another stack, as of its last up:\n${this.listed(added)}\n` +
                "Nothing was changed. Leave it out here (exclude), or let the other stack drop it first, with onDelete: retain (docs/stacks.md).",
        );
    }

    private listed(accounts: MemberAccount[]): string {
        return accounts.map(({ id, name }) => `  ${id} ${name}: ${this.stackByAccount.get(id)}`).join("\n");
    }

    declarerOf(accountId: string): string | undefined {
        return this.stackByAccount.get(accountId);
    }
}

/**
 * Calls the engine as `pulumi.StackReference` does. A stack reference is a resource and would stay in the state. Once the
 * sibling is deleted, each refresh would fail, even that of `pulumi destroy`.
 */
async function outputsOf(stack: string): Promise<Record<string, unknown>> {
    try {
        const read = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack })) as {
            outputs?: Record<string, unknown>;
        };
        return read.outputs ?? {};
    } catch (error) {
        throw new pulumi.RunError(
            `the outputs of the stack ${stack} (setting siblingStacks) could not be read: ${messageOf(error)}. Nothing was changed. ` +
                "If the stack no longer exists, take it out of siblingStacks",
        );
    }
}

/** `prod` is a stack of the same project and the same owner. */
function fullName(name: string): string {
    return name.includes("/") ? name : `${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`;
}
