import type { ActionName } from "./action-names";
import { AwsError } from "./aws-error";
import type { Call } from "./call";
import { permissionFor } from "./permission-names";
import { denialText } from "./policies/denial-text";
import { REFUSALS } from "./refusals";

/** Something that goes wrong with one call, on purpose. */
export type Fault =
    /** AWS refuses; the action is not carried out. */
    | { readonly kind: "refusal"; readonly refuse: (call: Call) => AwsError }
    /** HTTP 200, but the body is not what it should be. */
    | {
          readonly kind: "garbled";
          readonly carriedOut: boolean;
          readonly garble: (body: string, call: Call) => string;
      }
    /** No answer: the connection breaks, or stays open in silence. */
    | { readonly kind: "silence"; readonly carriedOut: boolean; readonly connection: "breaks" | "hangs" }
    /** AssumeRoot hands out a session of another account than the one asked for. */
    | { readonly kind: "otherAccount"; readonly accountId: string };

/** Which calls of an action are meant: all of them, or those that concern one account. */
export interface FaultMatch {
    accountId?: string;
    /** How many matching calls go well first: a listing that fails in the middle. */
    after?: number;
}

interface Scheduled extends FaultMatch {
    readonly action: ActionName | "*";
    readonly fault: Fault;
    /** Matching calls that still go well. */
    callsToGo: number;
    timesLeft: number;
}

export class FaultSchedule {
    #scheduled: Scheduled[] = [];

    schedule(
        action: ActionName | "*",
        fault: Fault,
        { accountId, after = 0 }: FaultMatch,
        times: number,
    ): void {
        this.#scheduled.push({
            action,
            fault,
            ...(accountId && { accountId }),
            callsToGo: after,
            timesLeft: times,
        });
    }

    clear(): void {
        this.#scheduled = [];
    }

    /** The fault this call meets, the one scheduled first. A fault used up is gone. */
    take(action: string, accountId: string): Fault | undefined {
        if (this.#scheduled.length === 0) return undefined;
        const met = this.#scheduled.find(
            (scheduled) =>
                (scheduled.action === "*" || scheduled.action === action) &&
                (scheduled.accountId === undefined || scheduled.accountId === accountId),
        );
        if (met && met.callsToGo-- > 0) return undefined;
        if (met && --met.timesLeft <= 0) this.#scheduled = this.#scheduled.filter((other) => other !== met);
        return met?.fault;
    }
}

/** AWS limits the rate. Each service has a code of its own for that. */
export function throttled(): Fault {
    return { kind: "refusal", refuse: ({ service }) => REFUSALS[service].rateExceeded() };
}

/** An identity-based policy does not allow the call; or whatever `message` says. */
export function accessDenied(message?: string): Fault {
    return {
        kind: "refusal",
        refuse: (call) => REFUSALS[call.service].accessDenied(message ?? notAllowed(call)),
    };
}

function notAllowed({ service, action, principal }: Call): string {
    const permission = permissionFor(service, action);
    const because = `because no identity-based policy allows the ${permission} action`;
    return denialText(principal.arn, permission, "*", because);
}

/** The credentials that sign the request are said to have expired. */
export function expiredToken(): Fault {
    return { kind: "refusal", refuse: ({ service }) => REFUSALS[service].tokenExpired() };
}

/** A failure inside AWS. */
export function serverError(status: 500 | 502 | 503 | 504 = 500): Fault {
    return { kind: "refusal", refuse: ({ service }) => REFUSALS[service].serverError(status) };
}

/** Any other refusal, by its code on the wire, such as "EntityTemporarilyUnmodifiable" with status 409. */
export function refusal(code: string, message: string, status = 400): Fault {
    return { kind: "refusal", refuse: () => new AwsError(code, message, status) };
}

/** The action is carried out, and answered with HTTP 200 and no body. */
export function emptyBody(): Fault {
    return { kind: "garbled", carriedOut: true, garble: () => "" };
}

/** The action is carried out, and the second half of its answer is cut off. */
export function truncatedBody(): Fault {
    return { kind: "garbled", carriedOut: true, garble: (body) => body.slice(0, body.length / 2) };
}

/**
 * The action is carried out, and its answer is well-formed but lacks everything it should contain. Of a bucket's policy,
 * which S3 answers as it is, that leaves an empty body.
 */
export function missingResult(): Fault {
    return {
        kind: "garbled",
        carriedOut: true,
        garble: (body, { service }) => {
            if (body.startsWith("{")) return service === "s3" ? "" : "{}";
            return body.replace(/<(\w+Result)( [^>]*)?>.*<\/\1>/s, "<$1$2></$1>");
        },
    };
}

/** A page of a JSON listing comes without the token to the next one, as if it were the last. */
export function lostNextToken(): Fault {
    const garble = (body: string) =>
        JSON.stringify({ ...(JSON.parse(body) as object), NextToken: undefined });
    return { kind: "garbled", carriedOut: true, garble };
}

/** A page of a JSON listing is the last one and has nothing on it. */
export function emptyList(): Fault {
    const garble = (body: string) => {
        const lists = Object.entries(JSON.parse(body) as object).filter(([, value]) => Array.isArray(value));
        return JSON.stringify(Object.fromEntries(lists.map(([name]) => [name, []])));
    };
    return { kind: "garbled", carriedOut: true, garble };
}

/** A page of a JSON listing leads to itself again. */
export function repeatedNextToken(): Fault {
    let first: string | undefined;
    return { kind: "garbled", carriedOut: true, garble: (body) => (first ??= body) };
}

/** Something between caller and AWS answers with a page of its own, HTTP 200; AWS never sees the call. */
export function htmlBody(): Fault {
    const page =
        "<!DOCTYPE html><html><head><title>Proxy</title></head><body><h1>Please sign in</h1></body></html>";
    return { kind: "garbled", carriedOut: false, garble: () => page };
}

/** The connection is reset before the action is carried out. */
export function connectionReset(): Fault {
    return { kind: "silence", carriedOut: false, connection: "breaks" };
}

/** The action is carried out, and the connection is reset before its answer. */
export function answerLost(): Fault {
    return { kind: "silence", carriedOut: true, connection: "breaks" };
}

/** The call is never answered; the connection stays open. */
export function hang(): Fault {
    return { kind: "silence", carriedOut: false, connection: "hangs" };
}

/** The action is carried out and never answered; the connection stays open. */
export function answerHangs(): Fault {
    return { kind: "silence", carriedOut: true, connection: "hangs" };
}

/** AssumeRoot hands out a session of this account instead of the one asked for. */
export function wrongAccount(accountId: string): Fault {
    return { kind: "otherAccount", accountId };
}
