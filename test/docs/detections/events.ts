/**
 * CloudTrail's records as EventBridge sends them. `assumeRoot` and the identity in `byRoot` are the samples of the IAM
 * User Guide, "Track privileged tasks in AWS CloudTrail", with other ids. The other calls have no public sample. Their
 * parameters are those of the API, in CloudTrail's spelling with a small first letter.
 */

const DELEGATE = "444455556666";
const MANAGEMENT = "999988887777";
export const MEMBER = "111122223333";

type Json = Record<string, unknown>;

export interface Event {
    source: string;
    "detail-type": string;
    account: string;
    region: string;
    detail: Json;
}

/** A session of a role as in the sample. Its issuer is the role. */
export function role(name: string, accountId = DELEGATE): Json {
    return {
        type: "AssumedRole",
        principalId: "AROACKCEVSQ6C2EXAMPLE:pipeline",
        arn: `arn:aws:sts::${accountId}:assumed-role/${name}/pipeline`,
        accountId,
        accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        sessionContext: {
            sessionIssuer: {
                type: "Role",
                principalId: "AROACKCEVSQ6C2EXAMPLE",
                arn: `arn:aws:iam::${accountId}:role/${name}`,
                accountId,
                userName: name,
            },
            webIdFederationData: {},
            attributes: { creationDate: "2026-10-25T20:45:28Z", mfaAuthenticated: "false" },
            // As in AWS's sample, probably by mistake, because this is the caller's session.
            assumedRoot: "true",
        },
    };
}

/** CloudTrail User Guide, "CloudTrail userIdentity element". */
export function user(userName: string, accountId = MANAGEMENT): Json {
    return {
        type: "IAMUser",
        principalId: "AIDAJ45Q7YFFAREXAMPLE",
        arn: `arn:aws:iam::${accountId}:user/${userName}`,
        accountId,
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        userName,
    };
}

/** The root user, with the mark of a root session. AWS's sample lacks the mark, but a published record has it. */
export function root({ assumedRoot = false } = {}): Json {
    return {
        type: "Root",
        principalId: MEMBER,
        arn: `arn:aws:iam::${MEMBER}:root`,
        accountId: MEMBER,
        accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        sessionContext: {
            attributes: { creationDate: "2026-10-25T20:52:11Z", mfaAuthenticated: "false" },
            ...(assumedRoot && { assumedRoot: "true" }),
        },
    };
}

export function assumeRoot(
    userIdentity: Json,
    { task = "IAMAuditRootUserCredentials", error = "" } = {},
): Event {
    return record("sts", "AssumeRoot", userIdentity, {
        awsRegion: "eu-west-1",
        requestParameters: {
            targetPrincipal: MEMBER,
            taskPolicyArn: { arn: `arn:aws:iam::aws:policy/root-task/${task}` },
        },
        responseElements: error ? null : { credentials: { accessKeyId: "ASIAIOSFODNN7EXAMPLE" } },
        ...(error && { errorCode: error }),
    });
}

export function iamCall(eventName: string, userIdentity: Json, requestParameters: Json | null = null): Event {
    return record("iam", eventName, userIdentity, { requestParameters });
}

export function organizationsCall(eventName: string, servicePrincipal: string): Event {
    const requestParameters = { servicePrincipal, accountId: DELEGATE };
    return record("organizations", eventName, role("Administrator", MANAGEMENT), { requestParameters });
}

/** IAM and Organizations are logged in us-east-1. */
function record(service: string, eventName: string, userIdentity: Json, rest: Json): Event {
    const detail = {
        eventVersion: "1.10",
        userIdentity,
        eventTime: "2026-10-25T20:53:47Z",
        eventSource: `${service}.amazonaws.com`,
        eventName,
        awsRegion: "us-east-1",
        sourceIPAddress: "192.0.2.1",
        responseElements: null,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: userIdentity["accountId"],
        eventCategory: "Management",
        ...rest,
    };
    return {
        source: `aws.${service}`,
        "detail-type": "AWS API Call via CloudTrail",
        account: String(userIdentity["accountId"]),
        region: detail.awsRegion,
        detail,
    };
}
