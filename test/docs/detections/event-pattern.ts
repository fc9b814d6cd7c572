/**
 * EventBridge's event patterns, as far as docs/detections uses them (EventBridge User Guide, "Comparison operators for use in
 * event patterns"). No kept npm library matches them. What is not known here is refused, never taken for a match.
 */

/** Whether the event is one that a rule with this pattern is told of. */
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
            // Of leaves only: an object is neither there nor missing.
            return values(value).length > 0 === operand;
        case "anything-but":
            // A field that is not there is not "anything but": it is nothing.
            return values(value).some((each) => !asList(operand).includes(each));
        default:
            throw new Error(`the operator ${JSON.stringify(wanted)} is not known here`);
    }
}

/** The leaves at a field: a list in an event stands for each of its members. */
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
