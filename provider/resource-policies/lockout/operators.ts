/**
 * The operators of conditions.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { BlockList, isIP } from "node:net";
import { arnMatches, matches, shareOf, shareOfArns, type Share } from "./patterns";

export interface Operator {
    /** True of a request in which none of the values fits, and of one that lacks the key. */
    negated: boolean;
    /** `is`, `is less than`: how it reads. */
    relation: string;
    /** Whether a value of a request fits one of the policy; undefined where that cannot be told. */
    fits: (given: string, wanted: string) => boolean | undefined;
    /** For texts: of all that begin so, how many fit. */
    share?: (beginning: string, wanted: string) => Share;
    /** Whether policy variables are replaced. */
    hasVariables?: boolean;
}

type Kind = Omit<Operator, "negated">;

const EXACT: Kind = {
    relation: "is",
    fits: (given, wanted) => given === wanted,
    share: (beginning, wanted) => (wanted.startsWith(beginning) ? "some" : "none"),
    hasVariables: true,
};

const ANY_CASE: Kind = {
    ...EXACT,
    fits: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
    share: (beginning, wanted) =>
        wanted.toLowerCase().startsWith(beginning.toLowerCase()) ? "some" : "none",
};

const LIKE: Kind = {
    relation: "is",
    fits: (given, wanted) => matches(wanted, given),
    share: (beginning, wanted) => shareOf(wanted, beginning),
    hasVariables: true,
};

/** ArnEquals and ArnLike behave alike. */
const ARN: Kind = {
    ...LIKE,
    fits: (given, wanted) => arnMatches(wanted, given),
    share: (beginning, wanted) => shareOfArns(wanted, beginning),
};

const BOOL: Kind = {
    relation: "is",
    fits(given, wanted) {
        const areBoth = [given, wanted].every((value) => /^(true|false)$/i.test(value));
        return areBoth ? given.toLowerCase() === wanted.toLowerCase() : undefined;
    },
};

/** Dates and binary values: no request's own are known here. */
const UNSEEN: Kind = { relation: "is", fits: () => undefined };

function numeric(relation: string, holds: (given: number, wanted: number) => boolean): Kind {
    return {
        relation,
        fits(given, wanted) {
            const areBoth = [given, wanted].every((value) => /^[+-]?\d+(\.\d+)?$/.test(value));
            return areBoth ? holds(Number(given), Number(wanted)) : undefined;
        },
    };
}

const EQUAL_NUMBER = numeric("is", (given, wanted) => given === wanted);

const IP: Kind = {
    relation: "is in",
    fits(given, wanted) {
        const [address = "", prefix] = wanted.split("/");
        const bits = isIP(address) === 6 ? 128 : 32;
        const length = prefix === undefined ? bits : Number(prefix);
        const isRange =
            isIP(address) && prefix !== "" && Number.isInteger(length) && length >= 0 && length <= bits;
        if (!isRange || !isIP(given)) return undefined;
        const range = new BlockList();
        range.addSubnet(address, length, bits === 128 ? "ipv6" : "ipv4");
        return isIP(given) === isIP(address) && range.check(given, bits === 128 ? "ipv6" : "ipv4");
    },
};

const KINDS: [name: string, kind: Kind, negation?: string][] = [
    ["StringEquals", EXACT, "StringNotEquals"],
    ["StringEqualsIgnoreCase", ANY_CASE, "StringNotEqualsIgnoreCase"],
    ["StringLike", LIKE, "StringNotLike"],
    ["ArnEquals", ARN, "ArnNotEquals"],
    ["ArnLike", ARN, "ArnNotLike"],
    ["Bool", BOOL],
    ["BinaryEquals", UNSEEN],
    ["NumericEquals", EQUAL_NUMBER, "NumericNotEquals"],
    ["NumericLessThan", numeric("is less than", (given, wanted) => given < wanted)],
    ["NumericLessThanEquals", numeric("is at most", (given, wanted) => given <= wanted)],
    ["NumericGreaterThan", numeric("is more than", (given, wanted) => given > wanted)],
    ["NumericGreaterThanEquals", numeric("is at least", (given, wanted) => given >= wanted)],
    ["DateEquals", UNSEEN, "DateNotEquals"],
    ["DateLessThan", { ...UNSEEN, relation: "is before" }],
    ["DateLessThanEquals", { ...UNSEEN, relation: "is at latest" }],
    ["DateGreaterThan", { ...UNSEEN, relation: "is after" }],
    ["DateGreaterThanEquals", { ...UNSEEN, relation: "is at earliest" }],
    ["IpAddress", IP, "NotIpAddress"],
];

/** By name in small letters. `Null` is none of them: it asks for the key, not for its value. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
    KINDS.flatMap(([name, kind, negation]): [string, Operator][] => {
        const itself: [string, Operator] = [name.toLowerCase(), { ...kind, negated: false }];
        return negation ? [itself, [negation.toLowerCase(), { ...kind, negated: true }]] : [itself];
    }),
);
