/** The tags of accounts. Organizations tells them for one account at a time. */
import { paginateListTagsForResource } from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { organizations } from "../aws/clients";
import { required, wholeListing } from "../aws/responses";
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";

/** Enough to use the rate that AWS allows where an answer takes a second. A call's deadline counts from its own start. */
const IN_FLIGHT = 20;

/** Tags by key, by account id. */
export type AccountTags = Map<string, Map<string, string>>;

/**
 * Asks for the tags of these accounts, ten a second as Organizations allows. Needs `organizations:ListTagsForResource`. Fails
 * if any account's tags cannot be read: an account without its tags would be selected, or not, by mistake.
 *
 * @param progress told after each account how many have been asked about
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
