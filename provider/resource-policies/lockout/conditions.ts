/**
 * Conditions, asked of every administrator's request: all of them must hold, each for one of its values, and a negated one for
 * none of them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
import { agreed, anyOf, not, odd, type Answer, type Finding } from "./answer";
import type { Condition } from "./condition";
import { told } from "./condition-words";
import { isRecord } from "./document";
import type { Held } from "./key-kinds";
import { keyNamed } from "./keys";
import { OPERATORS } from "./operators";
import type { PolicyOwner } from "./owner";
import { withVariables } from "./variables";

export function conditionFindings(block: unknown, owner: PolicyOwner, hasVariables: boolean): Finding[] {
    if (block === undefined) return [];
    if (!isRecord(block)) return [odd("has a Condition that is no object")];
    return Object.entries(block).flatMap(([operator, keys]) =>
        isRecord(keys)
            ? Object.entries(keys).map(([name, values]) =>
                  conditionFinding({ operator, name, values }, owner, hasVariables),
              )
            : [odd(`has a condition ${operator} that is no object`)],
    );
}

interface Line {
    operator: string;
    name: string;
    values: unknown;
}

function conditionFinding(
    { operator, name, values }: Line,
    owner: PolicyOwner,
    hasVariables: boolean,
): Finding {
    const key = keyNamed(name, owner);
    const [, set, base = "", ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
    const kind = OPERATORS.get(base.toLowerCase());
    const isNull = /^null$/i.test(operator);
    const isSet = set === undefined || /^(forallvalues|foranyvalue)$/i.test(set);
    const written = valuesIn(values);
    if (!(kind ?? isNull) || !isSet) return odd(`has the condition operator ${operator}`);
    if (!written) return odd(`has no value for the condition key ${name}`);
    const condition: Condition = {
        name,
        key,
        values: written,
        wanted: written.map((value) =>
            hasVariables && kind?.hasVariables ? withVariables(value, owner) : value,
        ),
        operator: kind,
        whereAbsent: kind
            ? saidOfAbsent({ set, ifExists: ifExists !== undefined, negated: kind.negated })
            : saysNull("true", written),
    };
    return told(condition, holdsForAll(condition, owner), owner);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function saidOfAbsent(by: { set: string | undefined; ifExists: boolean; negated: boolean }): Answer {
    if (by.ifExists || by.set?.toLowerCase() === "forallvalues") return "yes";
    return by.negated && by.set === undefined ? "yes" : "no";
}

function holdsForAll(condition: Condition, owner: PolicyOwner): Answer {
    const { can = [], may = [], begins, rarely = [] } = condition.key.possible(owner);
    const ofCan = can.map((held) => saysOf(condition, held));
    if (ofCan.includes("no")) return "no";
    const ofOthers = begins ? [saysOfAnyThatBegin(condition, begins, rarely)] : [];
    return agreed([...ofCan, ...may.map((held) => saysOf(condition, held)), ...ofOthers]);
}

function saysOf({ operator, values, wanted, whereAbsent }: Condition, held: Held): Answer {
    if (held === undefined) return whereAbsent;
    if (!operator) return saysNull("false", values);
    const fits = anyOf(
        wanted.map((value) => answerOf(value === undefined ? undefined : operator.fits(held, value))),
    );
    return operator.negated ? not(fits) : fits;
}

/** Whether it holds for every value that a key may have, of which only the beginnings are known. */
function saysOfAnyThatBegin(
    { operator, key, values, wanted }: Condition,
    begins: string[],
    rarely: string[],
): Answer {
    if (!operator) return saysNull("false", values);
    const { share, negated } = operator;
    if (!share) return "depends";
    const sharesOf = (beginning: string) =>
        wanted.map((value) => {
            if (value === undefined) return "some";
            return key.namesNone?.test(value) ? "none" : share(beginning, value);
        });
    if (begins.every((beginning) => sharesOf(beginning).includes("all"))) return negated ? "no" : "yes";
    const concerned = negated ? [...begins, ...rarely] : begins;
    if (concerned.flatMap(sharesOf).every((each) => each === "none")) return negated ? "yes" : "no";
    const othersRemain = wanted.every((value) => value !== undefined && key.namesOne?.test(value));
    return othersRemain && !negated ? "no" : "depends";
}

function saysNull(which: "true" | "false", values: string[]): Answer {
    return anyOf(
        values.map((value) =>
            /^(true|false)$/i.test(value) ? answerOf(value.toLowerCase() === which) : "depends",
        ),
    );
}

function answerOf(holds: boolean | undefined): Answer {
    if (holds === undefined) return "depends";
    return holds ? "yes" : "no";
}

/** Numbers and truth values may stand without quotation marks. */
function valuesIn(given: unknown): string[] | undefined {
    const list: unknown[] = Array.isArray(given) ? given : [given];
    const isPlain = list.every((value) => ["string", "number", "boolean"].includes(typeof value));
    return isPlain && list.length > 0 ? list.map(String) : undefined;
}
