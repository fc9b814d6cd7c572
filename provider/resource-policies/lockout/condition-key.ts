/**
 * The values that a condition key can have in the requests of administrators. An administrator is a user or role of the owning
 * account that is allowed everything and calls AWS directly over HTTPS.
 */
import type { AnalyzedResource } from "./owner";

/** A key's value in a request. Undefined if the request lacks the key. */
export type ContextValue = string | undefined;

export interface PossibleValues {
    /** Values that every administrator has or can get. If a statement spares one of these, it locks nobody out. */
    guaranteed?: ContextValue[];
    /** Other values that the requests of some administrators have. */
    sometimes?: ContextValue[];
    /** The beginnings of values that are otherwise unknown. `[""]` stands for any value. */
    prefixes?: string[];
    /** Beginnings of values that administrators do not have, but that a policy's author may have meant for one. */
    unlikelyPrefixes?: string[];
}

export interface ConditionKey {
    /** `the VPC endpoint`. If empty, messages print the key's name. */
    label: string;
    possibleValues: (owner: AnalyzedResource) => PossibleValues;
    /** The only requests denied by a statement that spares administrators: `it denies only ...`. */
    deniesOnly?: string;
    /** The reason why the key's value cannot be known. */
    unknownBecause?: string;
    /** Matches policy values that fit one principal only. Other principals always exist. */
    onePrincipal?: RegExp;
    /** Matches policy patterns that never fit an administrator. */
    noAdministrator?: RegExp;
}

export const ROUTE_UNKNOWN = "it is unknown whether anybody can still use that";

/** Direct requests about a policy never have this key. */
export function neverPresent(deniesOnly: string, label = ""): ConditionKey {
    return { label, deniesOnly, possibleValues: () => ({ guaranteed: [undefined] }) };
}

/** Ordinary requests lack this key. Requests on some routes have it, such as those through a VPC endpoint. */
export function onSomeRoutes(label: string): ConditionKey {
    return {
        label,
        unknownBecause: ROUTE_UNKNOWN,
        possibleValues: () => ({ guaranteed: [undefined], prefixes: [""] }),
    };
}

export function sometimesPresent(label: string, unknownBecause?: string): ConditionKey {
    return {
        label,
        possibleValues: () => ({ sometimes: [undefined], prefixes: [""] }),
        ...(unknownBecause && { unknownBecause }),
    };
}

export function alwaysPresent(label: string): ConditionKey {
    return { label, possibleValues: () => ({ prefixes: [""] }) };
}

/** All administrators have the same value. If `value` returns an empty text, the value is unknown. */
export function sameForAll(
    label: string,
    deniesOnly: string,
    value: (owner: AnalyzedResource) => string,
    prefix = "",
): ConditionKey {
    const unknown = { sometimes: [undefined], prefixes: [prefix] };
    return {
        label,
        deniesOnly,
        possibleValues: (owner) => (value(owner) === "" ? unknown : { guaranteed: [value(owner)] }),
    };
}

/** Every administrator can call with the guaranteed value. The other values occur too. */
export function callerChooses(
    label: string,
    deniesOnly: string,
    guaranteed: string,
    ...sometimes: ContextValue[]
): ConditionKey {
    return { label, deniesOnly, possibleValues: () => ({ guaranteed: [guaranteed], sometimes }) };
}
