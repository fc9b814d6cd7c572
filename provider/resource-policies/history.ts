/**
 * What a stack remembers of one policy's past, so that no text is lost and none is put back that the stack has not replaced itself.
 *
 * A run that was killed may have replaced a policy without remembering that it did; somebody else may have done the same by hand, and
 * both look alike afterwards. So what is no longer there is kept in any case, and put back only where the change is remembered.
 */
import type { LastPolicyChange, PolicyHistory } from "./declaration";
import { samePolicy } from "./lockout/index";

/** How many texts are kept in `earlier`. A policy has 20 KB at most. */
const KEPT = 10;

export function pastOf({ savedPolicy, writtenPolicy, lastChange, earlier }: PolicyHistory): PolicyHistory {
    return {
        ...(savedPolicy !== undefined && { savedPolicy }),
        ...(writtenPolicy !== undefined && { writtenPolicy }),
        ...(lastChange && { lastChange }),
        ...(earlier && { earlier }),
    };
}

/** Another text is there now, whoever has put it there. */
export function displacing(before: PolicyHistory & { currentPolicy: string }, now: string): PolicyHistory {
    const { currentPolicy } = before;
    return currentPolicy === now ? pastOf(before) : keeping(pastOf(before), currentPolicy);
}

/** This stack has changed it. What stands in for its own text of before stands in for what that had replaced. */
export function changing(
    past: PolicyHistory,
    from: string,
    to: string,
    lastChange: LastPolicyChange,
): PolicyHistory {
    const { savedPolicy, writtenPolicy } = past;
    const isOurs = savedPolicy !== undefined && isSamePolicy(writtenPolicy ?? "", from);
    return {
        ...keeping(past, from),
        savedPolicy: isOurs ? savedPolicy : from,
        writtenPolicy: to,
        lastChange,
    };
}

/** The same with other texts that were there, by the account of a backup: the oldest of all. */
export function including(past: PolicyHistory, texts: string[]): PolicyHistory {
    const { earlier = [] } = past;
    const older = texts.filter((text) => text !== "" && !earlier.includes(text));
    return older.length === 0
        ? past
        : { ...past, earlier: [...new Set([...older, ...earlier])].slice(-KEPT) };
}

/** The same with texts that were seen there for a moment, the latest of all. */
export function witnessing(past: PolicyHistory, texts: string[]): PolicyHistory {
    return texts.reduce(keeping, past);
}

/** Of two texts of which either may be empty: no policy. */
export function isSamePolicy(one: string, other: string): boolean {
    if (one === "" || other === "") return one === other;
    return samePolicy(one, other);
}

/** Every text that would be lost with the resource. */
export function textsOf({ earlier = [], savedPolicy = "" }: PolicyHistory): string[] {
    return [...new Set([...earlier, savedPolicy])].filter((text) => text !== "");
}

function keeping(past: PolicyHistory, text: string): PolicyHistory {
    if (text === "") return past;
    const { earlier = [] } = past;
    return { ...past, earlier: [...earlier.filter((each) => each !== text), text].slice(-KEPT) };
}
