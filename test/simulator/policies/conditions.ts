import { arnPattern, pattern, variablesIn, type Pattern } from "./patterns";
import { isConditionKey, type RequestContext } from "./request-context";

/** By operator, by key: `{ ArnEquals: { "sts:TaskPolicyArn": ["arn:..."] } }`. */
export type ConditionDocument = Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

export type Condition = (context: RequestContext) => boolean;

/** What an operator makes of one value; an operator that is not listed cannot be judged here. */
const OPERATORS: Readonly<Record<string, (wanted: string) => Pattern>> = {
    StringEquals: (wanted) => pattern(wanted, { wildcards: false }),
    StringEqualsIgnoreCase: (wanted) => pattern(wanted, { wildcards: false, ignoreCase: true }),
    StringLike: (wanted) => pattern(wanted),
    // The two are one and the same (IAM User Guide, "ARN condition operators").
    ArnEquals: arn,
    ArnLike: arn,
    Bool: (wanted) => pattern(truth(wanted), { wildcards: false, ignoreCase: true }),
};

const NEGATIONS: Readonly<Record<string, string>> = {
    StringNotEquals: "StringEquals",
    StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
    StringNotLike: "StringLike",
    ArnNotEquals: "ArnEquals",
    ArnNotLike: "ArnLike",
};

/** Every condition of a statement; all of them must hold. Throws for what it does not know. */
export function conditionsIn(document: ConditionDocument): Condition[] {
    return Object.entries(document).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, wanted]) => {
            if (!isConditionKey(key)) throw new Error(`the condition key ${key} is not known here`);
            return condition(operator, key.toLowerCase(), typeof wanted === "string" ? [wanted] : wanted);
        }),
    );
}

function condition(named: string, key: string, wanted: readonly string[]): Condition {
    if (named === "Null") {
        const absent = wanted.map((value) => truth(value) === "true");
        return (context) => absent.includes(!context.has(key));
    }
    const ifExists = named.endsWith("IfExists");
    const operator = ifExists ? named.slice(0, -"IfExists".length) : named;
    const negated = NEGATIONS[operator] !== undefined;
    const make = OPERATORS[NEGATIONS[operator] ?? operator];
    if (!make) throw new Error(`the condition operator ${named} is not known here`);
    const patterns = wanted.map((value) => make(knownVariables(value)));
    return (context) => {
        const value = context.get(key);
        // A negated operator holds for a key that is not there.
        if (value === undefined) return ifExists || negated;
        return patterns.some((each) => each(value, context)) !== negated;
    };
}

function arn(wanted: string): Pattern {
    const made = arnPattern(wanted);
    if (!made) throw new Error(`"${wanted}" is not an ARN`);
    return made;
}

function truth(value: string): string {
    if (value === "true" || value === "false") return value;
    throw new Error(`expected "true" or "false", got "${value}"`);
}

/** Throws for a variable that no request has a value for. */
export function knownVariables(text: string): string {
    const unknown = variablesIn(text).find((name) => !isConditionKey(name));
    if (unknown !== undefined) throw new Error(`the policy variable \${${unknown}} is not known here`);
    return text;
}
