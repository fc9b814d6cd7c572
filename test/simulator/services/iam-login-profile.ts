import { AwsError, constraintBroken, validationError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Password } from "../state/credentials";
import { noSuchEntity, subjectOf } from "./iam-subject";

/** In a root session the profile has no UserName, although the model requires one. */
export function getLoginProfile(call: Call): Answer {
    const { credentials, userName } = subjectOf(call);
    const [password] = call.organization.readLag.visible(credentials, "password");
    if (!password) throw noSuchEntity(`Login Profile for User ${userName ?? "null"} cannot be found.`);
    return { LoginProfile: loginProfile(userName, password) };
}

/** For a root user this only re-opens "Forgot password": no password is given and none is set. */
export function createLoginProfile(call: Call): Answer {
    const { credentials, userName } = subjectOf(call);
    const given = call.parameters.has("Password");
    if (userName === undefined && given) {
        throw validationError("Password must not be specified when calling with AssumeRoot credentials");
    }
    if (userName !== undefined && !given)
        throw constraintBroken(undefined, "password", "Member must not be null");
    if (credentials.password) {
        const whose = userName === undefined ? `account ${call.principal.accountId}` : `User ${userName}`;
        throw new AwsError("EntityAlreadyExists", `Login Profile for ${whose} already exists.`, 409);
    }
    credentials.password = { created: call.organization.clock.now() };
    return { LoginProfile: loginProfile(userName, credentials.password) };
}

function loginProfile(userName: string | undefined, { created }: Password): Answer {
    return { UserName: userName, CreateDate: created, PasswordResetRequired: false };
}
