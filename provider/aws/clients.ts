/**
 * The AWS clients. All accounts of a run share the caller's clients. Each root session has its own.
 *
 * The AWS SDK finds credentials, region and endpoint (environment, profile, role). `AWS_ENDPOINT_URL` changes all endpoints.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { IAMClient, ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";
import { withCircuitBreaker, type Probe } from "./circuit-breaker";
import { oncePerRun } from "../process/once-per-run";
import { timeouts } from "../process/timeouts";
import { DeadlineRetryStrategy } from "./retry-strategy";
import type { DocumentedRate } from "./rate-limiter";

/**
 * All clients share these sockets. The SDK's own handler would open 50 at most, and new ones for each account. Hundreds of accounts
 * are in flight, and an account with credentials has one call for each kind. Most systems allow a process a thousand open files.
 */
const sockets = { keepAlive: true, maxSockets: 768 };
const httpAgent = new HttpAgent(sockets);
const httpsAgent = new HttpsAgent(sockets);

/**
 * The HTTP settings of all clients. `requestTimeout` ends with the headers of the response, and `socketTimeout` covers the rest.
 * Without `throwOnRequestTimeout`, the SDK only logs a warning and waits longer.
 */
function http() {
    const { connectionTimeout, requestTimeout, socketTimeout } = timeouts;
    const limits = { connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout: true };
    return { ...limits, httpAgent, httpsAgent };
}

/** Reads the body of a response with a time limit, because `socketTimeout` does not end a body that arrives slowly. */
async function streamCollector(body: Readable): Promise<Uint8Array> {
    const { responseTimeout } = timeouts;
    const end = () => {
        const late = new Error(`the answer was not complete after ${responseTimeout} ms`);
        body.destroy(Object.assign(late, { name: "TimeoutError" }));
    };
    const timer = setTimeout(end, responseTimeout);
    try {
        return await buffer(body);
    } finally {
        clearTimeout(timer);
    }
}

/**
 * The region. `sts:AssumeRoot` needs one, because it exists on regional endpoints only. Also reads the AWS CLI's
 * `AWS_DEFAULT_REGION`, which the JavaScript SDK ignores.
 */
function regionSetting(): { region?: string } {
    const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
    return region ? { region } : {};
}

/** Overrides the configuration of all clients. Only tests set it, to change how clients retry or reach AWS. */
export const clientOverrides: Pick<STSClientConfig, "retryStrategy" | "requestHandler"> = {};

/** The configuration of all clients. `maxAttempts` does not limit the retries of throttled calls. */
export const sharedConfig = ({ maxAttempts, rate }: { maxAttempts: number; rate?: DocumentedRate }) => ({
    ...regionSetting(),
    requestHandler: http(),
    streamCollector,
    retryStrategy: new DeadlineRetryStrategy(maxAttempts, rate),
    ...clientOverrides,
});

/** For the preflight and for probes. They have no circuit breaker, because their failures concern all accounts anyway. */
export const preflightSts = oncePerRun(() => new STSClient(sharedConfig({ maxAttempts: 3 })));
export const preflightIam = oncePerRun(() => new IAMClient(sharedConfig({ maxAttempts: 3 })));

/** Succeeds if the caller's credentials are valid and STS can be reached. */
export const STS_PROBE: Probe = {
    action: "sts:GetCallerIdentity",
    ask: () => preflightSts().send(new GetCallerIdentityCommand({})),
};

/** Succeeds if IAM can be reached. */
export const IAM_PROBE: Probe = {
    action: "iam:ListOrganizationsFeatures",
    ask: () => preflightIam().send(new ListOrganizationsFeaturesCommand({})),
};

/** All calls of AssumeRoot share this client, because its rate limiter learns the rate that AWS allows the caller's account. */
export const sts = oncePerRun(() => {
    const client = new STSClient(sharedConfig({ maxAttempts: 3 }));
    withCircuitBreaker(client, "caller", STS_PROBE);
    return client;
});

/**
 * AWS's limits for calls of one account to Organizations, by API. Other tools share them, so each
 * client keeps to its limit from the first call.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits
 */
const ORGANIZATIONS_RATES = {
    DescribeAccount: { perSecond: 20, burst: 30 },
    DescribeOrganization: { perSecond: 1, burst: 2 },
    ListAccounts: { perSecond: 8, burst: 12 },
    ListAccountsForParent: { perSecond: 5, burst: 8 },
    ListDelegatedAdministrators: { perSecond: 5, burst: 8 },
    ListOrganizationalUnitsForParent: { perSecond: 5, burst: 8 },
    ListRoots: { perSecond: 1, burst: 2 },
    ListTagsForResource: { perSecond: 10, burst: 15 },
} satisfies Record<string, DocumentedRate>;

type OrganizationsApi = keyof typeof ORGANIZATIONS_RATES;

const organizationsClients = oncePerRun(() => new Map<OrganizationsApi, OrganizationsClient>());

/** The client for one API of Organizations. Each API has its own limit, so it needs its own queue. */
export function organizations(api: OrganizationsApi): OrganizationsClient {
    const known = organizationsClients().get(api);
    if (known) return known;
    const client = new OrganizationsClient(sharedConfig({ maxAttempts: 5, rate: ORGANIZATIONS_RATES[api] }));
    withCircuitBreaker(client, "caller", STS_PROBE);
    organizationsClients().set(api, client);
    return client;
}

/** The IAM client of a root session. Each session has its own queue, because IAM's limits are those of the member account. */
export function iamOfSession(credentials: AwsCredentialIdentity): IAMClient {
    const client = new IAMClient({
        ...resolvedConfig(preflightIam()),
        ...sharedConfig({ maxAttempts: 5 }),
        credentials,
    });
    withCircuitBreaker(client, "root session", IAM_PROBE);
    return client;
}

export function stsOfSession(credentials: AwsCredentialIdentity): STSClient {
    const client = new STSClient({
        ...resolvedConfig(preflightSts()),
        ...sharedConfig({ maxAttempts: 5 }),
        credentials,
    });
    withCircuitBreaker(client, "root session", STS_PROBE);
    return client;
}

/**
 * The configuration that another client has resolved from environment and files (region, endpoint, user agent; not credentials).
 * Its reuse saves a third of a call's CPU time.
 */
function resolvedConfig({ config }: IAMClient | STSClient) {
    const { region, useDualstackEndpoint, useFipsEndpoint, defaultsMode, retryMode, userAgentAppId } = config;
    const { authSchemePreference, defaultUserAgentProvider } = config;
    const resolved = {
        region,
        useDualstackEndpoint,
        useFipsEndpoint,
        defaultsMode,
        retryMode,
        userAgentAppId,
    };
    return {
        ...resolved,
        authSchemePreference,
        defaultUserAgentProvider,
        maxAttempts: 1, // The retry strategy ignores it, but the SDK would look it up if it were missing.
    };
}
