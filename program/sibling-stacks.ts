/**
 * Other stacks that share the organization with this one, and the accounts they declare, as of their last `up`.
 *
 * Two stacks that declare one account undo each other's work where their settings differ; and an account that moves from one
 * to the other would be opened by the first, after the second has cleaned it.
 */
import * as pulumi from "@pulumi/pulumi";
import { thisRun, type MemberAccount } from "pulumi-aws-root-credentials";
import { messageOf } from "./errors";
import { warn } from "./log";
import { count } from "./words";

/** The output in which a stack that has siblings names its accounts. */
export const ACCOUNTS_DECLARED = "accountsDeclared";

export class SiblingStacks {
    private constructor(
        /** The stacks that declare it, by account id. */
        private readonly stackByAccount: Map<string, string>,
    ) {}

    /** Reads the siblings' outputs. A sibling that has told nothing yet is warned about. */
    static async read(names: string[]): Promise<SiblingStacks> {
        const stackByAccount = new Map<string, string>();
        for (const name of names) {
            const declared = (await outputsOf(fullName(name)))[ACCOUNTS_DECLARED];
            if (!Array.isArray(declared)) {
                warn(
                    `the stack ${name} (setting siblingStacks) does not tell which accounts it declares, so nobody knows whether they overlap: ` +
                        "give it the setting siblingStacks with this stack in it, and run up there",
                );
                continue;
            }
            for (const id of declared as string[]) stackByAccount.set(id, name);
        }
        return new SiblingStacks(stackByAccount);
    }

    /**
     * Ends the program where an account that a sibling declares would become this stack's too. Of one that it is already there
     * is a warning: to drop it here or there takes runs of both.
     */
    refuseOverlap(accounts: MemberAccount[]): void {
        const held = new Set(thisRun.accountsRead().map(({ id }) => id));
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

    /** The stack that declares an account. */
    declarerOf(accountId: string): string | undefined {
        return this.stackByAccount.get(accountId);
    }
}

/**
 * What `pulumi.StackReference` asks the engine too. That one is a resource: it would stay in the state, and each later refresh,
 * even that of `pulumi destroy`, would fail once the sibling is no more.
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
                "If there is no such stack any more, take it out of siblingStacks",
        );
    }
}

/** `prod` is a stack of the same project and the same owner. */
function fullName(name: string): string {
    return name.includes("/") ? name : `${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`;
}
