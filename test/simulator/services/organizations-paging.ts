import { AwsError } from "../aws-error";
import type { Call } from "../call";

const MOST_RESULTS = 20;

interface Ranked {
    readonly sequence: number;
}

interface Page<T> {
    items: T[];
    NextToken: string | undefined;
}

/**
 * The page that `NextToken` asks for. A token names the last item seen, not a count, so that an account which leaves
 * between two pages hides no other; and it belongs to the question that was asked with it.
 */
export function onePage<T extends Ranked>(call: Call, sorted: T[]): Page<T> {
    const { organization } = call;
    const { after, emptyBefore } = position(call);
    const wanted = Math.min(organization.accountsPerPage, requestedResults(call));
    const start = after === 0 ? 0 : firstAfter(sorted, after);
    if (organization.emptyPages && !emptyBefore && start < sorted.length) {
        return { items: [], NextToken: token(call, after, true) };
    }
    const items = sorted.slice(start, start + wanted);
    const last = items.at(-1);
    const more = last !== undefined && start + wanted < sorted.length;
    return { items, NextToken: more ? token(call, last.sequence, false) : undefined };
}

export function invalidInput(Reason: string): AwsError {
    return new AwsError("InvalidInputException", "You specified an invalid value.", 400, { Reason });
}

function requestedResults({ parameters }: Call): number {
    const wanted = Number(parameters.get("MaxResults") ?? MOST_RESULTS);
    if (!(wanted >= 1)) throw invalidInput("MIN_VALUE_EXCEEDED");
    if (wanted > MOST_RESULTS) throw invalidInput("MAX_VALUE_EXCEEDED");
    return wanted;
}

function firstAfter(sorted: Ranked[], sequence: number): number {
    const index = sorted.findIndex((item) => item.sequence > sequence);
    return index === -1 ? sorted.length : index;
}

function token(call: Call, after: number, emptyBefore: boolean): string {
    return Buffer.from(`${question(call)} ${after} ${emptyBefore}`).toString("base64");
}

function position(call: Call): { after: number; emptyBefore: boolean } {
    const given = call.parameters.get("NextToken");
    if (given === undefined) return { after: 0, emptyBefore: false };
    const [asked, after, emptyBefore] = Buffer.from(given, "base64").toString().split(" ");
    if (asked !== question(call) || after === undefined) throw invalidInput("INVALID_NEXT_TOKEN");
    return { after: Number(after), emptyBefore: emptyBefore === "true" };
}

function question({ action, parameters }: Call): string {
    return `${action}/${parameters.get("ParentId") ?? ""}`;
}
