/**
 * The AWS clients: of the calling identity one each, shared by all accounts of a run; of a root session its own.
 *
 * Credentials, region and endpoint come from where the AWS SDK looks for them (environment, profile, role);
 * `AWS_ENDPOINT_URL` points everything at another endpoint.
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
 * Sockets shared by every client: the SDK's own handler would open 50 at most, and new ones for every account. Hundreds of accounts are in
 * flight, and one with credentials has a call for each kind; a process may have a thousand files open on most systems.
 */
const sockets = { keepAlive: true, maxSockets: 768 };
const httpAgent = new HttpAgent(sockets);
const httpsAgent = new HttpsAgent(sockets);

/**
 * How clients talk HTTP. Without `throwOnRequestTimeout` the SDK only logs a warning and waits on; it counts until the
 * headers have come, and `socketTimeout` from then on.
 */
function http() {
    const { connectionTimeout, requestTimeout, socketTimeout } = timeouts;
    const limits = { connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout: true };
    return { ...limits, httpAgent, httpsAgent };
}

/** Reads an answer's body to its end, which has to come in time: `socketTimeout` does not end a body that trickles in. */
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
 * The region, which must be a real one: `sts:AssumeRoot` exists on regional endpoints only. The AWS CLI's
 * `AWS_DEFAULT_REGION`, which the JavaScript SDK does not read, counts too.
 */
function regionSetting(): { region?: string } {
    const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
    return region ? { region } : {};
}

/** Goes into the configuration of every client, last. Only tests set it: another way to wait between retries, or to reach AWS. */
export const clientOverrides: Pick<STSClientConfig, "retryStrategy" | "requestHandler"> = {};

/** What every client is made with. `maxAttempts` is for failures; throttling is waited out. */
export const sharedConfig = ({ maxAttempts, rate }: { maxAttempts: number; rate?: DocumentedRate }) => ({
    ...regionSetting(),
    requestHandler: http(),
    streamCollector,
    retryStrategy: new DeadlineRetryStrategy(maxAttempts, rate),
    ...clientOverrides,
});

/** For the preflight and for probes: what is wrong there is wrong for every account and is said at once. */
export const preflightSts = oncePerRun(() => new STSClient(sharedConfig({ maxAttempts: 3 })));
export const preflightIam = oncePerRun(() => new IAMClient(sharedConfig({ maxAttempts: 3 })));

/** Whether the caller's credentials are good and STS is there. */
export const STS_PROBE: Probe = {
    action: "sts:GetCallerIdentity",
    ask: () => preflightSts().send(new GetCallerIdentityCommand({})),
};

/** Whether IAM is there. */
export const IAM_PROBE: Probe = {
    action: "iam:ListOrganizationsFeatures",
    ask: () => preflightIam().send(new ListOrganizationsFeaturesCommand({})),
};

/** AssumeRoot for all accounts goes through this one client, which learns the rate that AWS allows the calling account. */
export const sts = oncePerRun(() => {
    const client = new STSClient(sharedConfig({ maxAttempts: 3 }));
    withCircuitBreaker(client, "caller", STS_PROBE);
    return client;
});

/**
 * What AWS lets one account ask of Organizations, by API. The quota is shared with every other tool of the organization, so
 * these calls are not sent faster to begin with.
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

/** The client for one API of Organizations: each has a rate of its own, and so a line of its own. */
export function organizations(api: OrganizationsApi): OrganizationsClient {
    const known = organizationsClients().get(api);
    if (known) return known;
    const client = new OrganizationsClient(sharedConfig({ maxAttempts: 5, rate: ORGANIZATIONS_RATES[api] }));
    withCircuitBreaker(client, "caller", STS_PROBE);
    organizationsClients().set(api, client);
    return client;
}

/** A root session's IAM. Each has a line of its own: IAM charges the member account, and its throttling slows no other. */
export function iamOfSession(credentials: AwsCredentialIdentity): IAMClient {
    const client = new IAMClient({ ...resolvedConfig(preflightIam()), ...sharedConfig({ maxAttempts: 5 }), credentials });
    withCircuitBreaker(client, "root session", IAM_PROBE);
    return client;
}

export function stsOfSession(credentials: AwsCredentialIdentity): STSClient {
    const client = new STSClient({ ...resolvedConfig(preflightSts()), ...sharedConfig({ maxAttempts: 5 }), credentials });
    withCircuitBreaker(client, "root session", STS_PROBE);
    return client;
}

/**
 * What a client looks up in the environment and in files when it is first used, as another one has found it. That is a third of what a
 * call costs the machine, and the same for every account; credentials are not among it.
 */
function resolvedConfig({ config }: IAMClient | STSClient) {
    const { region, useDualstackEndpoint, useFipsEndpoint, defaultsMode, retryMode, userAgentAppId } = config;
    const { authSchemePreference, defaultUserAgentProvider } = config;
    const found = { region, useDualstackEndpoint, useFipsEndpoint, defaultsMode, retryMode, userAgentAppId };
    return {
        ...found,
        authSchemePreference,
        defaultUserAgentProvider,
        maxAttempts: 1, // not used beside a strategy for retries, and looked up if left out
    };
}
