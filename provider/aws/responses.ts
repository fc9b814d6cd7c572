/** Checks AWS's lists, and its answers that something does not exist. An answer that fails a check is an `IncompleteAnswer`, and so counts as unknown. */
import type { MetadataBearer } from "@smithy/types";
import { ImplausibleAnswer, IncompleteAnswer } from "./errors/error-classes";
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

export interface Tokens {
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
            throw new ImplausibleAnswer(`a page of ${list} leads back to an earlier one`);
        if (next !== undefined) tokens.add(next);
        const members = new Map<string, Member>();
        for (const member of required<Member[]>(page[list], list)) {
            const memberId: string | undefined = (member as Member | null)?.[id]; // JSON may hold null
            if (!memberId) throw new IncompleteAnswer(`${id} of a member of ${list}`);
            if (members.has(memberId)) throw new ImplausibleAnswer(`the list ${list} has ${memberId} twice`);
            members.set(memberId, member);
        }
        // A member may move to a later page during the listing.
        const fresh = [...members].filter(([memberId]) => !known.has(memberId));
        for (const [memberId] of fresh) known.add(memberId);
        pagesWithoutNews = fresh.length > 0 ? 0 : pagesWithoutNews + 1;
        if (pagesWithoutNews > MAX_PAGES_WITHOUT_NEWS)
            throw new ImplausibleAnswer(`${pagesWithoutNews} pages in a row hold no new member of ${list}`);
        yield { members: fresh, isLast: !next };
    }
}

/** AWS's time in ISO 8601, or nothing if AWS gives none. */
export function createdAt(time: Date | undefined): { created?: string } {
    return time === undefined ? {} : { created: time.toISOString() };
}
