/**
 * The AWS clients of the calling identity, one each, shared by all accounts of a run, and what all clients have in common.
 *
 * Credentials, region and endpoint come from where the AWS SDK looks for them (environment, profile, role);
 * `AWS_ENDPOINT_URL` points everything at another endpoint.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { pace } from "./pace";
import { PatientRetries } from "./patience";

/** Sockets shared by every client: the SDK's own handler would open 50 at most, and new ones for every account. */
const sockets = { keepAlive: true, maxSockets: 256 };
const httpAgent = new HttpAgent(sockets);
const httpsAgent = new HttpsAgent(sockets);

/**
 * How clients talk HTTP. Without `throwOnRequestTimeout` the SDK only logs a warning and waits on; it counts until the
 * headers have come, and `socketTimeout` from then on.
 */
export function http() {
    const { connectionTimeout, requestTimeout, socketTimeout } = pace;
    const timeouts = { connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout: true };
    return { ...timeouts, httpAgent, httpsAgent };
}

/**
 * The region, which must be a real one: `sts:AssumeRoot` exists on regional endpoints only. The AWS CLI's
 * `AWS_DEFAULT_REGION`, which the JavaScript SDK does not read, counts too.
 */
export function regionSetting(): { region?: string } {
    const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
    return region ? { region } : {};
}

/** Made when first used, so that a wrong setting is an error of the call that needs it and not of an import. */
function once<T>(make: () => T): () => T {
    let made: T | undefined;
    return () => (made ??= make());
}

/** `maxAttempts` is for failures; throttling is waited out. */
const common = ({ maxAttempts }: { maxAttempts: number }) => ({
    ...regionSetting(),
    requestHandler: http(),
    retryStrategy: new PatientRetries(maxAttempts),
});

/** AssumeRoot for all accounts goes through this one client, which learns the rate that AWS allows the calling account. */
export const sts = once(() => new STSClient(common({ maxAttempts: 3 })));

/** For the preflight: what is wrong there is wrong for every account and is said at once. */
export const stsAtOnce = once(() => new STSClient(common({ maxAttempts: 3 })));
export const iamAtOnce = once(() => new IAMClient(common({ maxAttempts: 3 })));

export const organizations = once(() => new OrganizationsClient(common({ maxAttempts: 5 })));
