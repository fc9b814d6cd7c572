/** The setting `unlock`: buckets and queues whose policy must lock nobody out. */
import { printable } from "pulumi-aws-root-credentials";
import { z } from "zod";
import { accountId, choice, refuseDuplicates, text } from "./values";

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

const SIDS = "expected a list of statements' Sids";
const OBJECT = "expected an object with account, and bucket or queueUrl";

/** The resource checks the form of a bucket's name and of a queue's URL. */
export const unlockKeys = {
    account: accountId,
    bucket: text("expected the name of a bucket").optional(),
    queueUrl: text("expected the URL of a queue").optional(),
    region: text("expected a region such as eu-west-1").optional(),
    mode: choice(["remove-lock", "delete"]).optional(),
    policy: z
        .union(
            [z.string(), z.record(z.string(), z.unknown())],
            "expected a policy, as an object or as JSON text",
        )
        .optional(),
    keep: z.array(z.string(SIDS), SIDS).optional(),
    remove: z.array(z.string(SIDS), SIDS).optional(),
    onDelete: choice(["retain", "restore-policy"]).optional(),
    reason: text("expected a text that says why").transform(printable).optional(),
};

const unlock = z
    .strictObject(unlockKeys, {
        error: (issue) => (issue.code === "invalid_type" ? OBJECT : undefined),
    })
    .refine(({ bucket, queueUrl }) => (bucket === undefined) !== (queueUrl === undefined), {
        error: "expected either bucket or queueUrl",
    });

export const unlockSetting = z
    .array(unlock, "expected a list of objects with account, and bucket or queueUrl")
    .superRefine(
        refuseDuplicates("unlock", "bucket or queue", ({ bucket, queueUrl }) =>
            bucket === undefined ? { key: "queueUrl", value: queueUrl } : { key: "bucket", value: bucket },
        ),
    )
    .default([])
    .transform((unlocks) => unlocks as Unlock[]);
