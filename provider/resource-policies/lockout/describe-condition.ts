/** Describes the effect of one condition in words. */
import type { Condition } from "./condition";
import type { ElementMatch, TriState } from "./element-match";
import type { AnalyzedResource } from "./owner";
import { describePrincipal, joinWords, quoted, usabilityUnknown } from "./words";

const PRINCIPAL_ARN = /^aws:principalarn$/i;

export function describeCondition(
    condition: Condition,
    coversAll: TriState,
    owner: AnalyzedResource,
): ElementMatch {
    const { key, keyName, operator, values } = condition;
    if (coversAll === "no") return { coversAll, note: whyNobody(condition, owner) };
    if (PRINCIPAL_ARN.test(keyName) && operator?.negated) {
        const except = joinWords(values.map((value) => describePrincipal(value, owner)));
        return coversAll === "yes"
            ? { coversAll, except }
            : { coversAll, except, note: usabilityUnknown(values) };
    }
    if (coversAll === "yes") return { coversAll, note: whyEverybody(condition, owner) };
    return {
        coversAll,
        when: `${operator?.negated ? "unless" : "if"} ${clause(condition, owner)}`,
        note: key.unknownBecause ?? "it is unknown whom that exempts",
    };
}

function whyNobody(condition: Condition, owner: AnalyzedResource): string {
    const { key, operator, keyName } = condition;
    if (PRINCIPAL_ARN.test(keyName) && !operator?.negated)
        return `it denies only ${describeValues(condition, owner)}`;
    if (key.deniesOnly) return `it denies only ${key.deniesOnly}`;
    const requests = `requests where ${clause(condition, owner)}`;
    return operator?.negated ? `it spares ${requests}` : `it denies only ${requests}`;
}

function whyEverybody({ key, keyName }: Condition, owner: AnalyzedResource): string {
    const { guaranteed = [], sometimes = [], prefixes = [] } = key.possibleValues(owner);
    const [value] = guaranteed;
    if (guaranteed.length !== 1 || sometimes.length > 0 || prefixes.length > 0)
        return "that holds for every administrator";
    return value === undefined
        ? `no such request has ${keyName}`
        : `every such request has ${keyName} ${value}`;
}

function clause(condition: Condition, owner: AnalyzedResource): string {
    const { key, keyName, operator, values } = condition;
    const label = key.label || quoted(keyName);
    if (!operator)
        return `${label} is ${values.every((value) => /^true$/i.test(value)) ? "missing" : "given"}`;
    return `${label} ${operator.relation} ${describeValues(condition, owner)}`;
}

function describeValues({ keyName, values }: Condition, owner: AnalyzedResource): string {
    const words = PRINCIPAL_ARN.test(keyName)
        ? values.map((value) => describePrincipal(value, owner))
        : values.map(quoted);
    return joinWords(words, "or", 2);
}
