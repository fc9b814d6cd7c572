/**
 * Checks AWS's summaries, lists and absences. An answer that fails a check is an `IncompleteAnswer`, and so counts as unknown.
 *
 * The SDK is lenient. It reads an empty number as 0, and any text but "true" as false. It drops one of two elements of the same
 * name, and unexpected elements. So IAM's lists and summaries are also checked in AWS's own text.
 */
import type { Command, MetadataBearer } from "@smithy/types";
import {
    GetAccountSummaryCommand,
    type IAMClient,
    type IAMClientResolvedConfig,
    type ServiceInputTypes,
    type ServiceOutputTypes,
} from "@aws-sdk/client-iam";
import { IncompleteAnswer } from "./errors/error-classes";
import { writeResult, type WriteResult } from "./write-log";

/** Returns the value, or throws an `IncompleteAnswer` that names it. */
export function required<T>(value: T | undefined | null, name: string): T {
    if (value === undefined || value === null) throw new IncompleteAnswer(name);
    return value;
}

/**
 * True if AWS says that something does not exist: one of these codes, with the status that AWS documents for it. The code alone is
 * no proof, because it may come with a failure (HTTP 500).
 */
export function isAbsence(error: unknown, status: 400 | 404, ...codes: string[]): error is MetadataBearer {
    if (!(error instanceof Error) || !codes.includes(error.name)) return false;
    return "$metadata" in error && (error as MetadataBearer).$metadata.httpStatusCode === status;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html */
export function isNoSuchEntity(error: unknown): error is MetadataBearer {
    return isAbsence(error, 404, "NoSuchEntityException");
}

/** Awaits a removal. If the credential was already gone, that is a success: someone else removed it, or AWS's first answer was lost. */
export async function removedOrGone(removal: Promise<MetadataBearer>): Promise<WriteResult> {
    try {
        return writeResult(await removal, "done");
    } catch (error) {
        if (!isNoSuchEntity(error)) throw error;
        return writeResult(error, "already gone");
    }
}

/**
 * The most pages in a row without a new member. Organizations may answer empty pages before the last one, and documents no limit.
 * A hundred pages stand for 2,000 accounts, and take about a minute at AWS's latency.
 *
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
 */
const MAX_PAGES_WITHOUT_NEWS = 100;

interface PageOf<Member> {
    /** The members that no earlier page had, each with its id. */
    members: [id: string, member: Member][];
    isLast: boolean;
}

interface Tokens {
    NextToken?: string | undefined;
    Marker?: string | undefined;
    ContinuationToken?: string | undefined;
}

/**
 * Checks the pages of a listing: it must end, and each member of a page must have its own id. Yields each member once.
 *
 * @param list the page's element with the members
 * @param id the member's element with its id
 */
export async function* wholeListing<
    List extends string,
    Id extends string,
    Member extends { [name in Id]?: string | undefined },
>(
    pages: AsyncIterable<Tokens & { [name in List]?: Member[] | undefined }>,
    list: List,
    id: Id,
): AsyncGenerator<PageOf<Member>> {
    const known = new Set<string>();
    const tokens = new Set<string>();
    let pagesWithoutNews = 0;
    for await (const page of pages) {
        const next = page.NextToken ?? page.Marker ?? page.ContinuationToken;
        if (page.NextToken === "") throw new IncompleteAnswer("the token to the next page");
        if (next !== undefined && tokens.has(next))
            throw new IncompleteAnswer("an end: a page leads back to an earlier one");
        if (next !== undefined) tokens.add(next);
        const members = new Map<string, Member>();
        for (const member of required<Member[]>(page[list], list)) {
            const memberId: string | undefined = (member as Member | null)?.[id]; // JSON may hold null
            if (!memberId) throw new IncompleteAnswer(`${id} of a member of ${list}`);
            if (members.has(memberId))
                throw new IncompleteAnswer(`a believable list: ${memberId} is in ${list} twice`);
            members.set(memberId, member);
        }
        // A member may move to a later page during the listing.
        const fresh = [...members].filter(([memberId]) => !known.has(memberId));
        for (const [memberId] of fresh) known.add(memberId);
        pagesWithoutNews = fresh.length > 0 ? 0 : pagesWithoutNews + 1;
        if (pagesWithoutNews > MAX_PAGES_WITHOUT_NEWS)
            throw new IncompleteAnswer(
                `an end: ${pagesWithoutNews} pages in a row hold no new member of ${list}`,
            );
        yield { members: fresh, isLast: !next };
    }
}

/** An answer of IAM as the SDK parses it, and its text. */
interface IamResponse<Output> {
    answer: Output;
    text: string;
}

type IamCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = Command<
    ServiceInputTypes,
    Input,
    ServiceOutputTypes,
    Output,
    IAMClientResolvedConfig
>;

/** Sends one command, and keeps the text of its answer. */
export async function askIam<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    iam: IAMClient,
    command: IamCommand<Input, Output>,
): Promise<IamResponse<Output>> {
    let text = "";
    command.middlewareStack.add(
        (next) => async (args) => {
            const result = await next(args);
            const response = result.response as { body: unknown };
            const { body } = response;
            const bytes = body instanceof Uint8Array ? body : await iam.config.streamCollector(body);
            text = new TextDecoder().decode(bytes);
            response.body = bytes;
            return result;
        },
        { step: "deserialize", priority: "low", name: "keepText" },
    );
    return { answer: await iam.send(command), text };
}

