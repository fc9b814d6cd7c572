/** Checks the arguments of a policy to be unlocked. Each failure names the given and the expected value. */
import { messageOf } from "../process/error-text";
import { UNKNOWN, type CheckFailure } from "../credentials/validate";
import type { PolicyConfiguration } from "./declaration";
import type { PolicyTarget } from "./target";
import type { PolicyKind } from "./kind";
import { analyzeLockout } from "./lockout/analyze";
import { queueAt } from "./queue-url";

/** The arguments as the program gives them. The policy may be an object. */
export type GivenConfiguration = Omit<PolicyConfiguration, "policy"> & { policy?: string | object };

interface Rule {
    expected: string;
    holds: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

const RULES: Record<Exclude<keyof GivenConfiguration, "bucket" | "queueUrl">, Rule> = {
    accountId: { expected: "12 digits", holds: (value) => isText(value) && /^\d{12}$/.test(value) },
    accountName: { expected: "a text", holds: optional(isText) },
    region: {
        expected: "a region such as eu-west-1",
        holds: optional((value) => isText(value) && /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(value)),
    },
    mode: {
        expected: '"remove-lock" or "delete"',
        holds: optional((value) => value === "remove-lock" || value === "delete"),
    },
    policy: {
        expected: "a policy, as JSON text or as an object",
        holds: optional((value) => isText(value) || (typeof value === "object" && !Array.isArray(value))),
    },
    keep: { expected: "a list of statements' Sids", holds: optional(isTexts) },
    remove: { expected: "a list of statements' Sids", holds: optional(isTexts) },
    onDelete: {
        expected: '"retain" or "restore-policy"',
        holds: optional((value) => value === "retain" || value === "restore-policy"),
    },
    reason: { expected: "a text", holds: optional(isText) },
    before: { expected: "a text", holds: optional(isText) },
};

const TARGET_RULES: Record<
    PolicyKind["key"],
    { expected: string; problem: (value: string) => string | undefined }
> = {
    bucket: {
        expected: "the name of a bucket",
        problem: (name) =>
            NOT_SUPPORTED.find(({ is }) => is.test(name))?.because ??
            // Names of old buckets in us-east-1 may break today's rules.
            (/^[\w.-]{3,255}$/.test(name) ? undefined : ""),
    },
    queueUrl: {
        expected: "the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
        problem: (url) =>
            NOT_SUPPORTED.find(({ is }) => is.test(url))?.because ?? (queueAt(url) ? undefined : ""),
    },
};

/** Resources that AWS's two task policies do not cover, but that users may try. */
const NOT_SUPPORTED = [
    {
        is: /^arn:[\w-]+:kms:|^(key|alias)\//,
        because:
            "is a KMS key: no root session may change a key's policy, and only AWS Support can free a locked one",
    },
    {
        is: /--x-s3$/,
        because:
            "is a directory bucket: AWS's task policy allows s3 actions only, and a directory bucket needs s3express actions",
    },
    {
        is: /-(s3alias|-ol-s3)$|--ol-s3$/,
        because: "is an alias of an access point: name the bucket behind it",
    },
    { is: /^arn:[\w-]+:(s3|sqs):/, because: "is an ARN" },
];

/** Accepts values that are unknown in a preview. */
export function validatePolicy(kind: PolicyKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const known = [...Object.keys(RULES), kind.key];
    const unexpected = Object.keys(news)
        .filter((key) => key !== "__provider" && !known.includes(key))
        .map((property) => ({
            property,
            reason: `there is no such argument; expected one of ${known.filter((each) => each !== "before").join(", ")}`,
        }));
    const wrong = Object.entries(RULES).flatMap(([property, { expected, holds }]) => {
        const value = news[property as keyof GivenConfiguration];
        if (value === UNKNOWN || holds(value)) return [];
        return [{ property, reason: `expected ${expected}, got ${shown(value)}` }];
    });
    const failures = [...unexpected, ...wrong, ...wrongTarget(kind, news)];
    return failures.length > 0 ? failures : [...contradictions(kind, news), ...wrongPolicy(kind, news)];
}

function wrongTarget(kind: PolicyKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const value = news[kind.key];
    if (value === UNKNOWN) return [];
    const { expected, problem } = TARGET_RULES[kind.key];
    const because = isText(value) ? problem(value) : "";
    if (because === undefined) return [];
    const reason = `expected ${expected}, got ${shown(value)}${because && `, which ${because}`}`;
    return [{ property: kind.key, reason }];
}

function contradictions(kind: PolicyKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const { policy, mode, keep, remove } = news;
    const chosen = policy !== undefined || mode === "delete";
    const decision = keep !== undefined ? "keep" : "remove";
    return [
        ...(policy !== undefined && mode !== undefined
            ? [
                  {
                      property: "mode",
                      reason: "has no effect with policy, which replaces the whole policy; leave one of them out",
                  },
              ]
            : []),
        ...(chosen && (keep ?? remove)
            ? [{ property: decision, reason: 'has an effect with mode: "remove-lock" only; leave it out' }]
            : []),
        ...(kind.key === "queueUrl" ? wrongQueue(news) : []),
    ];
}

function wrongQueue({ queueUrl, accountId, region }: Partial<GivenConfiguration>): CheckFailure[] {
    const queue = queueAt(queueUrl ?? "");
    if (!queue) return [];
    if (accountId !== UNKNOWN && queue.accountId !== accountId) {
        const reason = `is of account ${queue.accountId}, and accountId is ${accountId}: only the owning account can unlock a queue`;
        return [{ property: "queueUrl", reason }];
    }
    if (queue.region === undefined && region === undefined) {
        const reason = `is required, because the URL ${queueUrl} does not contain it: expected ${RULES.region.expected}`;
        return [{ property: "region", reason }];
    }
    if (queue.region !== undefined && region !== undefined && region !== UNKNOWN && queue.region !== region) {
        return [{ property: "region", reason: `is ${region}, and the queue's URL is of ${queue.region}` }];
    }
    return [];
}

/** Refuses a declared policy that would lock. `planFor` checks again, because only then the organization is known. */
function wrongPolicy(kind: PolicyKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const inputs = normalized(news as GivenConfiguration);
    // A preview does not know values of resources that the same program creates. They may be anywhere in the policy.
    if (inputs.policy === undefined || inputs.policy.includes(UNKNOWN) || isTargetUnknown(kind, inputs))
        return [];
    try {
        const { accountId, region = "" } = inputs;
        const owner = {
            service: kind.service,
            accountId,
            organizationId: "",
            resourceArn: kind.arn(inputs),
            region,
        };
        const locking = analyzeLockout(inputs.policy, owner).statements.find(({ is }) => is === "locks");
        if (!locking) return [];
        return [
            { property: "policy", reason: `would lock everybody out: ${locking.label} ${locking.because}` },
        ];
    } catch (error) {
        return [{ property: "policy", reason: `expected ${RULES.policy.expected}: ${messageOf(error)}` }];
    }
}

/** The policy as text. */
export function normalized({ policy, ...rest }: GivenConfiguration): PolicyConfiguration {
    if (policy === undefined) return rest;
    return { ...rest, policy: typeof policy === "string" ? policy : JSON.stringify(policy) };
}

/** Whether the target is unknown in a preview, because the same program creates it. */
export function isTargetUnknown(kind: PolicyKind, target: PolicyTarget): boolean {
    return target.accountId === UNKNOWN || target[kind.key] === UNKNOWN || target.region === UNKNOWN;
}

function optional(holds: (value: unknown) => boolean): (value: unknown) => boolean {
    return (value) => value === undefined || holds(value);
}

function shown(value: unknown): string {
    return JSON.stringify(value) ?? "nothing";
}
