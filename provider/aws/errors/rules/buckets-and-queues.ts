/** Rules for buckets, queues and their policies. */
import { BucketNotListed } from "../error-classes";
import type { Rule } from "./rule";

/** S3's codes if a bucket is in another region than the client's. */
export const OTHER_REGION =
    /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

export const BUCKETS_AND_QUEUES: Rule[] = [
    {
        reason: "no-such-bucket",
        applies: ({ error }) => error instanceof BucketNotListed,
        because: "the account has no bucket of that name",
        next: ({ accountId }) =>
            `Check the bucket's name and owner, because only the owning account can unlock a bucket. If ${accountId} owns it, give its region.`,
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
        next: "Leave the bucket's region out, so that AWS is asked for it, or give the right one. Then run again.",
    },
    {
        reason: "not-the-owner",
        applies: ({ code, action }) => action.startsWith("s3:") && code === "MethodNotAllowed",
        because: "the bucket belongs to another account",
        next: ({ accountId }) =>
            `Only the owning account can unlock a bucket; name that account instead of ${accountId}.`,
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
            "The new policy allows public access, so S3 refuses it (BlockPublicPolicy). Nothing was changed. Give another policy (policy), " +
            "or delete the whole policy (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ message }) => /invalid principal/i.test(message),
        because: "a statement names a user or role that does not exist (any more)",
        next:
            "AWS refuses to store such a policy again. In the stored policy, AWS has replaced the name by an id (AROA…, AIDA…). Nothing was changed. " +
            "Name the Sid of that statement in remove, give a policy of your own (policy), or delete the whole policy (mode: delete).",
    },
    {
        reason: "bad-policy",
        applies: ({ code, action }) =>
            code === "MalformedPolicy" ||
            (action === "sqs:SetQueueAttributes" && code === "InvalidAttributeValue"),
        because: "AWS does not accept the policy",
        next: "Nothing was changed. AWS's answer says what is wrong: correct the setting policy, or leave it out.",
    },
];
