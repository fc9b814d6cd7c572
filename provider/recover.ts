import { CreateLoginProfileCommand, EntityAlreadyExistsException } from "@aws-sdk/client-iam";
import { CREDENTIAL_KINDS, type Credential } from "./credential-kinds";
import { required } from "./credential-kinds/answers";
import type { Caller } from "./preflight";
import { explain, RefusedByAws } from "./refusals";
import { answerIn, recorded } from "./removal-record";
import type { RootSession } from "./root-session";

/**
 * Allows password recovery: creates a root login profile without a password, so that "Forgot password" works again
 * for whoever reads the account's root mailbox. AWS sends no mail and returns no secret. Already allowed is success.
 * The session must be of the task `createPassword`. Answers the login profile as AWS lists it afterwards.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export async function allowPasswordRecovery(session: RootSession, caller: Caller): Promise<Credential> {
    await session.assertOwnAccount();
    const write = {
        accountId: session.accountId,
        action: "iam:CreateLoginProfile",
        kind: "loginProfile",
        id: "password",
        caller: caller.arn,
        session: session.accessKeyId,
    };
    await recorded(write, async () => {
        try {
            return answerIn(await session.iam.send(new CreateLoginProfileCommand({})), "done");
        } catch (error) {
            if (!(error instanceof EntityAlreadyExistsException)) throw error;
            return answerIn(error, "already present");
        }
    });
    try {
        const [profile] = await CREDENTIAL_KINDS.loginProfile.list(session.iam);
        return required(profile, "the login profile that iam:CreateLoginProfile made");
    } catch (error) {
        throw new AllowedAndNotSeen(session.accountId, error);
    }
}

/** AWS has agreed to allow recovery, and the look afterwards failed. The account is open, whatever was refused. */
export class AllowedAndNotSeen extends RefusedByAws {
    constructor(accountId: string, error: unknown) {
        const refusal = explain(error, { accountId, action: CREDENTIAL_KINDS.loginProfile.listAction });
        const detail = `password recovery of account ${accountId} was allowed (iam:CreateLoginProfile), but not seen afterwards: ${refusal.detail}`;
        super({ ...refusal, detail }, { cause: error });
    }
}
