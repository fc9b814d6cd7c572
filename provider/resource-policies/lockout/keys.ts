/**
 * The condition keys, and what is known of each in a request about a policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
import { absent, always, chosen, forSome, known, onCertainWays, STILL_USABLE, type Key } from "./key-kinds";
import { partitionOf, type PolicyOwner } from "./owner";

const FROM_SERVICES = "requests that an AWS service makes for another resource";
const WITHOUT_MFA = "requests without recent MFA";
const OTHER_RESOURCES = "requests for resources of others";
const OTHER_ORGANIZATIONS = "callers from outside the organization";
const ORGANIZATION = known("the caller's organization", OTHER_ORGANIZATIONS, (o) => o.organizationId, "o-");
const ACCOUNT_OF_RESOURCE = known("the resource's account", OTHER_RESOURCES, (owner) => owner.accountId);
const PLACE: Key = {
    called: "the account's place in the organization",
    only: OTHER_ORGANIZATIONS,
    possible: ({ organizationId: id }) =>
        id ? { begins: [`${id}/`] } : { may: [undefined], begins: ["o-"] },
};

const EXACT = /^[^*?]+$/;

/**
 * Ids of users begin with AIDA, those of roles with AROA; behind a colon follows the name of a session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const UNIQUE_ID: Key = {
    called: "the caller's id",
    possible: ({ accountId }) => ({ begins: ["AIDA", "AROA"], rarely: [`${accountId}:`] }),
    namesOne: /^[^*?:]+(:\*)?$/,
};

/** For a role's session, this is the role. Whoever exempts sessions meant somebody, though AWS asks for the role. */
const PRINCIPAL_ARN: Key = {
    called: "the caller",
    possible(owner) {
        const [partition, account] = [partitionOf(owner), owner.accountId];
        return {
            begins: ["user", "role"].map((kind) => `arn:${partition}:iam::${account}:${kind}/`),
            rarely: [`arn:${partition}:sts::${account}:`],
        };
    },
    namesOne: EXACT,
    // A user's or role's name holds no colon.
    namesNone: /:root$/,
};

