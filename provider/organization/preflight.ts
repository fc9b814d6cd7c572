/**
 * What must be true before any account is looked at, asked once per process.
 *
 * A refresh reads every account before the program can check anything. Without this, one wrong setting would be
 * reported once for each account.
 */
import { ListOrganizationsFeaturesCommand } from "@aws-sdk/client-iam";
import { DescribeOrganizationCommand } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { preflightIam, organizations, preflightSts } from "../aws/clients";
import type { OrganizationFeature } from "../aws/errors/facts";
import { required } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { oncePerRun } from "../process/once-per-run";
import { diagnose, AwsCallFailed, type AwsFailure } from "../aws/errors/diagnose";
import { codeOf, messageOf } from "../process/error-text";

/** Who is calling, once AWS has confirmed that central root access can work for them. */
export interface Caller {
    accountId: string;
    arn: string;
    region: string;
    /** The caller's organization (`o-...`); empty where AWS does not say. */
    organizationId: string;
    /** Why AWS does not say. */
    organizationUnknown?: string;
}

/**
 * The caller, or a `AwsCallFailed` whose message is one sentence about what to do. Asks AWS once per run and process for each of the
 * two features.
 */
export function preflight(feature: OrganizationFeature = "RootCredentialsManagement"): Promise<Caller> {
    return asked[feature]();
}

const asked = {
    RootCredentialsManagement: oncePerRun(() => ask("RootCredentialsManagement")),
    RootSessions: oncePerRun(() => ask("RootSessions")),
};

/** Asks AWS once more in this run, because the program may have switched on what the refresh found off. */
export function preflightAgain(feature: OrganizationFeature): Promise<Caller> {
    return askedAgain[feature]();
}

const askedAgain = {
    RootCredentialsManagement: oncePerRun(() => ask("RootCredentialsManagement")),
    RootSessions: oncePerRun(() => ask("RootSessions")),
};

async function ask(feature: OrganizationFeature): Promise<Caller> {
    const region = await usableRegion();
    const calling = callerIn(region);
    // Side by side, since each takes as long as a call to AWS does; what is wrong with the caller is told first.
    const features = listedFeatures();
    features.catch(() => {});
    const caller = await calling;
    return { ...caller, ...(await organizationWith(feature, caller.accountId, features)) };
}

/** Who is calling, and that they could, whatever is switched on in the organization. */
export async function usableCaller(): Promise<Omit<Caller, "organizationId">> {
    return callerIn(await usableRegion());
}

async function callerIn(region: string): Promise<Omit<Caller, "organizationId">> {
    const { accountId, arn } = await callerIdentity();
    refuseWrongClock();
    refuseOtherPartitions(arn);
    refuseRootUser(arn);
    return { accountId, arn, region };
}

async function usableRegion(): Promise<string> {
    const region = await preflightSts()
        .config.region()
        .catch(() => "");
    if (/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) return region;
    const found = region === "" ? "no AWS region is set" : `the AWS region is "${region}"`;
    throw preflightFailure(
        "other",
        `${found}; sts:AssumeRoot needs a region of its own (it does not exist on the global endpoint): set AWS_REGION, for example to us-east-1`,
    );
}

async function callerIdentity() {
    try {
        const identity = await preflightSts().send(new GetCallerIdentityCommand({}));
        return { accountId: required(identity.Account, "Account"), arn: required(identity.Arn, "Arn") };
    } catch (error) {
        const { reason, cause, next } = diagnose(error, { accountId: "", action: "sts:GetCallerIdentity" });
        const said = `${codeOf(error)}: ${messageOf(error).replace(/\.$/, "")}`;
        const sentence = `${cause}: ${said}. ${ADVICE[reason] ?? next ?? ""}`;
        throw preflightFailure(reason, sentence.trim(), error);
    }
}

const ADVICE: Partial<Record<AwsFailure["reason"], string>> = {
    credentials:
        "Sign in to the management account or to the delegated administrator for IAM (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
    unreachable: "Check the network, AWS_REGION and AWS_ENDPOINT_URL",
    "incomplete-answer": "Check what answers at the STS endpoint (AWS_ENDPOINT_URL)",
};

/** Signatures are accepted as far apart as this. Milliseconds. */
const MAX_CLOCK_DIFFERENCE = 5 * 60 * 1000;

/**
 * The SDK takes AWS's time from every answer and signs with that, so a clock that is days wrong stops no call. But whether a
 * credential was used lately, and whether an exception has ended, is judged by this machine's own.
 */
function refuseWrongClock(): void {
    const { systemClockOffset } = preflightSts().config;
    if (Math.abs(systemClockOffset) <= MAX_CLOCK_DIFFERENCE) return;
    const minutes = Math.round(Math.abs(systemClockOffset) / 60_000);
    throw preflightFailure(
        "other",
        `this machine's clock is ${minutes} minutes ${systemClockOffset < 0 ? "ahead of" : "behind"} AWS's (the time of its answer to sts:GetCallerIdentity), ` +
            "and what was used lately and which exception has ended is judged by it; set the clock right, then run again",
    );
}

