/** The stack's configuration, typed and checked before anything is looked at. `Pulumi.yaml` describes each setting. */
import * as pulumi from "@pulumi/pulumi";
import type { OnDelete } from "pulumi-aws-root-credentials";
import { z } from "zod";

export interface Settings {
    onDelete: OnDelete;
    /** Left out: the provider's own default, which follows the number of accounts. */
    maxRemovals?: number;
}

const ON_DELETE = ["allow-recovery", "retain"] as const;

const settings = z.strictObject({
    onDelete: z.enum(ON_DELETE, `expected ${ON_DELETE.join(" or ")}`).default("allow-recovery"),
    maxRemovals: z
        .string()
        .regex(/^(automatic|\d+)$/, "expected a whole number from 0, or automatic")
        .default("automatic"),
});

/** The settings of this stack, or the program's end with one sentence for each that is wrong. */
export function readSettings(): Settings {
    const project = pulumi.getProject();
    const given = settingsOf(project, pulumi.runtime.allConfig());
    const parsed = settings.safeParse(given);
    if (!parsed.success) throw new pulumi.RunError(problems(project, given, parsed.error).join("\n"));
    const { onDelete, maxRemovals } = parsed.data;
    return { onDelete, ...(maxRemovals !== "automatic" && { maxRemovals: Number(maxRemovals) }) };
}

/** This project's settings without their namespace; those of other namespaces (`aws:region`) are not ours to judge. */
function settingsOf(project: string, config: Record<string, unknown>): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
}

function problems(project: string, given: Record<string, unknown>, error: z.ZodError): string[] {
    return error.issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownSetting(project, key));
        const key = String(issue.path[0]);
        return [
            `the setting ${project}:${key} is ${JSON.stringify(given[key])}: ${issue.message}; see pulumi config`,
        ];
    });
}

function unknownSetting(project: string, key: string): string {
    const known = Object.keys(settings.shape);
    return `there is no setting ${project}:${key}; expected one of ${known.join(", ")} (pulumi config rm ${key} removes it)`;
}
