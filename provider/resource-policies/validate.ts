/** Wrong arguments of a policy to be unlocked, each with what was found and what was expected. */
import { messageOf } from "../process/error-text";
import { UNKNOWN, type CheckFailure } from "../credentials/validate";
import type { PolicyConfiguration } from "./declaration";
import type { PolicyTarget } from "./target";
import type { LockableKind } from "./kind";
import { analyzeLockout } from "./lockout/index";
import { queueAt } from "./queue-url";

/** As a program gives it: the policy may be an object. */
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

const TARGETS: Record<
    LockableKind["key"],
    { expected: string; problem: (value: string) => string | undefined }
> = {
    bucket: {
        expected: "the name of a bucket",
        problem: (name) =>
            NOT_UNLOCKABLE.find(({ is }) => is.test(name))?.because ??
            // Some in us-east-1 are older than the rules of today.
            (/^[\w.-]{3,255}$/.test(name) ? undefined : ""),
    },
    queueUrl: {
        expected: "the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
        problem: (url) =>
            NOT_UNLOCKABLE.find(({ is }) => is.test(url))?.because ?? (queueAt(url) ? undefined : ""),
    },
};

/** What people try, and AWS's two task policies do not open. */
const NOT_UNLOCKABLE = [
    {
        is: /^arn:[\w-]+:kms:|^(key|alias)\//,
        because:
            "is a KMS key: no root session may change a key's policy, and only AWS Support can free a locked one",
    },
    {
        is: /--x-s3$/,
        because:
            "is a directory bucket: AWS's task policy opens s3 actions only, and a directory bucket's are s3express",
    },
    {
        is: /-(s3alias|-ol-s3)$|--ol-s3$/,
        because: "is an alias of an access point: name the bucket behind it",
    },
    { is: /^arn:[\w-]+:(s3|sqs):/, because: "is an ARN" },
];

/** Values that are not known yet pass. */
export function validatePolicy(kind: LockableKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const known = [...Object.keys(RULES), kind.key];
    const strange = Object.keys(news)
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
    const failures = [...strange, ...wrong, ...wrongTarget(kind, news)];
    return failures.length > 0 ? failures : [...contradictions(kind, news), ...wrongPolicy(kind, news)];
}

function wrongTarget(kind: LockableKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const value = news[kind.key];
    if (value === UNKNOWN) return [];
    const { expected, problem } = TARGETS[kind.key];
    const because = isText(value) ? problem(value) : "";
    if (because === undefined) return [];
    const reason = `expected ${expected}, got ${shown(value)}${because && `, which ${because}`}`;
    return [{ property: kind.key, reason }];
}

function contradictions(kind: LockableKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const { policy, mode, keep, remove } = news;
    const chosen = policy !== undefined || mode === "delete";
    const judged = keep !== undefined ? "keep" : "remove";
    return [
        ...(policy !== undefined && mode !== undefined
            ? [
                  {
                      property: "mode",
                      reason: "says nothing beside policy, which replaces the whole; leave one of them out",
                  },
              ]
            : []),
        ...(chosen && (keep ?? remove)
            ? [{ property: judged, reason: 'says something about mode: "remove-lock" only; leave it out' }]
            : []),
        ...(kind.key === "queueUrl" ? wrongQueue(news) : []),
    ];
}

function wrongQueue({ queueUrl, accountId, region }: Partial<GivenConfiguration>): CheckFailure[] {
    const queue = queueAt(queueUrl ?? "");
    if (!queue) return [];
    if (accountId !== UNKNOWN && queue.accountId !== accountId) {
        const reason = `is of account ${queue.accountId}, and accountId is ${accountId}: only the account that owns a queue can be let back in`;
        return [{ property: "queueUrl", reason }];
    }
    if (queue.region === undefined && region === undefined) {
        const reason = `is required, since the URL ${queueUrl} does not tell it: expected ${RULES.region.expected}`;
        return [{ property: "region", reason }];
    }
    if (queue.region !== undefined && region !== undefined && region !== UNKNOWN && queue.region !== region) {
        return [{ property: "region", reason: `is ${region}, and the queue's URL is of ${queue.region}` }];
    }
    return [];
}

/** A policy that would lock is not put anywhere. Where its owner decides, that is not known here and looked at later. */
function wrongPolicy(kind: LockableKind, news: Partial<GivenConfiguration>): CheckFailure[] {
    const inputs = normalized(news as GivenConfiguration);
    // What the same program makes is unknown in a preview, somewhere within the policy too.
    if (inputs.policy === undefined || inputs.policy.includes(UNKNOWN) || allUnknown(kind, inputs)) return [];
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
            { property: "policy", reason: `would shut everybody out: ${locking.called} ${locking.because}` },
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

/** Whether what is declared is not known yet: made by the same program. */
export function allUnknown(kind: LockableKind, target: PolicyTarget): boolean {
    return target.accountId === UNKNOWN || target[kind.key] === UNKNOWN || target.region === UNKNOWN;
}

function optional(holds: (value: unknown) => boolean): (value: unknown) => boolean {
    return (value) => value === undefined || holds(value);
}

function shown(value: unknown): string {
    return JSON.stringify(value) ?? "nothing";
}
