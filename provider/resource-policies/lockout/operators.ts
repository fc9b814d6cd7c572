/**
 * The condition operators of IAM.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { BlockList, isIP } from "node:net";
import { arnMatches, matchesPattern, coverageOf, coverageOfArns, type Coverage } from "./patterns";

export interface Operator {
    /** The condition holds if no value matches, or if the request lacks the key. */
    negated: boolean;
    /** For messages: `is`, `is less than`. */
    relation: string;
    /** Whether a request's value matches a policy's value. Undefined if that is unknown. */
    matches: (actual: string, expected: string) => boolean | undefined;
    /** For text operators: how many of the values with this prefix match. */
    coverage?: (prefix: string, expected: string) => Coverage;
    /** IAM replaces policy variables in the values of this operator. */
    hasVariables?: boolean;
}

type PlainOperator = Omit<Operator, "negated">;

const EXACT: PlainOperator = {
    relation: "is",
    matches: (actual, expected) => actual === expected,
    coverage: (prefix, expected) => (expected.startsWith(prefix) ? "some" : "none"),
    hasVariables: true,
};

const ANY_CASE: PlainOperator = {
    ...EXACT,
    matches: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
    coverage: (prefix, expected) =>
        expected.toLowerCase().startsWith(prefix.toLowerCase()) ? "some" : "none",
};

const LIKE: PlainOperator = {
    relation: "is",
    matches: (actual, expected) => matchesPattern(expected, actual),
    coverage: (prefix, expected) => coverageOf(expected, prefix),
    hasVariables: true,
};

/** IAM treats ArnEquals and ArnLike alike. */
const ARN: PlainOperator = {
    ...LIKE,
    matches: (actual, expected) => arnMatches(expected, actual),
    coverage: (prefix, expected) => coverageOfArns(expected, prefix),
};

const BOOL: PlainOperator = {
    relation: "is",
    matches(actual, expected) {
        const areBoth = [actual, expected].every((value) => /^(true|false)$/i.test(value));
        return areBoth ? actual.toLowerCase() === expected.toLowerCase() : undefined;
    },
};

/** Dates and binary values of requests are unknown here. */
const UNDECIDABLE: PlainOperator = { relation: "is", matches: () => undefined };

function numeric(relation: string, holds: (actual: number, expected: number) => boolean): PlainOperator {
    return {
        relation,
        matches(actual, expected) {
            const areBoth = [actual, expected].every((value) => /^[+-]?\d+(\.\d+)?$/.test(value));
            return areBoth ? holds(Number(actual), Number(expected)) : undefined;
        },
    };
}

const EQUAL_NUMBER = numeric("is", (actual, expected) => actual === expected);

const IP: PlainOperator = {
    relation: "is in",
    matches(actual, expected) {
        const [address = "", length] = expected.split("/");
        const bits = isIP(address) === 6 ? 128 : 32;
        const prefixLength = length === undefined ? bits : Number(length);
        const isRange =
            isIP(address) &&
            length !== "" &&
            Number.isInteger(prefixLength) &&
            prefixLength >= 0 &&
            prefixLength <= bits;
        if (!isRange || !isIP(actual)) return undefined;
        const range = new BlockList();
        range.addSubnet(address, prefixLength, bits === 128 ? "ipv6" : "ipv4");
        return isIP(actual) === isIP(address) && range.check(actual, bits === 128 ? "ipv6" : "ipv4");
    },
};

const KINDS: [name: string, kind: PlainOperator, negation?: string][] = [
    ["StringEquals", EXACT, "StringNotEquals"],
    ["StringEqualsIgnoreCase", ANY_CASE, "StringNotEqualsIgnoreCase"],
    ["StringLike", LIKE, "StringNotLike"],
    ["ArnEquals", ARN, "ArnNotEquals"],
    ["ArnLike", ARN, "ArnNotLike"],
    ["Bool", BOOL],
    ["BinaryEquals", UNDECIDABLE],
    ["NumericEquals", EQUAL_NUMBER, "NumericNotEquals"],
    ["NumericLessThan", numeric("is less than", (actual, expected) => actual < expected)],
    ["NumericLessThanEquals", numeric("is at most", (actual, expected) => actual <= expected)],
    ["NumericGreaterThan", numeric("is more than", (actual, expected) => actual > expected)],
    ["NumericGreaterThanEquals", numeric("is at least", (actual, expected) => actual >= expected)],
    ["DateEquals", UNDECIDABLE, "DateNotEquals"],
    ["DateLessThan", { ...UNDECIDABLE, relation: "is before" }],
    ["DateLessThanEquals", { ...UNDECIDABLE, relation: "is at latest" }],
    ["DateGreaterThan", { ...UNDECIDABLE, relation: "is after" }],
    ["DateGreaterThanEquals", { ...UNDECIDABLE, relation: "is at earliest" }],
    ["IpAddress", IP, "NotIpAddress"],
];

/** By name in lower case. `Null` is missing, because it tests for the key instead of a value. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
    KINDS.flatMap(([name, kind, negation]): [string, Operator][] => {
        const itself: [string, Operator] = [name.toLowerCase(), { ...kind, negated: false }];
        return negation ? [itself, [negation.toLowerCase(), { ...kind, negated: true }]] : [itself];
    }),
);
