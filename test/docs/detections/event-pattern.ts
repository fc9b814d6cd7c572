/**
 * EventBridge's event patterns, as far as docs/detections uses them (EventBridge User Guide, "Comparison operators for use in
 * event patterns"). No maintained npm library evaluates them. An unknown operator is an error, never a match.
 */

/** True if a rule with this pattern gets the event. */
export function matches(pattern: unknown, event: unknown): boolean {
    return Object.entries(asObject(pattern)).every(([name, wanted]) => {
        if (name === "$or") return asList(wanted).some((each) => matches(each, event));
        const value = isObject(event) ? event[name] : undefined;
        if (isObject(wanted)) return matches(wanted, value);
        return asList(wanted).some((each) => matchesValue(each, value));
    });
}

function matchesValue(wanted: unknown, value: unknown): boolean {
    if (!isObject(wanted)) return values(value).includes(wanted);
    const [operator = "", ...more] = Object.keys(wanted);
    if (more.length > 0) throw new Error(`one operator at a time, got ${JSON.stringify(wanted)}`);
    const operand = wanted[operator];
    switch (operator) {
        case "exists":
            // `exists` applies to leaves only. An object is neither present nor missing.
            return values(value).length > 0 === operand;
        case "anything-but":
            // "anything-but" does not match a missing field.
            return values(value).some((each) => !asList(operand).includes(each));
        default:
            throw new Error(`the operator ${JSON.stringify(wanted)} is not known here`);
    }
}

/** The leaves of a field. A list in an event matches by any of its members. */
function values(value: unknown): unknown[] {
    return [value].flat().filter((each) => each !== undefined && !isObject(each));
}

function asList(value: unknown): unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    throw new Error(`a pattern has lists of values, got ${JSON.stringify(value)}`);
}

function asObject(value: unknown): Record<string, unknown> {
    if (isObject(value)) return value;
    throw new Error(`a pattern is an object, got ${JSON.stringify(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
