/** Evaluates which actions on the policy a statement names, and whether its resources include the bucket or queue itself. */
import { stringsIn } from "./document";
import { anyOf, not, unreadable, type ElementMatch, type TriState } from "./element-match";
import { POLICY_ACTIONS, policyActionsOf, type AnalyzedResource } from "./owner";
import { arnMatches, matchesPattern } from "./patterns";
import { resolveVariables, variablesAsWildcards } from "./variables";
import { joinWords, quoted } from "./words";

export interface MatchedActions {
    /** The actions on the policy that the statement names. */
    policyActions: string[];
    /** `s3:*`, as written in the policy. */
    label: string;
    match: ElementMatch;
    /** The statement names other actions too, or may do so. */
    hasOtherActions: boolean;
}

/**
 * IAM compares names of actions without regard to case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function matchActions(statement: Record<string, unknown>, owner: AnalyzedResource): MatchedActions {
    const { Action: action, NotAction: notAction } = statement;
    const all = policyActionsOf(owner);
    const names = stringsIn(action ?? notAction);
    if (!names || (action !== undefined && notAction !== undefined)) {
        const defect = names ? "has both Action and NotAction" : "has no Action that can be read";
        return { policyActions: all, label: "actions", match: unreadable(defect), hasOtherActions: true };
    }
    const namesOf = (policyAction: string) =>
        names.filter((name) => matchesPattern(name.toLowerCase(), policyAction.toLowerCase()));
    const policyActions = all.filter((each) => namesOf(each).length > 0 === (action !== undefined));
    const label =
        action === undefined
            ? `everything but ${joinWords(names.map(quoted))}`
            : joinWords([...new Set(policyActions.flatMap(namesOf))]);
    const { noun } = POLICY_ACTIONS[owner.service];
    const lowerCased = all.map((each) => each.toLowerCase());
    const hasOtherActions =
        action === undefined || names.some((name) => !lowerCased.includes(name.toLowerCase()));
    const match: ElementMatch =
        policyActions.length > 0
            ? { coversAll: "yes" }
            : { coversAll: "no", note: `it denies neither reading nor writing the ${noun}'s policy` };
    return { policyActions, label, match, hasOtherActions };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function matchResources(
    statement: Record<string, unknown>,
    owner: AnalyzedResource,
    hasVariables: boolean,
): ElementMatch {
    const { Resource: resource, NotResource: notResource } = statement;
    if (resource !== undefined && notResource !== undefined)
        return unreadable("has both Resource and NotResource");
    const arns = stringsIn(resource ?? notResource);
    if (!arns) return unreadable("has no Resource that can be read");
    const isNamed = anyOf(arns.map((arn) => isResource(arn, owner, hasVariables)));
    const coversAll = resource === undefined ? not(isNamed) : isNamed;
    const { noun } = POLICY_ACTIONS[owner.service];
    const areObjects = resource !== undefined && arns.every((arn) => arn.startsWith(`${owner.resourceArn}/`));
    const resources = areObjects ? `objects, not the ${noun} itself` : `other resources than the ${noun}`;
    if (coversAll === "no") return { coversAll, note: `it is about ${resources}` };
    if (coversAll === "yes") return { coversAll };
    return {
        coversAll,
        when: `if ${joinWords(arns.map(quoted))} stands for the ${noun}`,
        note: "that is unknown",
    };
}

function isResource(pattern: string, owner: AnalyzedResource, hasVariables: boolean): TriState {
    const { resourceArn } = owner;
    // Old queue policies name queues as /111122223333/orders. It is unknown how AWS evaluates that today.
    if (!/^(arn:|\*)/i.test(pattern)) return "depends";
    const text = hasVariables ? resolveVariables(pattern, owner) : pattern;
    const isMatch = arnMatches(text ?? variablesAsWildcards(pattern), resourceArn);
    if (isMatch !== undefined && (text !== undefined || !isMatch)) return isMatch ? "yes" : "no";
    return (isMatch ?? matchesPattern(variablesAsWildcards(pattern), resourceArn)) ? "depends" : "no";
}
