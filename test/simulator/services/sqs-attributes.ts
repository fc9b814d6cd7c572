import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Queue, ShownQueue } from "../state/queues";

/** The attributes that a queue has here, by the names of the API reference. Its policy is missing where there is none. */
const ATTRIBUTES: Readonly<Record<string, (queue: Queue, shown: ShownQueue) => string | undefined>> = {
    QueueArn: ({ arn }) => arn,
    Policy: (_, { policy }) => policy?.text,
    CreatedTimestamp: ({ created }) => inSeconds(created),
    LastModifiedTimestamp: (_, { modified }) => inSeconds(modified),
    ApproximateNumberOfMessages: () => "0",
    ApproximateNumberOfMessagesDelayed: () => "0",
    ApproximateNumberOfMessagesNotVisible: () => "0",
    DelaySeconds: () => "0",
    MaximumMessageSize: () => "262144",
    MessageRetentionPeriod: () => "345600",
    ReceiveMessageWaitTimeSeconds: () => "0",
    SqsManagedSseEnabled: () => "true",
    VisibilityTimeout: () => "30",
};

/** Those that the call asks for: "All", some by name, or none at all. A read of them counts against the lag. */
export function attributesShown({ organization, parameters }: Call, queue: Queue): Answer {
    const asked = [...parameters]
        .filter(([name]) => name.startsWith("AttributeNames."))
        .map(([, value]) => value);
    const names = asked.includes("All") ? Object.keys(ATTRIBUTES) : asked;
    const unknown = names.find((name) => !Object.hasOwn(ATTRIBUTES, name));
    if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    const shown = organization.queues.shown(queue);
    const attributes = names.map((name) => [name, ATTRIBUTES[name]?.(queue, shown)] as const);
    return Object.fromEntries(attributes.filter(([, value]) => value !== undefined));
}

function inSeconds(time: Date): string {
    return String(Math.floor(time.getTime() / 1000));
}
