/** The setting `unlock`, checked: buckets and queues whose policy must shut nobody out. */
import { printable } from "pulumi-aws-root-credentials";
import { z } from "zod";

export interface Unlock {
    account: string;
    bucket?: string;
    queueUrl?: string;
    region?: string;
    mode?: "remove-lock" | "delete";
    policy?: Record<string, unknown> | string;
    keep?: string[];
    remove?: string[];
    onDelete?: "retain" | "restore-policy";
    reason?: string;
}

const ACCOUNT = 'expected an account id of 12 digits, in quotes ("012345678901")';
const SIDS = "expected a list of statements' Sids";
const OBJECT = "expected an object with account, and bucket or queueUrl";

const text = (expected: string) =>
    z
        .union([z.string(), z.number()], expected)
        .transform((given) => String(given).replace(/\s+/g, " "))
        .pipe(z.string().trim().min(1, expected));

const choice = <const Choices extends readonly [string, string]>(choices: Choices) =>
    z.enum(choices, `expected ${choices.join(" or ")}`).optional();

/** Each key with its form. What a bucket's name and a queue's URL look like, the resource says. */
export const unlockKeys = {
    account: text(ACCOUNT).pipe(z.string().regex(/^\d{12}$/, ACCOUNT)),
    bucket: text("expected the name of a bucket").optional(),
    queueUrl: text("expected the URL of a queue").optional(),
    region: text("expected a region such as eu-west-1").optional(),
    mode: choice(["remove-lock", "delete"]),
    policy: z
        .union(
            [z.string(), z.record(z.string(), z.unknown())],
            "expected a policy, as an object or as JSON text",
        )
        .optional(),
    keep: z.array(z.string(SIDS), SIDS).optional(),
    remove: z.array(z.string(SIDS), SIDS).optional(),
    onDelete: choice(["retain", "restore-policy"]),
    reason: text("expected a text that says why").transform(printable).optional(),
};

const unlock = z
    .strictObject(unlockKeys, {
        error: (issue) => (issue.code === "invalid_type" ? OBJECT : undefined),
    })
    .refine(({ bucket, queueUrl }) => (bucket === undefined) !== (queueUrl === undefined), {
        error: "expected either bucket or queueUrl",
    });

/** A list, in which no bucket and no queue comes twice. */
export const unlockSetting = z
    .array(unlock, "expected a list of objects with account, and bucket or queueUrl")
    .superRefine(refuseRepetitions)
    .default([])
    .transform((unlocks) => unlocks as Unlock[]);

function refuseRepetitions(unlocks: z.infer<typeof unlock>[], context: z.RefinementCtx): void {
    unlocks.forEach(({ bucket, queueUrl }, index) => {
        const key = bucket === undefined ? "queueUrl" : "bucket";
        const first = unlocks.findIndex((other) => other.bucket === bucket && other.queueUrl === queueUrl);
        if (first === index) return;
        const message = `expected each once, and unlock[${first}] is the same`;
        context.addIssue({ code: "custom", path: [index, key], message });
    });
}
