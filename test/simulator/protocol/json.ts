import { AwsError } from "../aws-error";
import type { AnswerValue, Parameters } from "../call";
import type { Protocol } from "./index";

/** AWS JSON 1.1: one object in, one object out. Organizations speaks it. */
export const jsonProtocol: Protocol = {
    contentType: "application/x-amz-json-1.1",
    answer: (_action, answer) => JSON.stringify(inEpochSeconds(answer)),
    refusal: ({ code, message, members }) => JSON.stringify({ __type: code, Message: message, ...members }),
};

/** Lists and maps go by the names that they have in Query: "AttributeNames.1", "Attributes.Policy". */
export function jsonParameters(body: string): Parameters {
    try {
        const members = Object.entries(JSON.parse(body === "" ? "{}" : body) as Record<string, unknown>);
        return new Map(members.flatMap(([name, value]) => flattened(name, value)));
    } catch (error) {
        throw new AwsError("SerializationException", `The body is not a JSON object: ${String(error)}`);
    }
}

function flattened(name: string, value: unknown): [name: string, value: string][] {
    if (Array.isArray(value)) return value.flatMap((item, at) => flattened(`${name}.${at + 1}`, item));
    if (typeof value !== "object" || value === null) return [[name, String(value)]];
    return Object.entries(value).flatMap(([key, member]) => flattened(`${name}.${key}`, member));
}

/** JSON 1.1 writes a time as seconds since 1970. */
function inEpochSeconds(value: AnswerValue): unknown {
    if (value instanceof Date) return value.getTime() / 1000;
    if (Array.isArray(value)) return value.map(inEpochSeconds);
    if (value instanceof Map) return Object.fromEntries(value);
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inEpochSeconds(member)]));
}
