/**
 * Principal and NotPrincipal of a statement that denies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
import { odd, type Finding } from "./answer";
import { isRecord, textsIn } from "./document";
import type { PolicyOwner } from "./owner";
import { hasWildcard } from "./patterns";
import { listed, principalInWords, stillUsable } from "./words";

/** Whom an entry names, seen from the owning account. `one`: a user, a role or a session of it. */
type Named = "everybody" | "account" | "one" | "others" | "unknown" | "odd";

interface Entry {
    text: string;
    named: Named;
}

export function principalFinding(statement: Record<string, unknown>, owner: PolicyOwner): Finding {
    const { Principal: principal, NotPrincipal: notPrincipal } = statement;
    if (principal !== undefined && notPrincipal !== undefined)
        return odd("has both Principal and NotPrincipal");
    if (principal === undefined && notPrincipal === undefined)
        return odd("has neither Principal nor NotPrincipal");
    const entries = entriesIn(principal === undefined ? notPrincipal : principal, owner);
    const strange = entries.find(({ named }) => named === "odd");
    if (strange) return odd(`names the principal ${strange.text}`);
    return principal === undefined ? allBut(entries, owner) : only(entries, owner);
}

/**
 * To deny an account is to deny all its users and roles.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_policy-examples.html
 */
function only(entries: Entry[], owner: PolicyOwner): Finding {
    if (entries.some(({ named }) => named === "everybody" || named === "account")) return { answer: "yes" };
    const [unknown] = textsOf(entries, "unknown");
    if (unknown !== undefined) {
        return {
            answer: "depends",
            when: `if the account is canonical user ${unknown.slice(0, 12)}`,
            note: "that cannot be seen from here",
        };
    }
    return { answer: "no", note: `it denies only ${inWords(entries, owner)}` };
}

/** The account beside a user or role is there because AWS asks for it; alone it exempts the root user and nobody else. */
function allBut(entries: Entry[], owner: PolicyOwner): Finding {
    if (textsOf(entries, "everybody").length > 0) return { answer: "no", note: "it exempts everybody" };
    const exempt = [...textsOf(entries, "one"), ...textsOf(entries, "unknown")];
    if (exempt.length === 0) return { answer: "yes", but: inWords(entries, owner) };
    const but = listed(exempt.map((text) => principalInWords(text, owner)));
    return { answer: "depends", but, note: stillUsable(exempt) };
}

function textsOf(entries: Entry[], which: Named): string[] {
    return entries.flatMap(({ text, named }) => (named === which ? [text] : []));
}

function inWords(entries: Entry[], owner: PolicyOwner): string {
    return listed(entries.map(({ text }) => principalInWords(text, owner)));
}

function entriesIn(element: unknown, owner: PolicyOwner): Entry[] {
    if (element === "*") return [{ text: "*", named: "everybody" }];
    if (!isRecord(element) || Object.keys(element).length === 0) return [oddEntry(element)];
    return Object.entries(element).flatMap(([type, given]) => {
        const [texts, name] = [textsIn(given), NAMED.get(type)];
        if (!texts || !name) return [oddEntry({ [type]: given })];
        return texts.map((text) => ({ text, named: name(text, owner) }));
    });
}

function oddEntry(element: unknown): Entry {
    return { text: JSON.stringify(element), named: "odd" };
}

const NAMED = new Map<string, (text: string, owner: PolicyOwner) => Named>([
    ["AWS", awsPrincipal],
    ["Service", () => "others"],
    ["Federated", () => "others"],
    ["CanonicalUser", () => "unknown"],
]);

function awsPrincipal(text: string, { accountId }: PolicyOwner): Named {
    if (text === "*") return "everybody";
    if (hasWildcard(text)) return "odd";
    if (/^\d{12}$/.test(text)) return text === accountId ? "account" : "others";
    // What AWS shows in place of a user or role that was deleted.
    if (/^A[A-Z]{2}A[A-Z0-9]+$/.test(text)) return "others";
    const [, account, resource = ""] = /^arn:[^:]+:(?:iam|sts)::([^:]+):(.+)$/.exec(text) ?? [];
    if (account === undefined) return "odd";
    if (account !== accountId) return "others";
    if (resource === "root") return "account";
    return /^(user|role|assumed-role|federated-user)\/./.test(resource) ? "one" : "odd";
}
