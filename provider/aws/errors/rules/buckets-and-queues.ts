/** Buckets and queues, and their policies. */
import { NotListed } from "../error-classes";
import type { Rule } from "./rule";

/** What S3 answers where a bucket is in another region than the one that was asked. */
export const OTHER_REGION =
    /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

/** Buckets and queues, and their policies. */
export const BUCKETS_AND_QUEUES: Rule[] = [
    {
        reason: "no-such-bucket",
        applies: ({ error }) => error instanceof NotListed,
        because: "the account has no bucket of that name",
        next: ({ accountId }) =>
            `Check its name, and whose it is: only the account that owns a bucket can be let back in. If ${accountId} does own it, give its region.`,
    },
    {
        reason: "no-such-bucket",
        applies: ({ code }) => code === "NoSuchBucket",
        because: "there is no such bucket",
        next: "Check its name; a bucket that was deleted needs no unlocking: take it out of the program.",
    },
    {
        reason: "other-region",
        applies: ({ code, action }) => action.startsWith("s3:") && OTHER_REGION.test(code),
        because: "the bucket is in another region",
        next: "Leave the bucket's region out, and it is asked for; or give the right one. Then run again.",
    },
    {
        reason: "not-the-owner",
        applies: ({ code, action }) => action.startsWith("s3:") && code === "MethodNotAllowed",
        because: "the bucket belongs to another account",
        next: ({ accountId }) =>
            `Only the account that owns a bucket can be let back in; name that one instead of ${accountId}.`,
    },
    {
        reason: "no-such-queue",
        applies: ({ code }) =>
            /^(AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist|InvalidAddress)$/.test(code),
        because: "there is no such queue in this account and region",
        next: "Check its URL and its region; a queue that was deleted needs no unlocking: take it out of the program.",
    },
    {
        reason: "bad-policy",
        applies: ({ message }) => /BlockPublicPolicy/i.test(message),
        because: "S3 Block Public Access keeps out a public policy",
        next:
            "What was to be put there lets the public in, which S3 refuses (BlockPublicPolicy). Nothing was changed. Put a policy that does not (policy), " +
            "or delete the whole (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ message }) => /invalid principal/i.test(message),
        because: "a statement names a user or role that does not exist (any more)",
        next:
            "AWS stores no such policy anew (in a policy that it holds, the name has become an id: AROA…, AIDA…), and nothing was changed. Name the Sid of that statement in remove, " +
            "put a policy of your own (policy), or delete the whole (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ code, action }) =>
            code === "MalformedPolicy" ||
            (action === "sqs:SetQueueAttributes" && code === "InvalidAttributeValue"),
        because: "AWS does not take the policy",
        next: "It was not changed. What AWS finds wrong stands below: correct the setting policy, or leave it out.",
    },
];
