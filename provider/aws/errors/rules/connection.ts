/** Rules for endpoints that cannot be reached. */
import type { Rule } from "./rule";

export const CONNECTION_RULES: Rule[] = [
    unreachable(
        "unknown name",
        /^(ENOTFOUND|EAI_AGAIN)$/,
        "Check the spelling of AWS_REGION and AWS_ENDPOINT_URL, and whether this machine can look up names on the internet (or in the VPC).",
    ),
    unreachable(
        "connection refused",
        /^ECONNREFUSED$/,
        "Nothing listens at that address: check AWS_ENDPOINT_URL and what the endpoint's name resolves to here.",
    ),
    unreachable(
        "its certificate is not trusted here",
        /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT\w+)$/,
        "If a proxy or endpoint of your own has its own certificate authority, name it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Otherwise find out what answers in AWS's place.",
    ),
    unreachable(
        "the server does not use TLS",
        /^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
        "Check AWS_ENDPOINT_URL: http:// and https:// are easily confused.",
    ),
    unreachable(
        "no answer in time",
        /^(ETIMEDOUT|ESOCKETTIMEDOUT|TimeoutError)$/,
        "Check the network between here and AWS, and AWS_ENDPOINT_URL.",
    ),
    unreachable(
        "no route",
        /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
        "Check this machine's network, AWS_REGION and AWS_ENDPOINT_URL.",
    ),
    unreachable(
        "the connection broke",
        /^(ECONNRESET|EPIPE|ECONNABORTED|NetworkingError)$/,
        "Check the network, AWS_REGION and AWS_ENDPOINT_URL.",
    ),
];

export function unreachable(how: string, codes: RegExp, next: string): Rule {
    return {
        reason: "unreachable",
        applies: ({ error, code, message }) =>
            codes.test(errnoOf(error) || code) ||
            (codes.test("ECONNRESET") && /socket hang up/.test(message)),
        because: `the AWS endpoint could not be reached: ${how}`,
        next: () => `${next}${proxyHint()} Then run again.`,
    };
}

/** The SDK ignores proxy settings. The AWS CLI uses them, and so may work on the same machine. */
function proxyHint(): string {
    const { HTTPS_PROXY, https_proxy } = process.env;
    return HTTPS_PROXY || https_proxy ? " HTTPS_PROXY is set, but calls to AWS do not go through it." : "";
}

/** Node.js's code, if there is one, because the SDK calls a broken connection a `TimeoutError`. */
function errnoOf(error: unknown): string {
    return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? "") : "";
}
