import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { callerEnvironment, type Caller } from "./caller-environment";
import { RequestLog } from "./request-log";
import { type Answering, answeringRequests, createSimulatorServer } from "./server";
import { Clock } from "./state/clock";
import { Organization, type Partition } from "./state/organization";
import type { OrganizationSeed } from "./state/seed";
import { AWS_LIMITS, type Limits, Throttle } from "./throttling";

export interface SimulatorOptions {
    seed: OrganizationSeed;
    /** 0, the default, takes any free port. */
    port?: number;
    /** The time at which the organization's clock stands still; without it the clock runs. */
    now?: Date;
    accountsPerPage?: number;
    emptyPages?: boolean;
    latencyMilliseconds?: number;
    /** "aws" for the rates AWS publishes; no limits if left out. */
    limits?: "aws" | Limits;
    partition?: Partition;
    /** How many requests the log keeps; 0 switches it off. */
    loggedRequests?: number;
}

/** A running AWS organization. */
export interface Simulator {
    readonly url: string;
    readonly organization: Organization;
    readonly requests: RequestLog;
    /** The variables that point an AWS SDK at the simulator, signing as `caller`. */
    readonly environment: (caller?: Caller) => Record<string, string>;
    /** How many connections were made to it. */
    readonly connections: number;
    close(): Promise<void>;
}

/** An AWS organization that is asked without a port: by a client's `requestHandler`, say. */
export interface Portless extends Pick<Simulator, "organization" | "requests"> {
    readonly answer: Answering;
}

/** Starts an AWS organization behind one port of this machine, which nobody else can reach. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
    const { organization, requests, answer } = portlessSimulator(options);
    const server = createSimulatorServer(answer);
    let connections = 0;
    server.on("connection", () => connections++);
    server.listen(options.port ?? 0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    return {
        url,
        organization,
        requests,
        environment: (caller = "management") => callerEnvironment(organization, url, caller),
        get connections() {
            return connections;
        },
        async close() {
            const closed = once(server, "close");
            server.close();
            server.closeAllConnections();
            await closed;
        },
    };
}

/** The same organization without a port. */
export function portlessSimulator(options: SimulatorOptions): Portless {
    const organization = new Organization(options.seed, new Clock(options.now), options.partition);
    organization.accountsPerPage = options.accountsPerPage ?? organization.accountsPerPage;
    organization.emptyPages = options.emptyPages ?? false;
    organization.latency.set(options.latencyMilliseconds ?? 0);

    const requests = new RequestLog(options.loggedRequests);
    const throttle = new Throttle(options.limits === "aws" ? AWS_LIMITS : (options.limits ?? {}));
    return { organization, requests, answer: answeringRequests({ organization, throttle, requests }) };
}

export { DENY_ROOT, EXAMPLE_ORGANIZATION } from "./example-organization";
export { generatedOrganization } from "./generated-organization";
export { callerEnvironment } from "./caller-environment";
export type { Caller } from "./caller-environment";
export {
    type Fault,
    accessDenied,
    answerHangs,
    answerLost,
    connectionReset,
    doubledFlags,
    doubledMember,
    emptyBody,
    emptyFlags,
    emptyList,
    emptyPage,
    endlessPages,
    endlessUnits,
    expiredToken,
    hang,
    htmlBody,
    lostNextToken,
    missingResult,
    otherAccountDescribed,
    paddedList,
    refusal,
    renamedMembers,
    repeatedNextToken,
    serverError,
    summaryWithoutQuotas,
    throttled,
    tricklingBody,
    truncatedBody,
    wrongAccount,
} from "./faults";
export type { Onlooker } from "./onlooker";
export type { Answering, Reply } from "./server";
export type { RequestLine } from "./protocol/s3-request";
export type { PolicyDocument } from "./policies/document";
export type { PolicyRequest } from "./policies/request-context";
export { TASK_POLICY_ARNS } from "./policies/task-policies";
export type { LoggedRequest, RequestLog } from "./request-log";
export type { HeldCredentials } from "./state/credentials";
export type { MemberAccount } from "./state/member-account";
export type { FeatureName, Organization, Partition, RootCredentialLeft } from "./state/organization";
export type {
    AccessKeySeed,
    AccountSeed,
    AccountState,
    AttachedDocument,
    BucketSeed,
    CallerDenial,
    CertificateSeed,
    MfaSeed,
    OrganizationSeed,
    PasswordSeed,
    QueueSeed,
    RcpSeed,
    RootSeed,
    ScpDenial,
    ScpSeed,
} from "./state/seed";
export { AWS_LIMITS, type Limits, type Rate } from "./throttling";
