/** The result of evaluating one element of a statement: its principal, actions, resources, or one condition. */

/** Whether something holds for every administrator. `depends`: the available facts do not decide it. */
export type TriState = "yes" | "no" | "depends";

export interface ElementMatch {
    /** Whether the element covers every administrator. */
    coversAll: TriState;
    /** The exempt principals, after `everybody but`. */
    except?: string;
    /** `unless the VPC endpoint is vpce-1a2b3c4d`. */
    when?: string;
    /** A clause that gives the reason, or names the unknown. */
    note?: string;
    /** `has no Effect`: the defect that makes the element unreadable. */
    unreadable?: string;
}

export function not(value: TriState): TriState {
    if (value === "depends") return value;
    return value === "yes" ? "no" : "yes";
}

export function anyOf(values: TriState[]): TriState {
    return values.find((value) => value === "yes") ?? values.find((value) => value === "depends") ?? "no";
}

export function allOf(values: TriState[]): TriState {
    return not(anyOf(values.map(not)));
}

/** The value that all of them have. If they differ, the result depends. */
export function common(values: TriState[]): TriState {
    const [first = "depends"] = values;
    return values.every((value) => value === first) ? first : "depends";
}

/** An element that this analysis cannot read. AWS would probably have refused to store it. */
export function unreadable(defect: string): ElementMatch {
    return { coversAll: "depends", unreadable: defect };
}
