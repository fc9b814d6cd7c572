import { CreateLoginProfileCommand, EntityAlreadyExistsException } from "@aws-sdk/client-iam";
import { CREDENTIAL_KINDS } from "./kinds/index";
import type { Credential } from "./credential";
import { required } from "../aws/responses";
import type { Caller } from "../organization/preflight";
import { diagnose, AwsCallFailed } from "../aws/errors/diagnose";
import { writeResult, inSession, logWrite } from "../aws/write-log";
import type { RootSession } from "../aws/root-session";

/**
 * Allows password recovery: creates a root login profile without a password. "Forgot password" then works again for
 * whoever reads the account's root mailbox. AWS sends no mail and returns no secret. If it is allowed already, that is a
 * success.
 *
 * The session must be of the task `createPassword`. The result has the login profile as AWS lists it afterwards, and the
 * ids by which CloudTrail finds the write.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export async function allowPasswordRecovery(
    session: RootSession,
    caller: Caller,
): Promise<{ profile: Credential; traces: string }> {
    await session.assertOwnAccount();
    const write = {
        accountId: session.accountId,
        action: "iam:CreateLoginProfile",
        kind: "loginProfile",
        id: "password",
        caller: caller.arn,
        session: session.accessKeyId,
    };
    const { requestId } = await logWrite(write, async () => {
        try {
            return writeResult(await session.iam.send(new CreateLoginProfileCommand({})), "done");
        } catch (error) {
            if (!(error instanceof EntityAlreadyExistsException)) throw error;
            return writeResult(error, "already present");
        }
    });
    const traces = inSession(session.accessKeyId, [requestId]);
    try {
        const [profile] = await CREDENTIAL_KINDS.loginProfile.list(session.iam);
        return {
            profile: required(profile, "the login profile that iam:CreateLoginProfile created"),
            traces,
        };
    } catch (error) {
        throw new RecoveryUnconfirmed(session.accountId, traces, error);
    }
}

/** AWS has allowed recovery, and the listing afterwards failed. The account is open in any case. */
export class RecoveryUnconfirmed extends AwsCallFailed {
    constructor(accountId: string, traces: string, error: unknown) {
        const failure = diagnose(error, { accountId, action: CREDENTIAL_KINDS.loginProfile.listAction });
        const detail = `password recovery of account ${accountId} was allowed (iam:CreateLoginProfile) ${traces}, but not confirmed afterwards: ${failure.detail}`;
        super({ ...failure, detail }, { cause: error });
    }
}
