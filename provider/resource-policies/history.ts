/**
 * Keeps the past of one policy in the stack, so that no text is lost.
 *
 * A killed run may have replaced a policy without storing that. A manual change looks the same afterwards. So every replaced text is
 * kept, but a text is put back only if this stack has stored its own change.
 */
import type { LastPolicyChange, PolicyHistory } from "./declaration";
import { samePolicy } from "./lockout/analyze";

/** The number of texts kept in `earlier`. AWS limits a policy to 20 KB. */
const MAX_EARLIER_POLICIES = 10;

export function historyOf({ savedPolicy, writtenPolicy, lastChange, earlier }: PolicyHistory): PolicyHistory {
    return {
        ...(savedPolicy !== undefined && { savedPolicy }),
        ...(writtenPolicy !== undefined && { writtenPolicy }),
        ...(lastChange && { lastChange }),
        ...(earlier && { earlier }),
    };
}

/** The history after an observation. A current policy that was replaced meanwhile, by anybody, goes to `earlier`. */
export function withReplacedPolicy(
    before: PolicyHistory & { currentPolicy: string },
    now: string,
): PolicyHistory {
    const { currentPolicy } = before;
    return currentPolicy === now ? historyOf(before) : withPolicy(historyOf(before), currentPolicy);
}

/** The history after a change by this stack. If this stack wrote the replaced text, `savedPolicy` keeps the older text. */
export function withOwnChange(
    past: PolicyHistory,
    from: string,
    to: string,
    lastChange: LastPolicyChange,
): PolicyHistory {
    const { savedPolicy, writtenPolicy } = past;
    const isOwn = savedPolicy !== undefined && isSamePolicy(writtenPolicy ?? "", from);
    return {
        ...withPolicy(past, from),
        savedPolicy: isOwn ? savedPolicy : from,
        writtenPolicy: to,
        lastChange,
    };
}

/** Adds the texts of a backup, which are older than all others. */
export function withOlderPolicies(past: PolicyHistory, texts: string[]): PolicyHistory {
    const { earlier = [] } = past;
    const older = texts.filter((text) => text !== "" && !earlier.includes(text));
    return older.length === 0
        ? past
        : { ...past, earlier: [...new Set([...older, ...earlier])].slice(-MAX_EARLIER_POLICIES) };
}

/** Adds texts that AWS showed for a moment. They are the newest. */
export function withSeenPolicies(past: PolicyHistory, texts: string[]): PolicyHistory {
    return texts.reduce(withPolicy, past);
}

/** An empty text means no policy. */
export function isSamePolicy(one: string, other: string): boolean {
    if (one === "" || other === "") return one === other;
    return samePolicy(one, other);
}

/** Every text that would be lost with the resource. */
export function rememberedPolicies({ earlier = [], savedPolicy = "" }: PolicyHistory): string[] {
    return [...new Set([...earlier, savedPolicy])].filter((text) => text !== "");
}

function withPolicy(past: PolicyHistory, text: string): PolicyHistory {
    if (text === "") return past;
    const { earlier = [] } = past;
    return {
        ...past,
        earlier: [...earlier.filter((each) => each !== text), text].slice(-MAX_EARLIER_POLICIES),
    };
}