/** In small letters, as keys are compared. */
const KEYS = new Map<string, Key>([
    ["aws:securetransport", chosen("the use of TLS", "requests without TLS", "true")],
    ["aws:principalaccount", known("the caller's account", "callers of other accounts", (o) => o.accountId)],
    ["aws:principalorgid", ORGANIZATION],
    ["aws:principalorgpaths", PLACE],
    ["aws:principalarn", PRINCIPAL_ARN],
    [
        "aws:principaltype",
        { called: "the kind of caller", possible: () => ({ may: ["User", "AssumedRole", "FederatedUser"] }) },
    ],
    ["aws:principalisawsservice", chosen("being an AWS service", "AWS services", "false")],
    ["aws:principalservicename", absent("AWS services")],
    ["aws:principalservicenameslist", absent("AWS services")],
    ["aws:userid", UNIQUE_ID],
    ["aws:username", { ...forSome("the user's name"), namesOne: EXACT }],
    ["aws:assumedroot", absent("root sessions")],
    ["aws:tokenissuetime", forSome("the session's time of issue")],
    ["aws:sourceidentity", forSome("the source identity")],
    ["aws:federatedprovider", forSome("the identity provider")],
    ["aws:multifactorauthpresent", chosen("the use of MFA", WITHOUT_MFA, "true", "false", undefined)],
    ["aws:multifactorauthage", chosen("the age of the MFA sign-in", WITHOUT_MFA, "1", "129600", undefined)],
    ["aws:resourceaccount", ACCOUNT_OF_RESOURCE],
    ["s3:resourceaccount", ACCOUNT_OF_RESOURCE],
    ["aws:resourceorgid", { ...ORGANIZATION, called: "the resource's organization" }],
    ["aws:resourceorgpaths", PLACE],
    ["aws:requestedregion", known("the region", "requests to other regions", (owner) => owner.region)],
    ["aws:sourcearn", absent(FROM_SERVICES)],
    ["aws:sourceaccount", absent(FROM_SERVICES)],
    ["aws:sourceowner", absent(FROM_SERVICES)],
    ["aws:sourceorgid", absent(FROM_SERVICES)],
    ["aws:sourceorgpaths", absent(FROM_SERVICES)],
    // An administrator can also have a service pass a request on, such as CloudFormation.
    [
        "aws:viaawsservice",
        {
            ...chosen("the way through a service", "what AWS services pass on", "false", "true"),
            unseen: STILL_USABLE,
        },
    ],
    // This one, which nobody has, stands for an address in no network that a policy would name. Over IPv6 and through VPC
    // endpoints it may be another matter.
    [
        "aws:sourceip",
        {
            called: "the source address",
            unseen: STILL_USABLE,
            possible: () => ({ can: ["240.0.0.1"], may: [undefined], begins: [""] }),
        },
    ],
    ["aws:sourcevpc", onCertainWays("the VPC")],
    ["aws:sourcevpcarn", onCertainWays("the VPC")],
    ["aws:sourcevpce", onCertainWays("the VPC endpoint")],
    ["aws:vpcsourceip", onCertainWays("the address in the VPC")],
    ["aws:referer", onCertainWays("the referring page")],
    // The caller may call its program anything.
    ["aws:useragent", { ...always("the user agent"), possible: () => ({ can: ["-"], begins: [""] }) }],
    ["aws:currenttime", always("the time")],
    ["aws:epochtime", always("the time")],
    ["aws:tagkeys", absent("requests that set tags")],
    // 1.3 is the most that S3 speaks.
    ["s3:tlsversion", chosen("the TLS version", "requests with an older TLS version", "1.3", "1.2")],
    [
        "s3:signatureversion",
        chosen("the signature", "requests signed in an outdated way", "AWS4-HMAC-SHA256"),
    ],
    [
        "s3:authtype",
        chosen("the way of signing", "requests signed in another way", "REST-HEADER", "REST-QUERY-STRING"),
    ],
    // In milliseconds; only of URLs and forms that were signed beforehand.
    [
        "s3:signatureage",
        chosen("the signature's age", "requests signed long before", "1000", "604800000", undefined),
    ],
    [
        "s3:x-amz-content-sha256",
        {
            ...always("the signed content"),
            only: "requests whose content is not signed",
            possible: () => ({ can: ["0".repeat(64)], begins: [""] }),
        },
    ],
]);

const TAGS = "its tags are not looked at here";
const OBJECTS = "requests for objects and the like";

/** Keys that begin so. What S3 lists for other calls only is absent from those about policies. */
const FAMILIES: [beginning: string, key: Key][] = [
    ["aws:principaltag/", forSome("the caller's tag")],
    ["aws:resourcetag/", forSome("the resource's tag", TAGS)],
    ["aws:requesttag/", absent("requests that set tags")],
    ["aws:calledvia", onCertainWays("the service on the way")],
    ["aws:vpce", onCertainWays("the VPC endpoint's owner")],
    ["aws:ec2instancesource", onCertainWays("the EC2 instance")],
    ["ec2:", onCertainWays("the EC2 instance")],
    ["lambda:", onCertainWays("the Lambda function")],
    ["s3:dataaccesspoint", onCertainWays("the access point")],
    ["s3:accesspoint", onCertainWays("the access point")],
    ["s3:buckettag/", forSome("the bucket's tag", TAGS)],
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
    ].map((beginning): [string, Key] => [beginning, absent(OBJECTS)]),
];

const UNKNOWN = forSome("", "that condition is not known here");

export function keyNamed(name: string, owner: PolicyOwner): Key {
    const small = name.toLowerCase();
    if (small.startsWith("s3:") && owner.service !== "s3") return UNKNOWN;
    const exact = KEYS.get(small);
    if (exact) return exact;
    const [beginning, key] = FAMILIES.find(([start]) => small.startsWith(start)) ?? ["", UNKNOWN];
    if (!beginning.endsWith("/") || !key.called) return key;
    return { ...key, called: `${key.called} ${name.slice(beginning.length)}` };
}
