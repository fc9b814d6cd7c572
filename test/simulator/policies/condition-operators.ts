import { BlockList, isIP } from "node:net";
import { arnPattern, pattern, type Pattern } from "./patterns";

/** What an operator makes of one value; an operator that is not listed cannot be judged here. */
export const OPERATORS: Readonly<Record<string, (wanted: string) => Pattern>> = {
    StringEquals: (wanted) => pattern(wanted, { wildcards: false }),
    StringEqualsIgnoreCase: (wanted) => pattern(wanted, { wildcards: false, ignoreCase: true }),
    StringLike: (wanted) => pattern(wanted),
    // The two are one and the same (IAM User Guide, "ARN condition operators").
    ArnEquals: arn,
    ArnLike: arn,
    Bool: (wanted) => pattern(truth(wanted), { wildcards: false, ignoreCase: true }),
    IpAddress: addressRange,
    ...compared("Numeric", numberIn),
    ...compared("Date", timeIn),
};

export const NEGATIONS: Readonly<Record<string, string>> = {
    StringNotEquals: "StringEquals",
    StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
    StringNotLike: "StringLike",
    ArnNotEquals: "ArnEquals",
    ArnNotLike: "ArnLike",
    NotIpAddress: "IpAddress",
    NumericNotEquals: "NumericEquals",
    DateNotEquals: "DateEquals",
};

export function truth(value: string): string {
    if (value === "true" || value === "false") return value;
    throw new Error(`expected "true" or "false", got "${value}"`);
}

function arn(wanted: string): Pattern {
    const made = arnPattern(wanted);
    if (!made) throw new Error(`"${wanted}" is not an ARN`);
    return made;
}

/** One address or a range of them, such as "203.0.113.0/24"; of either version. */
function addressRange(wanted: string): Pattern {
    const [address = "", length, ...rest] = wanted.split("/");
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
    if (version === 0 || prefix > bits || rest.length > 0) {
        throw new Error(`"${wanted}" is not a range of IP addresses`);
    }
    const range = new BlockList();
    range.addSubnet(address, prefix, familyOf(version));
    return (value) => isIP(value) !== 0 && range.check(value, familyOf(isIP(value)));
}

function familyOf(version: number): "ipv4" | "ipv6" {
    return version === 4 ? "ipv4" : "ipv6";
}

/** The five comparisons that numbers and dates have. A value that is neither satisfies none of them. */
function compared(
    kind: "Numeric" | "Date",
    read: (text: string) => number,
): Record<string, (wanted: string) => Pattern> {
    const comparisons: Record<string, (value: number, bound: number) => boolean> = {
        Equals: (value, bound) => value === bound,
        LessThan: (value, bound) => value < bound,
        LessThanEquals: (value, bound) => value <= bound,
        GreaterThan: (value, bound) => value > bound,
        GreaterThanEquals: (value, bound) => value >= bound,
    };
    const operators = Object.entries(comparisons).map(([name, holds]) => {
        const operator = (wanted: string): Pattern => {
            const bound = read(wanted);
            if (Number.isNaN(bound)) throw new Error(`${kind}${name} cannot be held against "${wanted}"`);
            return (value) => holds(read(value), bound);
        };
        return [`${kind}${name}`, operator] as const;
    });
    return Object.fromEntries(operators);
}

function numberIn(text: string): number {
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

/** ISO 8601 as the W3C has it, or seconds since 1970. */
function timeIn(text: string): number {
    if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000;
    return /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text)
        ? Date.parse(text)
        : NaN;
}
