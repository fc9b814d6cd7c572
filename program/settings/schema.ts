/** All settings of a stack, with their defaults and checks. `Pulumi.yaml` describes each setting. */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { foundationKeys, foundationSetting } from "./foundation";
import { selector } from "./selectors";
import { acknowledgedSetting, exception, exceptionsSetting, type TemporaryEntry } from "./temporary-entry";
import { unlockKeys, unlockSetting } from "./unlock";
import { choice } from "./values";

const selectors = z.array(selector, "expected a list of objects, each of which selects accounts").default([]);

const STACK = "expected the name of a stack, or organization/project/stack";

const stack = z
    .string(STACK)
    .regex(/^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/, STACK)
    .refine(isOtherStack, { error: "expected another stack, and this is the stack itself" });

/** Settings that Pulumi passes as JSON, because they are lists or objects. */
const structured = {
    include: selectors,
    exclude: selectors,
    exceptions: exceptionsSetting,
    acknowledged: acknowledgedSetting,
    siblingStacks: z.array(stack, "expected a list of stacks").default([]),
    foundation: foundationSetting,
    unlock: unlockSetting,
};

const settings = z.strictObject({
    ...structured,
    onDelete: choice(["allow-recovery", "retain"]).default("allow-recovery"),
    maxRemovals: z
        .string()
        .regex(/^(automatic|\d+)$/, "expected a whole number from 0, or automatic")
        .default("automatic"),
    refuseIfUsedWithinDays: z
        .string()
        .regex(/^(off|[1-9]\d{0,4})$/, "expected a whole number of days from 1, or off")
        .default("off"),
    audit: choice(["summary", "full"]).default("summary"),
});

export const checkedSettings = settings.superRefine(refuseAccountInBothLists);

export const SETTINGS = Object.keys(settings.shape);

export function isStructured(setting: string): boolean {
    return Object.hasOwn(structured, setting);
}

/** The keys that are known at a path of the configuration. */
export function knownKeys([setting]: PropertyKey[]): string[] {
    const keys: Record<PropertyKey, object> = {
        include: selector.shape,
        exclude: selector.shape,
        exceptions: exception.shape,
        acknowledged: exception.shape,
        foundation: foundationKeys,
        unlock: unlockKeys,
    };
    return setting === undefined ? SETTINGS : Object.keys(keys[setting] ?? {});
}

function isOtherStack(name: string): boolean {
    const self = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()];
    return name !== self[2] && name !== self.join("/");
}

/** An exception opens its account, and an account that cannot be inspected cannot be opened. */
function refuseAccountInBothLists(
    { exceptions, acknowledged }: Record<"exceptions" | "acknowledged", TemporaryEntry[]>,
    context: z.RefinementCtx,
): void {
    acknowledged.forEach(({ account }, index) => {
        const other = exceptions.findIndex((entry) => entry.account === account);
        if (other < 0) return;
        const message = `expected an account without an exception, and exceptions[${other}] names the same`;
        context.addIssue({ code: "custom", path: ["acknowledged", index, "account"], message });
    });
}
