import {
    DeleteAccessKeyCommand,
    GetAccessKeyLastUsedCommand,
    paginateListAccessKeys,
    type IAMClient,
} from "@aws-sdk/client-iam";
import type { Credential, CredentialKind, LastUse } from ".";
import { created, removedOrGone, required, wholeListing } from "./answers";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_add-key.html */
export const accessKeys: CredentialKind = {
    describe: (id) => `access key ${id}`,
    born: "created",
    summaryFlag: "AccountAccessKeysPresent",
    listAction: "iam:ListAccessKeys",
    removeAction: "iam:DeleteAccessKey",

    async list(iam) {
        const found: Credential[] = [];
        for await (const page of wholeListing(paginateListAccessKeys({ client: iam }, {}))) {
            for (const key of required(page.AccessKeyMetadata, "AccessKeyMetadata")) {
                const id = required(key.AccessKeyId, "AccessKeyId");
                found.push({
                    id,
                    ...(key.Status && { status: key.Status.toLowerCase() }),
                    ...created(key.CreateDate),
                });
            }
        }
        return found;
    },

    lastUse: async (iam, { id }) => lastUseOf(iam, id),

    remove: (iam, id) => removedOrGone(iam.send(new DeleteAccessKeyCommand({ AccessKeyId: id }))),
};

/** AWS answers a key that was never used without a date and with the service and region `N/A`. */
async function lastUseOf(iam: IAMClient, id: string): Promise<LastUse> {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    const use = required(answer.AccessKeyLastUsed, "AccessKeyLastUsed");
    // An answer with nothing in it is none, and not "never".
    const service = required(use.ServiceName, "AccessKeyLastUsed.ServiceName");
    if (use.LastUsedDate === undefined) return "never";
    return {
        at: use.LastUsedDate.toISOString(),
        ...(service !== "N/A" && { service }),
        ...(use.Region && use.Region !== "N/A" && { region: use.Region }),
    };
}
