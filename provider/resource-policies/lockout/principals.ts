/**
 * Evaluates Principal and NotPrincipal of a statement that denies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
import { isRecord, stringsIn } from "./document";
import { unreadable, type ElementMatch } from "./element-match";
import type { AnalyzedResource } from "./owner";
import { hasWildcard } from "./patterns";
import { describePrincipal, joinWords, usabilityUnknown } from "./words";

/** Seen from the owning account. `identity`: one user, role or session of the account. */
type PrincipalKind = "everybody" | "account" | "identity" | "others" | "unknown" | "unreadable";

interface Principal {
    text: string;
    kind: PrincipalKind;
}

export function matchPrincipals(statement: Record<string, unknown>, owner: AnalyzedResource): ElementMatch {
    const { Principal: principal, NotPrincipal: notPrincipal } = statement;
    if (principal !== undefined && notPrincipal !== undefined)
        return unreadable("has both Principal and NotPrincipal");
    if (principal === undefined && notPrincipal === undefined)
        return unreadable("has neither Principal nor NotPrincipal");
    const principals = principalsIn(principal === undefined ? notPrincipal : principal, owner);
    const unread = principals.find(({ kind }) => kind === "unreadable");
    if (unread) return unreadable(`names the principal ${unread.text}`);
    return principal === undefined ? matchNotPrincipal(principals, owner) : matchPrincipal(principals, owner);
}

/**
 * A statement that denies an account denies all its users and roles.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_policy-examples.html
 */
function matchPrincipal(principals: Principal[], owner: AnalyzedResource): ElementMatch {
    if (principals.some(({ kind }) => kind === "everybody" || kind === "account"))
        return { coversAll: "yes" };
    const [unknown] = textsOf(principals, "unknown");
    if (unknown !== undefined) {
        return {
            coversAll: "depends",
            when: `if the account is canonical user ${unknown.slice(0, 12)}`,
            note: "that is unknown",
        };
    }
    return { coversAll: "no", note: `it denies only ${describePrincipals(principals, owner)}` };
}

/** AWS asks for the account beside an exempt user or role. The account alone exempts only the root user. */
function matchNotPrincipal(principals: Principal[], owner: AnalyzedResource): ElementMatch {
    if (textsOf(principals, "everybody").length > 0) return { coversAll: "no", note: "it exempts everybody" };
    const exempt = [...textsOf(principals, "identity"), ...textsOf(principals, "unknown")];
    if (exempt.length === 0) return { coversAll: "yes", except: describePrincipals(principals, owner) };
    const except = joinWords(exempt.map((text) => describePrincipal(text, owner)));
    return { coversAll: "depends", except, note: usabilityUnknown(exempt) };
}

function textsOf(principals: Principal[], wanted: PrincipalKind): string[] {
    return principals.flatMap(({ text, kind }) => (kind === wanted ? [text] : []));
}

function describePrincipals(principals: Principal[], owner: AnalyzedResource): string {
    return joinWords(principals.map(({ text }) => describePrincipal(text, owner)));
}

function principalsIn(element: unknown, owner: AnalyzedResource): Principal[] {
    if (element === "*") return [{ text: "*", kind: "everybody" }];
    if (!isRecord(element) || Object.keys(element).length === 0) return [unreadablePrincipal(element)];
    return Object.entries(element).flatMap(([type, given]) => {
        const [texts, kindOf] = [stringsIn(given), KIND_BY_TYPE.get(type)];
        if (!texts || !kindOf) return [unreadablePrincipal({ [type]: given })];
        return texts.map((text) => ({ text, kind: kindOf(text, owner) }));
    });
}

function unreadablePrincipal(element: unknown): Principal {
    return { text: JSON.stringify(element), kind: "unreadable" };
}

const KIND_BY_TYPE = new Map<string, (text: string, owner: AnalyzedResource) => PrincipalKind>([
    ["AWS", kindOfAwsPrincipal],
    ["Service", () => "others"],
    ["Federated", () => "others"],
    ["CanonicalUser", () => "unknown"],
]);

function kindOfAwsPrincipal(text: string, { accountId }: AnalyzedResource): PrincipalKind {
    if (text === "*") return "everybody";
    if (hasWildcard(text)) return "unreadable";
    if (/^\d{12}$/.test(text)) return text === accountId ? "account" : "others";
    // AWS replaces a deleted user or role by its unique id.
    if (/^A[A-Z]{2}A[A-Z0-9]+$/.test(text)) return "others";
    const [, account, resource = ""] = /^arn:[^:]+:(?:iam|sts)::([^:]+):(.+)$/.exec(text) ?? [];
    if (account === undefined) return "unreadable";
    if (account !== accountId) return "others";
    if (resource === "root") return "account";
    return /^(user|role|assumed-role|federated-user)\/./.test(resource) ? "identity" : "unreadable";
}
