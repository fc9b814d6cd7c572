import { IncompleteAnswer } from "../aws/errors/error-classes";

/** Returns AWS's text byte for byte if it is JSON. An unreadable policy could not be put back, so it counts as an incomplete answer. */
export function policyText(text: string): string {
    let policy: unknown;
    try {
        policy = JSON.parse(text);
    } catch {
        policy = undefined;
    }
    if (typeof policy !== "object" || policy === null)
        throw new IncompleteAnswer("a policy that can be read");
    return text;
}

/** The stack's state has an empty text for no policy. */
export function textOrNone(text: string): string | undefined {
    return text === "" ? undefined : text;
}
