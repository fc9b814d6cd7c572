/** The tags of accounts. Organizations returns them for one account at a time. */
import { paginateListTagsForResource } from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { organizations } from "../aws/clients";
import { required, wholeListing } from "../aws/responses";
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";

/** Reaches AWS's limit if an answer takes a second. A waiting call is not started, so its deadline does not run. */
const IN_FLIGHT = 20;

/** Tags by key, by account id. */
export type AccountTags = Map<string, Map<string, string>>;

/**
 * Asks for the tags of these accounts, ten per second as Organizations allows. Needs `organizations:ListTagsForResource`. Fails if
 * the tags of any account cannot be read, because the account could then be selected, or not, by mistake.
 *
 * @param progress called after each account with the number of accounts whose tags are known
 */
export async function accountTags(
    accountIds: string[],
    progress: (asked: number) => void = () => {},
): Promise<AccountTags> {
    const tags: AccountTags = new Map();
    const limit = pLimit(IN_FLIGHT);
    try {
        await limit.map(accountIds, async (accountId) => {
            tags.set(accountId, await tagsOf(accountId));
            progress(tags.size);
        });
    } finally {
        limit.clearQueue();
    }
    return tags;
}

async function tagsOf(accountId: string): Promise<Map<string, string>> {
    const action = "organizations:ListTagsForResource";
    try {
        const tags = new Map<string, string>();
        const client = organizations("ListTagsForResource");
        const pages = paginateListTagsForResource({ client }, { ResourceId: accountId });
        for await (const { members } of wholeListing(pages, "Tags", "Key")) {
            for (const [key, { Value }] of members) tags.set(key, required(Value, "Tag.Value"));
        }
        return tags;
    } catch (error) {
        throw new AwsCallFailed(diagnose(error, { accountId, action }), { cause: error });
    }
}
