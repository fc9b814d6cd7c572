import type { Service } from "./action-names";
import type { Organization } from "./state/organization";
import type { Principal } from "./state/principals";

/**
 * The parameters of a request by their names on the wire, such as "TaskPolicyArn.arn". What a path or a body holds as a
 * whole goes by its name in the API's model: "Bucket", "Policy".
 */
export type Parameters = ReadonlyMap<string, string>;

/** One request that the simulator understood, from a principal it knows. */
export interface Call {
    readonly service: Service;
    readonly action: string;
    readonly parameters: Parameters;
    readonly region: string;
    readonly principal: Principal;
    readonly organization: Organization;
}

export type AnswerValue =
    string | number | boolean | Date | undefined | AnswerValue[] | Map<string, number> | Answer;
/** What an action returns, in neither XML nor JSON yet. */
export interface Answer {
    [name: string]: AnswerValue;
}

export type Action = (call: Call) => Answer;
