import type { Answer } from "./answer";
import type { Key } from "./key-kinds";
import type { Operator } from "./operators";

/** One line of a condition: `"StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" }`. */
export interface Condition {
    name: string;
    key: Key;
    /** As the policy has them. */
    values: string[];
    /** With variables replaced; undefined where one has no value that is known. */
    wanted: (string | undefined)[];
    /** Undefined for `Null`. */
    operator: Operator | undefined;
    /** What it says of a request that lacks the key. */
    whereAbsent: Answer;
}
