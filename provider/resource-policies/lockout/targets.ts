/** Which calls a statement names, and whether its resources include the bucket or queue itself. */
import { anyOf, not, odd, type Answer, type Finding } from "./answer";
import { textsIn } from "./document";
import { callsOn, POLICY_CALLS, type PolicyOwner } from "./owner";
import { arnMatches, matches } from "./patterns";
import { withVariables, withWildcards } from "./variables";
import { listed, quoted } from "./words";

export interface NamedCalls {
    /** Of the calls about the policy. */
    calls: string[];
    /** `s3:*`; as the policy has it. */
    called: string;
    finding: Finding;
    /** Beside calls about the policy it names others, or may. */
    more: boolean;
}

/**
 * Names of calls are compared without regard to case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function namedCalls(statement: Record<string, unknown>, owner: PolicyOwner): NamedCalls {
    const { Action: action, NotAction: notAction } = statement;
    const all = callsOn(owner);
    const names = textsIn(action ?? notAction);
    if (!names || (action !== undefined && notAction !== undefined)) {
        const what = names ? "has both Action and NotAction" : "has no Action that can be read";
        return { calls: all, called: "actions", finding: odd(what), more: true };
    }
    const about = (call: string) => names.filter((name) => matches(name.toLowerCase(), call.toLowerCase()));
    const calls = all.filter((call) => about(call).length > 0 === (action !== undefined));
    const called =
        action === undefined
            ? `everything but ${listed(names.map(quoted))}`
            : listed([...new Set(calls.flatMap(about))]);
    const { noun } = POLICY_CALLS[owner.service];
    const policyCalls = all.map((call) => call.toLowerCase());
    const more = action === undefined || names.some((name) => !policyCalls.includes(name.toLowerCase()));
    const finding: Finding =
        calls.length > 0
            ? { answer: "yes" }
            : { answer: "no", note: `it denies neither reading nor writing the ${noun}'s policy` };
    return { calls, called, finding, more };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function resourceFinding(
    statement: Record<string, unknown>,
    owner: PolicyOwner,
    hasVariables: boolean,
): Finding {
    const { Resource: resource, NotResource: notResource } = statement;
    if (resource !== undefined && notResource !== undefined) return odd("has both Resource and NotResource");
    const arns = textsIn(resource ?? notResource);
    if (!arns) return odd("has no Resource that can be read");
    const isNamed = anyOf(arns.map((arn) => isResource(arn, owner, hasVariables)));
    const answer = resource === undefined ? not(isNamed) : isNamed;
    const { noun } = POLICY_CALLS[owner.service];
    const isWithin = resource !== undefined && arns.every((arn) => arn.startsWith(`${owner.resourceArn}/`));
    const what = isWithin ? `objects, not the ${noun} itself` : `other resources than the ${noun}`;
    if (answer === "no") return { answer, note: `it is about ${what}` };
    if (answer === "yes") return { answer };
    return {
        answer,
        when: `if ${listed(arns.map(quoted))} stands for the ${noun}`,
        note: "that cannot be seen from here",
    };
}

function isResource(pattern: string, owner: PolicyOwner, hasVariables: boolean): Answer {
    const { resourceArn } = owner;
    // SQS once wrote queues as /111122223333/orders; what AWS makes of that today is not known.
    if (!/^(arn:|\*)/i.test(pattern)) return "depends";
    const text = hasVariables ? withVariables(pattern, owner) : pattern;
    const found = arnMatches(text ?? withWildcards(pattern), resourceArn);
    if (found !== undefined && (text !== undefined || !found)) return found ? "yes" : "no";
    return (found ?? matches(withWildcards(pattern), resourceArn)) ? "depends" : "no";
}
