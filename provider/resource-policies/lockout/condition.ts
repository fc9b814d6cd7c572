import type { ConditionKey } from "./condition-key";
import type { TriState } from "./element-match";
import type { Operator } from "./operators";

/** One condition of a statement: `"StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" }`. */
export interface Condition {
    keyName: string;
    key: ConditionKey;
    /** As written in the policy. */
    values: string[];
    /** The same with policy variables replaced. Undefined for a value with a variable that differs between callers. */
    resolvedValues: (string | undefined)[];
    /** Undefined for `Null`. */
    operator: Operator | undefined;
    /** The result for a request without the key. */
    ifKeyAbsent: TriState;
}
