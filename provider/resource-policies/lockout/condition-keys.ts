/**
 * The condition keys, and the values that each can have in a request about a policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
import {
    neverPresent,
    alwaysPresent,
    callerChooses,
    sometimesPresent,
    sameForAll,
    onSomeRoutes,
    ROUTE_UNKNOWN,
    type ConditionKey,
} from "./condition-key";
import { partitionOf, type AnalyzedResource } from "./owner";

const FROM_SERVICES = "requests that an AWS service makes for another resource";
const WITHOUT_MFA = "requests without recent MFA";
const OTHER_RESOURCES = "requests for resources of others";
const OTHER_ORGANIZATIONS = "callers from outside the organization";
const ORGANIZATION = sameForAll(
    "the caller's organization",
    OTHER_ORGANIZATIONS,
    (o) => o.organizationId,
    "o-",
);
const ACCOUNT_OF_RESOURCE = sameForAll("the resource's account", OTHER_RESOURCES, (owner) => owner.accountId);
const PLACE: ConditionKey = {
    label: "the account's place in the organization",
    deniesOnly: OTHER_ORGANIZATIONS,
    possibleValues: ({ organizationId: id }) =>
        id ? { prefixes: [`${id}/`] } : { sometimes: [undefined], prefixes: ["o-"] },
};

const EXACT = /^[^*?]+$/;

/**
 * Ids of users begin with AIDA, and ids of roles with AROA. The name of a session follows a colon.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const UNIQUE_ID: ConditionKey = {
    label: "the caller's id",
    possibleValues: ({ accountId }) => ({ prefixes: ["AIDA", "AROA"], unlikelyPrefixes: [`${accountId}:`] }),
    onePrincipal: /^[^*?:]+(:\*)?$/,
};

/** For a role's session, AWS compares the role's ARN. A policy that exempts a session's ARN probably meant its user. */
const PRINCIPAL_ARN: ConditionKey = {
    label: "the caller",
    possibleValues(owner) {
        const [partition, account] = [partitionOf(owner), owner.accountId];
        return {
            prefixes: ["user", "role"].map((kind) => `arn:${partition}:iam::${account}:${kind}/`),
            unlikelyPrefixes: [`arn:${partition}:sts::${account}:`],
        };
    },
    onePrincipal: EXACT,
    // Names of users and roles contain no colon.
    noAdministrator: /:root$/,
};

/** In lower case, because IAM compares keys without regard to case. */
const KEYS = new Map<string, ConditionKey>([
    ["aws:securetransport", callerChooses("the use of TLS", "requests without TLS", "true")],
    [
        "aws:principalaccount",
        sameForAll("the caller's account", "callers of other accounts", (o) => o.accountId),
    ],
    ["aws:principalorgid", ORGANIZATION],
    ["aws:principalorgpaths", PLACE],
    ["aws:principalarn", PRINCIPAL_ARN],
    [
        "aws:principaltype",
        {
            label: "the kind of caller",
            possibleValues: () => ({ sometimes: ["User", "AssumedRole", "FederatedUser"] }),
        },
    ],
    ["aws:principalisawsservice", callerChooses("being an AWS service", "AWS services", "false")],
    ["aws:principalservicename", neverPresent("AWS services")],
    ["aws:principalservicenameslist", neverPresent("AWS services")],
    ["aws:userid", UNIQUE_ID],
    ["aws:username", { ...sometimesPresent("the user's name"), onePrincipal: EXACT }],
    ["aws:assumedroot", neverPresent("root sessions")],
    ["aws:tokenissuetime", sometimesPresent("the session's time of issue")],
    ["aws:sourceidentity", sometimesPresent("the source identity")],
    ["aws:federatedprovider", sometimesPresent("the identity provider")],
    ["aws:multifactorauthpresent", callerChooses("the use of MFA", WITHOUT_MFA, "true", "false", undefined)],
    [
        "aws:multifactorauthage",
        callerChooses("the age of the MFA sign-in", WITHOUT_MFA, "1", "129600", undefined),
    ],
    ["aws:resourceaccount", ACCOUNT_OF_RESOURCE],
    ["s3:resourceaccount", ACCOUNT_OF_RESOURCE],
    ["aws:resourceorgid", { ...ORGANIZATION, label: "the resource's organization" }],
    ["aws:resourceorgpaths", PLACE],
    ["aws:requestedregion", sameForAll("the region", "requests to other regions", (owner) => owner.region)],
    ["aws:sourcearn", neverPresent(FROM_SERVICES)],
    ["aws:sourceaccount", neverPresent(FROM_SERVICES)],
    ["aws:sourceowner", neverPresent(FROM_SERVICES)],
    ["aws:sourceorgid", neverPresent(FROM_SERVICES)],
    ["aws:sourceorgpaths", neverPresent(FROM_SERVICES)],
    // An administrator can also send a request through a service such as CloudFormation.
    [
        "aws:viaawsservice",
        {
            ...callerChooses(
                "the way through a service",
                "requests that AWS services forward",
                "false",
                "true",
            ),
            unknownBecause: ROUTE_UNKNOWN,
        },
    ],
    // The reserved address 240.0.0.1 stands for any address outside of the networks that a policy names. The other values are
    // unknown, because requests may come over IPv6 or through a VPC endpoint.
    [
        "aws:sourceip",
        {
            label: "the source address",
            unknownBecause: ROUTE_UNKNOWN,
            possibleValues: () => ({ guaranteed: ["240.0.0.1"], sometimes: [undefined], prefixes: [""] }),
        },
    ],
    ["aws:sourcevpc", onSomeRoutes("the VPC")],
    ["aws:sourcevpcarn", onSomeRoutes("the VPC")],
    ["aws:sourcevpce", onSomeRoutes("the VPC endpoint")],
    ["aws:vpcsourceip", onSomeRoutes("the address in the VPC")],
    ["aws:referer", onSomeRoutes("the referring page")],
    // Callers choose the user agent themselves.
    [
        "aws:useragent",
        { ...alwaysPresent("the user agent"), possibleValues: () => ({ guaranteed: ["-"], prefixes: [""] }) },
    ],
    ["aws:currenttime", alwaysPresent("the time")],
    ["aws:epochtime", alwaysPresent("the time")],
    ["aws:tagkeys", neverPresent("requests that set tags")],
    // S3's newest TLS version is 1.3.
    ["s3:tlsversion", callerChooses("the TLS version", "requests with an older TLS version", "1.3", "1.2")],
    [
        "s3:signatureversion",
        callerChooses("the signature", "requests signed in an outdated way", "AWS4-HMAC-SHA256"),
    ],
    [
        "s3:authtype",
        callerChooses(
            "the way of signing",
            "requests signed in another way",
            "REST-HEADER",
            "REST-QUERY-STRING",
        ),
    ],
    // In milliseconds. Only presigned URLs and forms have this key.
    [
        "s3:signatureage",
        callerChooses("the signature's age", "requests signed long before", "1000", "604800000", undefined),
    ],
    [
        "s3:x-amz-content-sha256",
        {
            ...alwaysPresent("the signed content"),
            deniesOnly: "requests whose content is not signed",
            possibleValues: () => ({ guaranteed: ["0".repeat(64)], prefixes: [""] }),
        },
    ],
]);

