/** Reads the stack's configuration and checks it before any account is inspected. */
import * as pulumi from "@pulumi/pulumi";
import type { AuditMode, OnDelete } from "pulumi-aws-root-credentials";
import type { FoundationSettings } from "./foundation";
import { invalidSettings, misplacedSettings, secretSettings } from "./problems";
import { checkedSettings, isStructured } from "./schema";
import type { Selection } from "./selectors";
import type { TemporaryEntry } from "./temporary-entry";
import type { Unlock } from "./unlock";

export interface Settings {
    selection: Selection;
    sharedArguments: SharedArguments;
    /** Accounts whose password may be recovered until a time (break-glass). */
    exceptions: TemporaryEntry[];
    /** Accounts that cannot be inspected, for a known cause and until a time. */
    acknowledged: TemporaryEntry[];
    /** Names of stacks that declare other accounts of the same organization. */
    siblingStacks: string[];
    /** Undefined if the foundation is off. */
    foundation?: FoundationSettings;
    /** Policies that must lock nobody out. */
    unlock: Unlock[];
}

/** The arguments that all accounts have in common. */
export interface SharedArguments {
    onDelete: OnDelete;
    /** If left out, the provider's default applies, which depends on the number of accounts. */
    maxRemovals?: number;
    /** If left out, credentials are removed whenever they were last used. */
    refuseIfUsedWithinDays?: number;
    /** If left out, `summary`. */
    audit?: AuditMode;
}

/** Ends the program with a sentence for each setting that is wrong. */
export function readSettings(): Settings {
    const project = pulumi.getProject();
    const config = pulumi.runtime.allConfig();
    const secret = secretSettings(project, config);
    if (secret.length > 0) throw new pulumi.RunError(secret.join("\n"));
    const given = settingsOf(project, config);
    const { data, error } = checkedSettings.safeParse(given);
    const wrong = [...misplacedSettings(project, config), ...invalidSettings(project, given, error)];
    if (!data || wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
    const { include, exclude, onDelete, maxRemovals, refuseIfUsedWithinDays, audit, foundation, ...lists } =
        data;
    return {
        ...lists,
        selection: { include, exclude },
        sharedArguments: {
            onDelete,
            ...(audit !== "summary" && { audit }),
            ...(maxRemovals !== "automatic" && { maxRemovals: Number(maxRemovals) }),
            ...(refuseIfUsedWithinDays !== "off" && {
                refuseIfUsedWithinDays: Number(refuseIfUsedWithinDays),
            }),
        },
        ...(foundation && { foundation }),
    };
}

/** This project's settings without their namespace. Other namespaces (`aws:region`) belong to other programs. */
function settingsOf(project: string, config: Record<string, unknown>): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(
        own.map(([key, value]) => {
            const name = key.slice(project.length + 1);
            return [name, isStructured(name) ? fromJson(value) : value];
        }),
    );
}

/** Text that is not JSON stays text, which the schema refuses. */
function fromJson(value: unknown): unknown {
    try {
        return typeof value === "string" ? JSON.parse(value) : value;
    } catch {
        return value;
    }
}
