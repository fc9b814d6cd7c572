import { IncompleteAnswer } from "../aws/errors/error-classes";

/** A policy as AWS gave it, byte for byte, once it is known to be one: what cannot be read cannot be put back either. */
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

/** In the stack's state, where there is no policy its text is empty. */
export function textOrNone(text: string): string | undefined {
    return text === "" ? undefined : text;
}
