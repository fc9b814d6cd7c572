import { z } from "zod";
import { canonicalUserOf } from "../state/identifiers";
import type { Principal } from "../state/principals";
import { MalformedPolicy } from "./malformed-policy";

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);

const KINDS = z
    .strictObject({
        AWS: oneOrMore.optional(),
        CanonicalUser: oneOrMore.optional(),
        Service: oneOrMore.optional(),
        Federated: oneOrMore.optional(),
    })
    .refine((kinds) => Object.keys(kinds).length > 0);

const ELEMENT = z.union([z.literal("*").transform(() => ({ AWS: "*" })), KINDS]);

/** How a `Principal` speaks of somebody: themselves or everybody, or the account that they belong to. */
export type Naming = "by name" | "through the account" | "not";

/** Whom a `Principal` names. An account means whoever belongs to it. */
export function namingIn(element: unknown): (principal: Principal) => Naming {
    const named = namedIn(element);
    return (principal) => {
        const names = identitiesOf(principal).flat();
        if (named.everybody || names.some((one) => named.identities.has(one))) return "by name";
        return named.hasAccount(principal.accountId) ? "through the account" : "not";
    };
}

/**
 * Whom a `NotPrincipal` spares: those whose account it names and, unless they are its root user, themselves too; a role's
 * session with both its ARNs (IAM User Guide, "NotPrincipal").
 */
export function exemptionIn(element: unknown): (principal: Principal) => boolean {
    const named = namedIn(element);
    return (principal) =>
        named.everybody ||
        (named.hasAccount(principal.accountId) &&
            identitiesOf(principal).every((names) => names.some((one) => named.identities.has(one))));
}

/** Each identity that somebody acts as, by its ARN and its unique id; a root user is its account and nothing else. */
function identitiesOf(principal: Principal): string[][] {
    switch (principal.kind) {
        case "user":
            return [[principal.arn, principal.userId]];
        case "role":
            return [[principal.roleArn, principal.userId.replace(/:.*/, "")], [principal.arn]];
        case "root":
        case "rootSession":
            return [];
    }
}

interface Named {
    readonly everybody: boolean;
    readonly identities: ReadonlySet<string>;
    hasAccount(accountId: string): boolean;
}

/** No caller here is a service, nor signed in with another provider: such names are read, and fit nobody. */
function namedIn(element: unknown): Named {
    const parsed = ELEMENT.safeParse(element);
    if (!parsed.success) throw invalid();
    const { AWS = [], CanonicalUser = [] }: z.infer<typeof KINDS> = parsed.data;
    const names = [AWS].flat();
    const canonicalUsers = new Set([CanonicalUser].flat());
    if (!names.every(isName) || ![...canonicalUsers].every((id) => /^[0-9a-f]{64}$/.test(id)))
        throw invalid();
    const accounts = new Set(
        names.flatMap((name) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1] ?? []),
    );
    return {
        everybody: names.includes("*"),
        identities: new Set(names),
        hasAccount: (accountId) => accounts.has(accountId) || canonicalUsers.has(canonicalUserOf(accountId)),
    };
}

/** Wildcards may not stand for a part of a name. */
const NAMES = [
    /^\*$/,
    /^\d{12}$/,
    /^arn:aws[\w-]*:iam::\d{12}:root$/,
    /^arn:aws[\w-]*:iam::\d{12}:(user|role)\/[^*?]+$/,
    /^arn:aws[\w-]*:sts::\d{12}:(assumed-role|federated-user)\/[^*?]+$/,
    /^arn:aws[\w-]*:iam::cloudfront:user\/CloudFront Origin Access Identity \w+$/,
    // A user or a role by its unique id, which is what AWS shows of one that is gone.
    /^A(IDA|ROA)[A-Z0-9]{12,}$/,
];

function isName(name: string): boolean {
    return NAMES.some((form) => form.test(name));
}

function invalid(): MalformedPolicy {
    return new MalformedPolicy("Invalid principal in policy");
}
