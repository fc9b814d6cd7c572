import { DeleteLoginProfileCommand, GetLoginProfileCommand, GetUserCommand } from "@aws-sdk/client-iam";
import type { CredentialKind } from "../credential";
import { createdAt, isNoSuchEntity, removedOrGone, required } from "../../aws/responses";

/**
 * The root password. An account whose password recovery was allowed but never used looks the same to AWS as one with a
 * password: a login profile exists.
 */
export const loginProfile: CredentialKind = {
    describe: () => "password",
    born: "created",
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
            if (isNoSuchEntity(error)) return []; // no password is the state we hope for
            throw error;
        }
    },

    async lastUse(iam) {
        const { User } = await iam.send(new GetUserCommand({}));
        required(User?.Arn, "User.Arn"); // an empty answer does not say "never"
        const lastUsed = User?.PasswordLastUsed;
        return lastUsed === undefined ? "never" : { at: lastUsed.toISOString() };
    },

    remove: (iam) => removedOrGone(iam.send(new DeleteLoginProfileCommand({}))),
};
