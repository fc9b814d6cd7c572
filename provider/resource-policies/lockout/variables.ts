import { conditionKey } from "./condition-keys";
import type { AnalyzedResource } from "./owner";

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * Replaces policy variables such as `${aws:PrincipalAccount}` by their values. Undefined if a variable's value differs between
 * administrators.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(text: string, owner: AnalyzedResource): string | undefined {
    const replaced = text.replace(VARIABLE, (variable, name: string) => valueOf(name, owner) ?? variable);
    return replaced.includes("${") ? undefined : replaced;
}

/** Replaces policy variables by `*`, so that the pattern matches every text that the original may match. */
export function variablesAsWildcards(text: string): string {
    return text.replace(VARIABLE, "*");
}

function valueOf(name: string, owner: AnalyzedResource): string | undefined {
    const {
        guaranteed = [],
        sometimes = [],
        prefixes = [],
    } = conditionKey(name, owner).possibleValues(owner);
    return guaranteed.length === 1 && sometimes.length === 0 && prefixes.length === 0
        ? guaranteed[0]
        : undefined;
}
