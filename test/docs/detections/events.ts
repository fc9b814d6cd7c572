/**
 * Events as EventBridge passes CloudTrail's records on. `assumeRoot` and the identity in `byRoot` are the samples of the IAM
 * User Guide, "Track privileged tasks in AWS CloudTrail", with other ids. No record of the other calls was seen: their
 * parameters are the API's own in CloudTrail's spelling, which begins with a small letter.
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

/** A session of a role, as the sample shows it; a role's session carries the role as its issuer. */
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
            // In AWS's sample, where it looks like a slip: this is the caller's session.
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

/** The root user; of a root session where the record says so, which AWS's sample leaves out and a reported record has. */
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