const TAGS = "the provider does not read tags";
const OBJECTS = "requests that are not about the policy";

/** Keys by prefix. The keys that S3 lists only for other actions are absent from requests about policies. */
const FAMILIES: [prefix: string, key: ConditionKey][] = [
    ["aws:principaltag/", sometimesPresent("the caller's tag")],
    ["aws:resourcetag/", sometimesPresent("the resource's tag", TAGS)],
    ["aws:requesttag/", neverPresent("requests that set tags")],
    ["aws:calledvia", onSomeRoutes("the service on the way")],
    ["aws:vpce", onSomeRoutes("the VPC endpoint's owner")],
    ["aws:ec2instancesource", onSomeRoutes("the EC2 instance")],
    ["ec2:", onSomeRoutes("the EC2 instance")],
    ["lambda:", onSomeRoutes("the Lambda function")],
    ["s3:dataaccesspoint", onSomeRoutes("the access point")],
    ["s3:accesspoint", onSomeRoutes("the access point")],
    ["s3:buckettag/", sometimesPresent("the bucket's tag", TAGS)],
    ...[
        "s3:x-amz-acl",
        "s3:x-amz-copy-source",
        "s3:x-amz-grant-",
        "s3:x-amz-metadata-directive",
        "s3:x-amz-object-ownership",
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-storage-class",
        "s3:x-amz-website-redirect-location",
        "s3:prefix",
        "s3:delimiter",
        "s3:max-keys",
        "s3:versionid",
        "s3:locationconstraint",
        "s3:existingobjecttag/",
        "s3:requestobjecttag",
        "s3:object-lock-",
        "s3:objectcreationoperation",
        "s3:if-match",
        "s3:if-none-match",
    ].map((prefix): [string, ConditionKey] => [prefix, neverPresent(OBJECTS)]),
];

const UNKNOWN = sometimesPresent("", "the provider does not know that condition key");

export function conditionKey(name: string, owner: AnalyzedResource): ConditionKey {
    const lowerCased = name.toLowerCase();
    if (lowerCased.startsWith("s3:") && owner.service !== "s3") return UNKNOWN;
    const exact = KEYS.get(lowerCased);
    if (exact) return exact;
    const [prefix, key] = FAMILIES.find(([start]) => lowerCased.startsWith(start)) ?? ["", UNKNOWN];
    if (!prefix.endsWith("/") || !key.label) return key;
    return { ...key, label: `${key.label} ${name.slice(prefix.length)}` };
}
