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
    /** The answer comes, one byte at a time, with a pause before each. */
    | { readonly kind: "trickle"; readonly milliseconds: number }
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

/** How a page of IAM ends: the texts of `IsTruncated` and `Marker`, each left out if undefined. */
export interface PageEnd {
    isTruncated?: string;
    marker?: string;
}

/** A page of a listing of IAM has nothing on it, and ends as told. */
export function emptyPage({ isTruncated, marker }: PageEnd): Fault {
    const end = element("IsTruncated", isTruncated) + element("Marker", marker);
    return garbled((body) =>
        body
            .replace(/<member>.*<\/member>/s, "")
            .replace(/<Marker>.*?<\/Marker>/, "")
            .replace(/<IsTruncated>\w+<\/IsTruncated>/, end),
    );
}

function element(name: string, text: string | undefined): string {
    return text === undefined ? "" : `<${name}>${text}</${name}>`;
}

/** A page of a listing has nothing on it but a member that is empty; in JSON, null. */
export function paddedList(): Fault {
    return garbled((body) =>
        body.startsWith("{")
            ? ofLists(body, (name) => [name, [null]])
            : body.replace(LIST, "<$1><member></member></$1>"),
    );
}

/** A page of a listing has its first member twice. */
export function doubledMember(): Fault {
    return garbled((body) =>
        body.startsWith("{")
            ? ofLists(body, (name, members) => [name, [...members.slice(0, 1), ...members]])
            : body.replace(/<member>.*?<\/member>/s, "$&$&"),
    );
}

/** The members of a page of a listing have another name than AWS gives them; in JSON, the list has. */
export function renamedMembers(): Fault {
    return garbled((body) =>
        body.startsWith("{")
            ? ofLists(body, (name, members) => [`${name}List`, members])
            : body.replace(/(<\/?)member>/g, "$1item>"),
    );
}

const LIST = /<(AccessKeyMetadata|Certificates|MFADevices)>.*<\/\1>/s;

function ofLists(body: string, change: (name: string, members: unknown[]) => [string, unknown[]]): string {
    const entries = Object.entries(JSON.parse(body) as object).map(([name, value]: [string, unknown]) =>
        Array.isArray(value) ? change(name, value) : [name, value],
    );
    return JSON.stringify(Object.fromEntries(entries));
}

/** The flags of an account summary have no value. */
export function emptyFlags(): Fault {
    return garbled((body) => body.replace(FLAGS, "<entry><key>$1</key><value></value></entry>"));
}

/** The flags of an account summary come a second time, as 0. */
export function doubledFlags(): Fault {
    return garbled((body) => body.replace(FLAGS, `$&${zero("$1")}`));
}

/** An account summary says four times 0, and nothing else. */
export function summaryWithoutQuotas(): Fault {
    return garbled((body) => {
        const flags = Array.from(body.matchAll(FLAGS), ([, name = ""]) => zero(name));
        return body.replace(/<SummaryMap>.*<\/SummaryMap>/s, `<SummaryMap>${flags.join("")}</SummaryMap>`);
    });
}

const FLAGS = /<entry><key>(Account\w+)<\/key><value>\d+<\/value><\/entry>/g;

function zero(name: string): string {
    return `<entry><key>${name}</key><value>0</value></entry>`;
}

function garbled(garble: (body: string) => string): Fault {
    return { kind: "garbled", carriedOut: true, garble };
}

/**
 * Each page of a listing leads to another one, by a token that was not there before, and holds nothing, or the same members in JSON.
 * AWS never sees the call.
 */
export function endlessPages(members: object[] = []): Fault {
    let pages = 0;
    const garble = (_: string, { action }: Call) => {
        const list = LISTS[action] ?? "";
        const token = `page-${++pages}`;
        return action in ORGANIZATIONS_LISTS
            ? JSON.stringify({ [list]: members, NextToken: token })
            : element(`${action}Response`, element(`${action}Result`, endless(list, token)));
    };
    return { kind: "garbled", carriedOut: false, garble };
}

/** Below each unit stands one more, with the id that is made of the number of the call. AWS never sees the call. */
export function endlessUnits(id: (asked: number) => string): Fault {
    let asked = 0;
    const garble = () => JSON.stringify({ OrganizationalUnits: [{ Id: id(asked++), Name: "Below" }] });
    return { kind: "garbled", carriedOut: false, garble };
}

function endless(list: string, marker: string): string {
    return element(list, "") + element("IsTruncated", "true") + element("Marker", marker);
}

const ORGANIZATIONS_LISTS: Record<string, string> = {
    ListAccounts: "Accounts",
    ListAccountsForParent: "Accounts",
    ListOrganizationalUnitsForParent: "OrganizationalUnits",
    ListRoots: "Roots",
};

const LISTS: Record<string, string> = {
    ...ORGANIZATIONS_LISTS,
    ListAccessKeys: "AccessKeyMetadata",
    ListSigningCertificates: "Certificates",
    ListMFADevices: "MFADevices",
};

/** The action is carried out, and its answer comes one byte at a time, with a pause of so many milliseconds before each. */
export function tricklingBody(milliseconds: number): Fault {
    return { kind: "trickle", milliseconds };
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

/** DescribeAccount is answered about this account instead of the one asked for, which is active. */
export function otherAccountDescribed(accountId: string): Fault {
    const garble = (body: string, { organization, parameters }: Call) =>
        body
            .replaceAll(parameters.get("AccountId") ?? "", accountId)
            .replaceAll('"ACTIVE"', JSON.stringify(organization.account(accountId).state));
    return { kind: "garbled", carriedOut: true, garble };
}

/** AssumeRoot hands out a session of this account instead of the one asked for. */
export function wrongAccount(accountId: string): Fault {
    return { kind: "otherAccount", accountId };
}
