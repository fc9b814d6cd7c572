import type { Service } from "./action-names";
import { AwsError } from "./aws-error";

/** How a service refuses what is not about one of its actions: who signs, how often, or that it is ill itself. */
interface Refusals {
    readonly unsigned: () => AwsError;
    readonly unknownKey: () => AwsError;
    readonly tokenExpired: () => AwsError;
    readonly accessDenied: (message: string) => AwsError;
    readonly rateExceeded: () => AwsError;
    readonly unknownAction: (asked: { action: string; version: string }) => AwsError;
    readonly serverError: (status: number) => AwsError;
}

const KEY_UNKNOWN = "The security token included in the request is invalid.";
const TOKEN_EXPIRED = "The security token included in the request is expired";
const INTERNAL_ERROR = "An internal error occurred. Please try again later.";

const IN_QUERY = {
    unsigned: () =>
        new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
    unknownKey: () => new AwsError("InvalidClientTokenId", KEY_UNKNOWN, 403),
    tokenExpired: () => new AwsError("ExpiredToken", TOKEN_EXPIRED, 403),
    accessDenied: (message) => new AwsError("AccessDenied", message, 403),
    rateExceeded: () => new AwsError("Throttling", "Rate exceeded"),
    unknownAction: ({ action, version }) =>
        action === ""
            ? new AwsError("MissingAction", "Request is missing an Action parameter")
            : new AwsError("InvalidAction", `Could not find operation ${action} for version ${version}`),
} satisfies Omit<Refusals, "serverError">;

const IN_JSON: Refusals = {
    unsigned: () => new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token"),
    unknownKey: () => new AwsError("UnrecognizedClientException", KEY_UNKNOWN),
    tokenExpired: () => new AwsError("ExpiredTokenException", TOKEN_EXPIRED),
    accessDenied: (message) => new AwsError("AccessDeniedException", message),
    rateExceeded: () => new AwsError("TooManyRequestsException", "Rate exceeded"),
    unknownAction: () => new AwsError("UnknownOperationException", ""),
    serverError: (status) => new AwsError("ServiceException", INTERNAL_ERROR, status),
};

const IN_S3: Refusals = {
    unsigned: () => new AwsError("AccessDenied", "Access Denied", 403),
    unknownKey: () =>
        new AwsError(
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            403,
        ),
    tokenExpired: () => new AwsError("ExpiredToken", "The provided token has expired."),
    accessDenied: IN_QUERY.accessDenied,
    rateExceeded: () => new AwsError("SlowDown", "Please reduce your request rate.", 503),
    unknownAction: methodNotAllowed,
    serverError: (status) =>
        status === 500
            ? new AwsError("InternalError", "We encountered an internal error. Please try again.", 500)
            : new AwsError("ServiceUnavailable", "Service is unable to handle request.", status),
};

/** S3's answer to what nobody may do to a bucket, and to what only its owner may. */
export function methodNotAllowed(): AwsError {
    return new AwsError(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        405,
    );
}

/** It speaks JSON with the codes of Query, from which it came. */
const IN_SQS: Refusals = {
    ...IN_QUERY,
    rateExceeded: () =>
        new AwsError("RequestThrottled", "The request was denied due to request throttling.", 403),
    unknownAction: IN_JSON.unknownAction,
    serverError: (status) =>
        new AwsError(status === 500 ? "InternalFailure" : "ServiceUnavailable", INTERNAL_ERROR, status),
};

export const REFUSALS: Record<Service, Refusals> = {
    sts: {
        ...IN_QUERY,
        serverError: (status) => new AwsError("InternalFailure", INTERNAL_ERROR, status),
    },
    iam: {
        ...IN_QUERY,
        serverError: (status) => new AwsError("ServiceFailure", INTERNAL_ERROR, status),
    },
    organizations: IN_JSON,
    s3: IN_S3,
    sqs: IN_SQS,
};
