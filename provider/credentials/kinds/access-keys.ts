import {
    DeleteAccessKeyCommand,
    GetAccessKeyLastUsedCommand,
    ListAccessKeysCommand,
    type IAMClient,
} from "@aws-sdk/client-iam";
import type { CredentialKind, LastUse } from "../credential";
import { askIam, wholeIamListing } from "../../aws/iam-responses";
import { createdAt, removedOrGone, required } from "../../aws/responses";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_add-key.html */
export const accessKeys: CredentialKind = {
    describe: (id) => `access key ${id}`,
    createdVerb: "created",
    summaryFlag: "AccountAccessKeysPresent",
    listAction: "iam:ListAccessKeys",
    removeAction: "iam:DeleteAccessKey",

    async list(iam) {
        const ask = (Marker?: string) => askIam(iam, new ListAccessKeysCommand({ Marker }));
        const keys = await wholeIamListing(ask, "AccessKeyMetadata", "AccessKeyId");
        return keys.map(([id, { Status, CreateDate }]) => ({
            id,
            ...(Status && { status: Status.toLowerCase() }),
            ...createdAt(CreateDate),
        }));
    },

    lastUse: async (iam, { id }) => lastUseOf(iam, id),

    remove: (iam, id) => removedOrGone(iam.send(new DeleteAccessKeyCommand({ AccessKeyId: id }))),
};

/** For a key that was never used, AWS answers without a date and with the service and region `N/A`. */
async function lastUseOf(iam: IAMClient, id: string): Promise<LastUse> {
    const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    const use = required(answer.AccessKeyLastUsed, "AccessKeyLastUsed");
    // An empty answer does not mean "never".
    const service = required(use.ServiceName, "AccessKeyLastUsed.ServiceName");
    if (use.LastUsedDate === undefined) return "never";
    return {
        at: use.LastUsedDate.toISOString(),
        ...(service !== "N/A" && { service }),
        ...(use.Region && use.Region !== "N/A" && { region: use.Region }),
    };
}