function refuseOtherPartitions(arn: string): void {
    const partition = arn.split(":")[1] ?? "";
    if (partition === "aws") return;
    throw preflightFailure(
        "other",
        `the caller ${arn} is in the partition "${partition}"; AWS's task policies for root sessions exist in the partition "aws" only, so root credentials cannot be managed centrally there`,
    );
}

function refuseRootUser(arn: string): void {
    if (!/:root$/.test(arn)) return;
    throw preflightFailure(
        "not-allowed",
        `the caller ${arn} is a root user, which AWS does not allow to call sts:AssumeRoot; use an IAM role or user of the management account or of the delegated administrator`,
    );
}

/** The caller's organization, once it is known that the feature is on. */
async function organizationWith(
    feature: OrganizationFeature,
    accountId: string,
    answer: Promise<Features>,
): Promise<CallersOrganization> {
    const { features, ...organization } = await orExplain(answer, accountId);
    if (features.includes(feature)) return organization;
    throw preflightFailure(
        "feature-off",
        `the feature ${feature} is off in the organization (iam:ListOrganizationsFeatures); turn it on from the management account: ${TURN_ON[feature]}`,
    );
}

const TURN_ON: Record<OrganizationFeature, string> = {
    RootCredentialsManagement: "aws iam enable-organizations-root-credentials-management",
    RootSessions: "aws iam enable-organizations-root-sessions",
};

type CallersOrganization = Pick<Caller, "organizationId" | "organizationUnknown">;

interface Features extends CallersOrganization {
    features: string[];
}

export function enabledFeatures(accountId: string): Promise<Features> {
    return orExplain(listedFeatures(), accountId);
}

async function listedFeatures(): Promise<Features> {
    const answer = await preflightIam().send(new ListOrganizationsFeaturesCommand({}));
    const features = required(answer.EnabledFeatures, "EnabledFeatures");
    const { OrganizationId: organizationId } = answer;
    return { features, ...(organizationId ? { organizationId } : await describedOrganization()) };
}

/** The SDK's model lets IAM leave out the organization's id. */
async function describedOrganization(): Promise<CallersOrganization> {
    try {
        const client = organizations("DescribeOrganization");
        const { Organization } = await client.send(new DescribeOrganizationCommand({}));
        return { organizationId: required(Organization?.Id, "Organization.Id") };
    } catch (error) {
        const organizationUnknown = `organizations:DescribeOrganization answered ${codeOf(error)}: ${messageOf(error)}`;
        return { organizationId: "", organizationUnknown };
    }
}

/** What was asked by an account, or one sentence about why there is no answer. */
async function orExplain(asked: Promise<Features>, accountId: string): Promise<Features> {
    try {
        return await asked;
    } catch (error) {
        const sentence = featureProblem(error, accountId);
        throw preflightFailure(
            diagnose(error, { accountId, action: "iam:ListOrganizationsFeatures" }).reason,
            sentence,
            error,
        );
    }
}

function featureProblem(error: unknown, accountId: string): string {
    const said = `iam:ListOrganizationsFeatures answered ${codeOf(error)}: ${messageOf(error)}`;
    switch (codeOf(error)) {
        case "ServiceAccessNotEnabledException":
            return `trusted access for IAM is off in the organization; turn it on from the management account: aws organizations enable-aws-service-access --service-principal iam.amazonaws.com (${said})`;
        case "AccountNotManagementOrDelegatedAdministratorException":
            return `account ${accountId} is neither the organization's management account nor its delegated administrator for IAM; run as one of them, or delegate in the management account: aws organizations register-delegated-administrator --account-id ${accountId} --service-principal iam.amazonaws.com (${said})`;
        case "OrganizationNotFoundException":
            return `account ${accountId} belongs to no organization; run as the management account or the delegated administrator (${said})`;
        case "OrganizationNotInAllFeaturesModeException":
            return `the organization has consolidated billing only; central root access needs all features: enable them in the management account under AWS Organizations, Settings (${said})`;
    }
    if (error instanceof IncompleteAnswer) {
        return `iam:ListOrganizationsFeatures answered without the list of features; check what answers at the IAM endpoint (AWS_ENDPOINT_URL)`;
    }
    const { reason, next } = diagnose(error, { accountId, action: "iam:ListOrganizationsFeatures" });
    const allow = "Allow iam:ListOrganizationsFeatures on * for the caller (docs/permissions.md)";
    const help = reason === "not-allowed" ? allow : (ADVICE[reason] ?? next ?? "");
    return `${said}. ${help}`;
}

function preflightFailure(reason: AwsFailure["reason"], sentence: string, cause?: unknown): AwsCallFailed {
    return new AwsCallFailed({ reason, cause: sentence, detail: sentence }, { cause });
}
