/**
 * What may be known of a condition key in the requests of administrators: users and roles of the owning account who may do
 * anything, and call directly over HTTPS.
 */
import type { PolicyOwner } from "./owner";

/** What a request holds under a key; undefined where it lacks the key. */
export type Held = string | undefined;

export interface Possible {
    /** What every administrator's request holds, or can be made to. If the statement leaves one of these alone, it locks nobody out. */
    can?: Held[];
    /** What the requests of some may hold besides. */
    may?: Held[];
    /** How values begin that are not known: `[""]` for anything at all. */
    begins?: string[];
    /** How values begin that are not an administrator's own, but may have been meant, or got, by one. */
    rarely?: string[];
}

export interface Key {
    /** `the VPC endpoint`; where empty, the key itself. */
    called: string;
    possible: (owner: PolicyOwner) => Possible;
    /** What a statement is about that leaves administrators alone: `it denies only ...`. */
    only?: string;
    /** What cannot be seen. */
    unseen?: string;
    /** Of values that fit one principal only, beside which there are others. */
    namesOne?: RegExp;
    /** Of patterns that fit no administrator, whatever else they may fit. */
    namesNone?: RegExp;
}

export const STILL_USABLE = "whether anybody can still use that cannot be seen from here";

/** Never part of a direct request about a policy. */
export function absent(only: string, called = ""): Key {
    return { called, only, possible: () => ({ can: [undefined] }) };
}

/** Not part of an ordinary request, but of one on a certain way. */
export function onCertainWays(called: string): Key {
    return { called, unseen: STILL_USABLE, possible: () => ({ can: [undefined], begins: [""] }) };
}

/** Some requests have it and some have not. */
export function forSome(called: string, unseen?: string): Key {
    return { called, possible: () => ({ may: [undefined], begins: [""] }), ...(unseen && { unseen }) };
}

export function always(called: string): Key {
    return { called, possible: () => ({ begins: [""] }) };
}

/** The same for all administrators, and known unless it is empty. */
export function known(
    called: string,
    only: string,
    value: (owner: PolicyOwner) => string,
    beginning = "",
): Key {
    const unknown = { may: [undefined], begins: [beginning] };
    return {
        called,
        only,
        possible: (owner) => (value(owner) === "" ? unknown : { can: [value(owner)] }),
    };
}

/** Administrators can see to the first value; the others occur. */
export function chosen(called: string, only: string, can: string, ...may: Held[]): Key {
    return { called, only, possible: () => ({ can: [can], may }) };
}
