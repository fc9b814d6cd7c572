/**
 * Evaluates a statement's conditions for every administrator's request. All conditions must hold. A condition holds if one of its
 * values matches. A negated condition holds if none matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
import type { Condition } from "./condition";
import type { ContextValue } from "./condition-key";
import { conditionKey } from "./condition-keys";
import { describeCondition } from "./describe-condition";
import { isRecord } from "./document";
import { anyOf, common, not, unreadable, type ElementMatch, type TriState } from "./element-match";
import { OPERATORS } from "./operators";
import type { AnalyzedResource } from "./owner";
import { resolveVariables } from "./variables";

export function matchConditions(
    block: unknown,
    owner: AnalyzedResource,
    hasVariables: boolean,
): ElementMatch[] {
    if (block === undefined) return [];
    if (!isRecord(block)) return [unreadable("has a Condition that is no object")];
    return Object.entries(block).flatMap(([operator, keys]) =>
        isRecord(keys)
            ? Object.entries(keys).map(([keyName, values]) =>
                  matchCondition({ operator, keyName, values }, owner, hasVariables),
              )
            : [unreadable(`has a condition ${operator} that is no object`)],
    );
}

interface ConditionText {
    operator: string;
    keyName: string;
    values: unknown;
}

function matchCondition(
    { operator: name, keyName, values: given }: ConditionText,
    owner: AnalyzedResource,
    hasVariables: boolean,
): ElementMatch {
    const [, set, base = "", ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/i.exec(name) ?? [];
    const operator = OPERATORS.get(base.toLowerCase());
    const isNull = /^null$/i.test(name);
    const isKnownSet = set === undefined || /^(forallvalues|foranyvalue)$/i.test(set);
    const values = valuesIn(given);
    if (!(operator ?? isNull) || !isKnownSet) return unreadable(`has the condition operator ${name}`);
    if (!values) return unreadable(`has no value for the condition key ${keyName}`);
    const condition: Condition = {
        keyName,
        key: conditionKey(keyName, owner),
        values,
        resolvedValues: values.map((value) =>
            hasVariables && operator?.hasVariables ? resolveVariables(value, owner) : value,
        ),
        operator,
        ifKeyAbsent: operator
            ? resultIfKeyAbsent({ set, ifExists: ifExists !== undefined, negated: operator.negated })
            : evaluateNull("true", values),
    };
    return describeCondition(condition, holdsForEveryAdministrator(condition, owner), owner);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function resultIfKeyAbsent(by: { set: string | undefined; ifExists: boolean; negated: boolean }): TriState {
    if (by.ifExists || by.set?.toLowerCase() === "forallvalues") return "yes";
    return by.negated && by.set === undefined ? "yes" : "no";
}

function holdsForEveryAdministrator(condition: Condition, owner: AnalyzedResource): TriState {
    const {
        guaranteed = [],
        sometimes = [],
        prefixes,
        unlikelyPrefixes = [],
    } = condition.key.possibleValues(owner);
    const forGuaranteed = guaranteed.map((value) => evaluate(condition, value));
    if (forGuaranteed.includes("no")) return "no";
    return common([
        ...forGuaranteed,
        ...sometimes.map((value) => evaluate(condition, value)),
        ...(prefixes ? [evaluatePrefixes(condition, prefixes, unlikelyPrefixes)] : []),
    ]);
}

function evaluate(
    { operator, values, resolvedValues, ifKeyAbsent }: Condition,
    actual: ContextValue,
): TriState {
    if (actual === undefined) return ifKeyAbsent;
    if (!operator) return evaluateNull("false", values);
    const matches = anyOf(
        resolvedValues.map((value) =>
            triState(value === undefined ? undefined : operator.matches(actual, value)),
        ),
    );
    return operator.negated ? not(matches) : matches;
}

/** Whether the condition holds for every value that begins with one of the prefixes. */
function evaluatePrefixes(
    { operator, key, values, resolvedValues }: Condition,
    prefixes: string[],
    unlikelyPrefixes: string[],
): TriState {
    if (!operator) return evaluateNull("false", values);
    const { coverage, negated } = operator;
    if (!coverage) return "depends";
    const coveragesOf = (prefix: string) =>
        resolvedValues.map((value) => {
            if (value === undefined) return "some";
            return key.noAdministrator?.test(value) ? "none" : coverage(prefix, value);
        });
    if (prefixes.every((prefix) => coveragesOf(prefix).includes("all"))) return negated ? "no" : "yes";
    const relevant = negated ? [...prefixes, ...unlikelyPrefixes] : prefixes;
    if (relevant.flatMap(coveragesOf).every((each) => each === "none")) return negated ? "yes" : "no";
    const othersRemain = resolvedValues.every(
        (value) => value !== undefined && key.onePrincipal?.test(value),
    );
    return othersRemain && !negated ? "no" : "depends";
}

/** `Null` with this text in the policy means that the key is absent (`true`) or present (`false`). */
function evaluateNull(expected: "true" | "false", values: string[]): TriState {
    return anyOf(
        values.map((value) =>
            /^(true|false)$/i.test(value) ? triState(value.toLowerCase() === expected) : "depends",
        ),
    );
}

function triState(holds: boolean | undefined): TriState {
    if (holds === undefined) return "depends";
    return holds ? "yes" : "no";
}

/** Numbers and booleans may stand without quotation marks. */
function valuesIn(given: unknown): string[] | undefined {
    const list: unknown[] = Array.isArray(given) ? given : [given];
    const isPlain = list.every((value) => ["string", "number", "boolean"].includes(typeof value));
    return isPlain && list.length > 0 ? list.map(String) : undefined;
}
