/** Describes parts of a policy in words, for messages. */
import type { AnalyzedResource } from "./owner";
import { hasWildcard } from "./patterns";

export function joinWords(items: readonly string[], conjunction = "and", atMost = 3): string {
    const [head, rest] = [items.slice(0, atMost), items.length - atMost];
    const last = rest > 0 ? `${rest} more` : head.pop();
    return head.length === 0 ? (last ?? "nothing") : `${head.join(", ")} ${conjunction} ${last}`;
}

/** Quotes text of the policy unless it is a single word, so that it cannot read like a part of the message. */
export function quoted(text: string): string {
    return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text);
}

/** The root user, a role or user of the account, another account, or the text itself. */
export function describePrincipal(principal: string, owner: AnalyzedResource): string {
    if (/^\d{12}$/.test(principal)) return describeInAccount(principal, "root", owner);
    const [, account = "", resource = ""] = /^arn:[^:]*:(?:iam|sts)::([^:]*):(.+)$/.exec(principal) ?? [];
    if (account === "")
        return /^A[A-Z]{2}A[A-Z0-9]+$/.test(principal) ? `${principal} (deleted)` : quoted(principal);
    return describeInAccount(account, resource, owner);
}

function describeInAccount(account: string, resource: string, owner: AnalyzedResource): string {
    const isOwn = account === owner.accountId;
    if (resource === "root") {
        return isOwn ? "the root user" : hasWildcard(account) ? "any root user" : `account ${account}`;
    }
    return `${describeResource(resource)} of ${isOwn ? "the account" : `account ${account}`}`;
}

/** `role payments/admin`. */
function describeResource(resource: string): string {
    const [, kind, name] = /^([\w-]+)\/(.+)$/s.exec(resource) ?? [];
    return kind === undefined || name === undefined ? quoted(resource) : `${kind} ${quoted(name)}`;
}

/** Tells the operator that an exempt principal may no longer exist. */
export function usabilityUnknown(principals: string[]): string {
    const [principal = "", ...more] = principals;
    const [, kind = "principal"] = /:(role|user)\//.exec(principal) ?? [];
    const who = more.length > 0 || hasWildcard(principal) ? "any of them" : `that ${kind}`;
    return `it is unknown whether ${who} can still be used`;
}
