/** How policies are put into words for a preview. */
import type { PolicyOwner } from "./owner";
import { hasWildcard } from "./patterns";

export function listed(items: readonly string[], conjunction = "and", atMost = 3): string {
    const [head, rest] = [items.slice(0, atMost), items.length - atMost];
    const last = rest > 0 ? `${rest} more` : head.pop();
    return head.length === 0 ? (last ?? "nothing") : `${head.join(", ")} ${conjunction} ${last}`;
}

/** The root user, a role or user of the account, another account, or the text itself. */
export function principalInWords(principal: string, owner: PolicyOwner): string {
    if (/^\d{12}$/.test(principal)) return accountInWords(principal, "root", owner);
    const [, account = "", resource = ""] = /^arn:[^:]*:(?:iam|sts)::([^:]*):(.+)$/.exec(principal) ?? [];
    if (account === "") return /^A[A-Z]{2}A[A-Z0-9]+$/.test(principal) ? `${principal} (deleted)` : principal;
    return accountInWords(account, resource, owner);
}

function accountInWords(account: string, resource: string, owner: PolicyOwner): string {
    const isOwn = account === owner.accountId;
    if (resource === "root") {
        return isOwn ? "the root user" : hasWildcard(account) ? "any root user" : `account ${account}`;
    }
    return `${resource.replace("/", " ")} of ${isOwn ? "the account" : `account ${account}`}`;
}

/** What the one who reads must find out about those whom a statement exempts. */
export function stillUsable(principals: string[]): string {
    const [principal = "", ...more] = principals;
    const [, kind = "principal"] = /:(role|user)\//.exec(principal) ?? [];
    const who = more.length > 0 || hasWildcard(principal) ? "any of them" : `that ${kind}`;
    return `whether ${who} can still be used cannot be seen from here`;
}