/**
 * The members of an IAM listing. Each page must say whether it is the last, as AWS documents, and must hold only members.
 *
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
 */
export async function wholeIamListing<
    List extends string,
    Id extends string,
    Member extends { [name in Id]?: string | undefined },
>(
    ask: (
        Marker: string | undefined,
    ) => Promise<IamResponse<Tokens & { [name in List]?: Member[] | undefined }>>,
    list: List,
    id: Id,
): Promise<[id: string, member: Member][]> {
    const found: [string, Member][] = [];
    for await (const { members } of wholeListing(iamPages(ask, list), list, id)) found.push(...members);
    return found;
}

async function* iamPages<Page extends Tokens>(
    ask: (Marker: string | undefined) => Promise<IamResponse<Page>>,
    list: string,
): AsyncGenerator<Page> {
    let marker: string | undefined;
    do {
        const { answer, text } = await ask(marker);
        onlyMatches(contentOf(text, list), MEMBER, `a believable list: ${list} holds more than members`);
        const isTruncated = contentOf(text, "IsTruncated");
        marker = answer.Marker;
        if (isTruncated !== "false" && !(isTruncated === "true" && marker))
            throw new IncompleteAnswer(
                `a believable list: ${list} is not said to be whole, and no marker leads on`,
            );
        yield answer;
    } while (marker);
}

const MEMBER = /<member>[^]*?<\/member>/g;

/** Every account has these quotas, and none is 0 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const QUOTAS = ["UsersQuota", "GroupsQuota", "AccessKeysPerUserQuota"];

/**
 * The numbers of the account's summary, by name. Each must be there once, as a whole number. The summary must hold the quotas,
 * because a summary of zeros alone may be no answer of IAM. If AWS leaves a name out, it is missing here, and not 0.
 */
export async function accountSummary(iam: IAMClient): Promise<ReadonlyMap<string, number>> {
    const { answer, text } = await askIam(iam, new GetAccountSummaryCommand({}));
    required(answer.SummaryMap, "SummaryMap");
    const numbers = new Map<string, number>();
    const entries = onlyMatches(
        contentOf(text, "SummaryMap"),
        ENTRY,
        "a believable summary: SummaryMap holds more than whole numbers",
    );
    for (const [, name = "", number] of entries) {
        if (numbers.has(name)) throw new IncompleteAnswer(`a believable summary: ${name} is in it twice`);
        numbers.set(name, Number(number));
    }
    const missing = QUOTAS.find((name) => !numbers.get(name));
    if (missing) throw new IncompleteAnswer(`a believable summary: it has no ${missing}`);
    return numbers;
}

const ENTRY = /<entry>\s*<key>(\w+)<\/key>\s*<value>(\d+)<\/value>\s*<\/entry>/g;

/** The content of an element that must be in the text exactly once. */
function contentOf(text: string, name: string): string {
    const found = [...text.matchAll(new RegExp(`<${name}\\s*(?:/>|>([^]*?)</${name}>)`, "g"))];
    if (found.length !== 1)
        throw new IncompleteAnswer(found.length === 0 ? name : `one ${name}: there are ${found.length}`);
    return found[0]?.[1] ?? "";
}

/** All matches of the pattern. Throws if the text holds anything else but white space. */
function onlyMatches(text: string, pattern: RegExp, expected: string): RegExpMatchArray[] {
    if (text.replace(pattern, "").trim() !== "") throw new IncompleteAnswer(expected);
    return [...text.matchAll(pattern)];
}

/** AWS's time in ISO 8601, or nothing if AWS gives none. */
export function created(time: Date | undefined): { created?: string } {
    return time === undefined ? {} : { created: time.toISOString() };
}
