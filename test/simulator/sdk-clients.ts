import assert from "node:assert/strict";
import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRootCommand, STSClient } from "@aws-sdk/client-sts";
import type { Caller, Simulator } from "./index";

/** The SDK's own clients, pointed at the simulator. */
export interface Clients {
    sts: STSClient;
    iam: IAMClient;
    organizations: OrganizationsClient;
    s3: S3Client;
    sqs: SQSClient;
}

export function clientsOf(simulator: Simulator, caller: Caller = "management", region?: string): Clients {
    const environment = simulator.environment(caller);
    return clientsWith(simulator, region ?? environment["AWS_REGION"] ?? "", {
        accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
        secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
        ...(environment["AWS_SESSION_TOKEN"] && { sessionToken: environment["AWS_SESSION_TOKEN"] }),
    });
}

export interface SessionKeys {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
}

/** They ask once unless told otherwise, so that a test sees the first refusal. */
export function clientsWith(
    simulator: Simulator,
    region: string,
    credentials: SessionKeys,
    maxAttempts = 1,
): Clients {
    const configuration = { endpoint: simulator.url, region, credentials, maxAttempts };
    return {
        sts: new STSClient(configuration),
        iam: new IAMClient(configuration),
        organizations: new OrganizationsClient(configuration),
        s3: new S3Client(configuration),
        // The URL of a queue names AWS's own host.
        sqs: new SQSClient({ ...configuration, useQueueUrlAsEndpoint: false }),
    };
}

export type Task =
    | "IAMAuditRootUserCredentials"
    | "IAMDeleteRootUserCredentials"
    | "IAMCreateRootUserPassword"
    | "S3UnlockBucketPolicy"
    | "SQSUnlockQueuePolicy";

export function taskPolicyArn(task: Task): string {
    return `arn:aws:iam::aws:policy/root-task/${task}`;
}

export interface SessionWish {
    caller?: Caller;
    seconds?: number;
    region?: string;
}

export function assumeRootCommand(target: string, task: Task, seconds?: number): AssumeRootCommand {
    return new AssumeRootCommand({
        TargetPrincipal: target,
        TaskPolicyArn: { arn: taskPolicyArn(task) },
        DurationSeconds: seconds,
    });
}

/** AWS as seen from inside a root session. */
export async function rootSession(
    simulator: Simulator,
    accountId: string,
    task: Task,
    { caller, seconds, region = "us-east-1" }: SessionWish = {},
): Promise<Clients> {
    const { sts } = clientsOf(simulator, caller, region);
    const { Credentials: issued } = await sts.send(assumeRootCommand(accountId, task, seconds));
    assert(issued?.AccessKeyId && issued.SecretAccessKey && issued.SessionToken);
    return clientsWith(simulator, region, {
        accessKeyId: issued.AccessKeyId,
        secretAccessKey: issued.SecretAccessKey,
        sessionToken: issued.SessionToken,
    });
}

export interface Refused {
    name: string;
    message: string;
    status: number | undefined;
}

/** What the SDK made of a refusal; fails if there was none. */
export async function refusalOf(promise: Promise<unknown>): Promise<Refused> {
    const error: unknown = await promise.then(
        () => assert.fail("expected a refusal"),
        (reason: unknown) => reason,
    );
    assert(error instanceof Error);
    if (error instanceof assert.AssertionError) throw error;
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    return { name: error.name, message: error.message, status: $metadata?.httpStatusCode };
}
