import { keyNamed } from "./keys";
import type { PolicyOwner } from "./owner";

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * The text with the values in place of variables such as `${aws:PrincipalAccount}`; undefined if one is not the same for every
 * administrator.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function withVariables(text: string, owner: PolicyOwner): string | undefined {
    const replaced = text.replace(VARIABLE, (variable, name: string) => valueOf(name, owner) ?? variable);
    return replaced.includes("${") ? undefined : replaced;
}

/** The text with `*` in place of variables: it matches whatever the text might. */
export function withWildcards(text: string): string {
    return text.replace(VARIABLE, "*");
}

function valueOf(name: string, owner: PolicyOwner): string | undefined {
    const { can = [], may = [], begins = [] } = keyNamed(name, owner).possible(owner);
    return can.length === 1 && may.length === 0 && begins.length === 0 ? can[0] : undefined;
}
