/**
 * Checks IAM's lists and summaries in AWS's own text, because the SDK is lenient. The SDK reads an empty number as 0, and any text
 * but "true" as false. It drops one of two elements of the same name, and unexpected elements.
 */
import {
    GetAccountSummaryCommand,
    type IAMClient,
    type IAMClientResolvedConfig,
    type ServiceInputTypes,
    type ServiceOutputTypes,
} from "@aws-sdk/client-iam";
import type { Command } from "@smithy/types";
import { ImplausibleAnswer } from "./errors/error-classes";
import { required, wholeListing, type Tokens } from "./responses";

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
        onlyMatches(contentOf(text, list), MEMBER, `the list ${list} holds more than members`);
        const isTruncated = contentOf(text, "IsTruncated");
        marker = answer.Marker;
        if (isTruncated !== "false" && !(isTruncated === "true" && marker))
            throw new ImplausibleAnswer(
                `the list ${list} does not say that it is complete, and has no marker for a next page`,
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
        "the account summary holds more than whole numbers",
    );
    for (const [, name = "", number] of entries) {
        if (numbers.has(name)) throw new ImplausibleAnswer(`the account summary has ${name} twice`);
        numbers.set(name, Number(number));
    }
    const missing = QUOTAS.find((name) => !numbers.get(name));
    if (missing) throw new ImplausibleAnswer(`the account summary has no ${missing}`);
    return numbers;
}

const ENTRY = /<entry>\s*<key>(\w+)<\/key>\s*<value>(\d+)<\/value>\s*<\/entry>/g;

/** The content of an element that must be in the text exactly once. */
function contentOf(text: string, name: string): string {
    const [element, ...others] = text.matchAll(new RegExp(`<${name}\\s*(?:/>|>([^]*?)</${name}>)`, "g"));
    if (others.length > 0) throw new ImplausibleAnswer(`it has ${others.length + 1} elements ${name}`);
    return required(element, name)[1] ?? "";
}

/** All matches of the pattern. Throws if the text holds anything else but white space. */
function onlyMatches(text: string, pattern: RegExp, problem: string): RegExpMatchArray[] {
    if (text.replace(pattern, "").trim() !== "") throw new ImplausibleAnswer(problem);
    return [...text.matchAll(pattern)];
}
