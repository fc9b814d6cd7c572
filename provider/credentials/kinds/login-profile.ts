import { DeleteLoginProfileCommand, GetLoginProfileCommand, GetUserCommand } from "@aws-sdk/client-iam";
import type { CredentialKind } from "../credential";
import { createdAt, isNoSuchEntity, removedOrGone, required } from "../../aws/responses";

/** The root password. A login profile also exists if password recovery was allowed and never used. AWS does not tell the two apart. */
export const loginProfile: CredentialKind = {
    describe: () => "password",
    createdVerb: "created",
    summaryFlag: "AccountPasswordPresent",
    listAction: "iam:GetLoginProfile",
    removeAction: "iam:DeleteLoginProfile",

    async list(iam) {
        try {
            const answer = await iam.send(new GetLoginProfileCommand({}));
            return [
                { id: "password", ...createdAt(required(answer.LoginProfile, "LoginProfile").CreateDate) },
            ];
        } catch (error) {
            if (isNoSuchEntity(error)) return [];
            throw error;
        }
    },

    async lastUse(iam) {
        const { User } = await iam.send(new GetUserCommand({}));
        required(User?.Arn, "User.Arn"); // an empty answer does not mean "never"
        const lastUsed = User?.PasswordLastUsed;
        return lastUsed === undefined ? "never" : { at: lastUsed.toISOString() };
    },

    remove: (iam) => removedOrGone(iam.send(new DeleteLoginProfileCommand({}))),
};
