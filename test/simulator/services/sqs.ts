import type { ActionName } from "../action-names";
import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import { authorize } from "../policies/authorization";
import { MalformedPolicy } from "../policies/malformed-policy";
import { MOST_POLICY_BYTES } from "../state/queues";
import { attributesShown } from "./sqs-attributes";
import { listQueues } from "./sqs-list-queues";
import { arnAsked, missingParameter, queueAsked, queueDoesNotExist, regionArn, required } from "./sqs-queue";

const CARRIED_OUT: Record<ActionName<"sqs">, Action> = {
    ListQueues: (call) => {
        authorize(call, "sqs:ListQueues", regionArn(call));
        return listQueues(call);
    },
    GetQueueUrl: getQueueUrl,
    GetQueueAttributes: getQueueAttributes,
    SetQueueAttributes: setQueueAttributes,
};

/** Actions of SQS that the simulator knows by name only. */
const NAMED_ONLY = [
    "AddPermission",
    "ChangeMessageVisibility",
    "CreateQueue",
    "DeleteMessage",
    "DeleteQueue",
    "ListDeadLetterSourceQueues",
    "ListQueueTags",
    "PurgeQueue",
    "ReceiveMessage",
    "RemovePermission",
    "SendMessage",
    "TagQueue",
    "UntagQueue",
];

/** Every SQS action, each behind the policies that bind the one who signs and that guard the queue. */
export const SQS_ACTIONS: Readonly<Record<string, Action>> = {
    ...Object.fromEntries(NAMED_ONLY.map((name) => [name, knownByName])),
    ...CARRIED_OUT,
};

/** Whom policies let through is told that nothing is done. */
function knownByName(call: Call): never {
    authorize(call, `sqs:${call.action}`, arnAsked(call));
    throw notCarriedOut(`sqs:${call.action}`);
}

/** Another account's queue that does not let one in is as good as none. */
function getQueueUrl(call: Call): Answer {
    const { organization, principal, parameters, region } = call;
    const name = required(call, "QueueName");
    const owner = parameters.get("QueueOwnerAWSAccountId") ?? principal.accountId;
    const own = owner === principal.accountId;
    const resource = organization.queues.arnOf(owner, region, name);
    const action = "sqs:GetQueueUrl";
    if (own) authorize(call, action, resource);
    const queue = organization.queues.withArn(resource);
    if (queue && (own || organization.allows({ principal, action, resource, region }))) {
        return { QueueUrl: queue.url };
    }
    throw queueDoesNotExist(own ? "" : " or you do not have access to it");
}

/** Without any attribute to show, the answer has none. */
function getQueueAttributes(call: Call): Answer {
    authorize(call, "sqs:GetQueueAttributes", arnAsked(call));
    const attributes = attributesShown(call, queueAsked(call));
    return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
}

/** An empty text takes the policy away. */
function setQueueAttributes(call: Call): Answer {
    const { organization, parameters } = call;
    authorize(call, "sqs:SetQueueAttributes", arnAsked(call));
    const queue = queueAsked(call);
    const policy = parameters.get("Attributes.Policy");
    const others = [...parameters.keys()].filter(
        (name) => name.startsWith("Attributes.") && name !== "Attributes.Policy",
    );
    if (others.length > 0) throw notCarriedOut(`sqs:SetQueueAttributes of ${others.join()}`);
    if (policy === undefined) throw missingParameter("Attributes");
    if (Buffer.byteLength(policy) > MOST_POLICY_BYTES) {
        throw new AwsError("OverLimit", "Submitted policy is over max allowed size.", 403);
    }
    refusingInvalid(() => organization.queues.setAttributes(queue, policy === "" ? undefined : policy));
    return {};
}

/** AWS does not say what is wrong with a policy; what only the simulator refuses it says. */
function refusingInvalid(set: () => void): void {
    try {
        set();
    } catch (error) {
        const malformed = error instanceof MalformedPolicy || !(error instanceof Error);
        const because = malformed ? "" : ` (${error.message})`;
        throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter Policy.${because}`);
    }
}

function notCarriedOut(what: string): AwsError {
    return new AwsError("UnsupportedOperation", `The simulator does not carry out ${what}`);
}
