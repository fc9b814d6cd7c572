import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { Queue } from "../state/queues";

const QUEUE_URL = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com\/(\d{12})\/([\w.-]+)$/;

/** The queue of a call's `QueueUrl`. */
export function queueAsked(call: Call): Queue {
    const queue = call.organization.queues.withArn(arnAsked(call));
    if (!queue) throw queueDoesNotExist();
    return queue;
}

/** What a call acts on, in the eyes of a policy: the queue that it names by URL, or by a name in the caller's account. */
export function arnAsked(call: Call): string {
    const { organization, principal, parameters, region } = call;
    const name = parameters.get("QueueName");
    if (name !== undefined) return organization.queues.arnOf(principal.accountId, region, name);
    const url = required(call, "QueueUrl");
    const [, there, accountId, queueName] = QUEUE_URL.exec(url) ?? [];
    if (there !== region || accountId === undefined || queueName === undefined) {
        throw new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`, 404);
    }
    return organization.queues.arnOf(accountId, region, queueName);
}

/** What a call acts on that is about all the queues of an account and region; AWS writes it with an empty name. */
export function regionArn({ organization, principal, region }: Call): string {
    return organization.queues.arnOf(principal.accountId, region, "");
}

export function queueDoesNotExist(orElse = ""): AwsError {
    return new AwsError("QueueDoesNotExist", `The specified queue does not exist${orElse}.`);
}

export function required({ parameters }: Call, name: string): string {
    const value = parameters.get(name);
    if (value !== undefined) return value;
    throw missingParameter(name);
}

export function missingParameter(name: string): AwsError {
    return new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);
}
