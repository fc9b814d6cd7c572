/**
 * Checks the caller and the organization before any account is inspected, once per run and process.
 *
 * A refresh reads all accounts before the program can check anything. Without the preflight, one wrong setting would be reported
 * once for each account.
 */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { preflightSts } from "../aws/clients";
import { callFailed, diagnose } from "../aws/errors/diagnose";
import type { OrganizationFeature } from "../aws/errors/facts";
import { TURN_ON } from "../aws/errors/setup-commands";
import { required } from "../aws/responses";
import { codeAndMessageOf } from "../process/error-text";
import { oncePerRun } from "../process/once-per-run";
import { ADVICE, enabledFeatures, orExplain, type CallersOrganization } from "./features";

/** The calling identity. AWS has confirmed that it may use central root access. */
export interface Caller extends CallersOrganization {
    accountId: string;
    arn: string;
    region: string;
}

type CallerIdentity = Omit<Caller, keyof CallersOrganization>;

/** Returns the caller, or rejects with an `AwsCallFailed` whose message is one sentence about what to do. */
export function preflight(feature: OrganizationFeature = "RootCredentialsManagement"): Promise<Caller> {
    return first[feature]();
}

const first = {
    RootCredentialsManagement: oncePerRun(() => check("RootCredentialsManagement")),
    RootSessions: oncePerRun(() => check("RootSessions")),
};

/** Asks AWS once more in this run, because the program may have turned the feature on after the refresh. */
export function preflightAgain(feature: OrganizationFeature): Promise<Caller> {
    return second[feature]();
}

const second = {
    RootCredentialsManagement: oncePerRun(() => check("RootCredentialsManagement")),
    RootSessions: oncePerRun(() => check("RootSessions")),
};

async function check(feature: OrganizationFeature): Promise<Caller> {
    const region = await usableRegion();
    const asked = callerIn(region);
    // Both calls run at the same time. If both fail, the failure of the caller is reported.
    const answer = enabledFeatures();
    answer.catch(() => {});
    const caller = await asked;
    const { features, ...organization } = await orExplain(answer, caller.accountId);
    if (features.includes(feature)) return { ...caller, ...organization };
    throw callFailed(
        "feature-off",
        `the feature ${feature} is off in the organization (iam:ListOrganizationsFeatures); turn it on from the management account: ${TURN_ON[feature]}`,
    );
}

/** Checks the caller alone, whether central root access is on or off. */
export async function usableCaller(): Promise<CallerIdentity> {
    return callerIn(await usableRegion());
}

async function callerIn(region: string): Promise<CallerIdentity> {
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
    throw callFailed(
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
        const said = codeAndMessageOf(error).replace(/\.$/, "");
        const sentence = `${cause}: ${said}. ${ADVICE[reason] ?? next ?? ""}`;
        throw callFailed(reason, sentence.trim(), error);
    }
}

/** AWS accepts signatures up to this difference. Milliseconds. */
const MAX_CLOCK_DIFFERENCE = 5 * 60 * 1000;

/**
 * A wrong clock stops no call, because the SDK takes the time from AWS's answers and signs with it. But this machine's clock
 * decides whether a credential was used lately and whether an exception has ended.
 */
function refuseWrongClock(): void {
    const { systemClockOffset } = preflightSts().config;
    if (Math.abs(systemClockOffset) <= MAX_CLOCK_DIFFERENCE) return;
    const minutes = Math.round(Math.abs(systemClockOffset) / 60_000);
    throw callFailed(
        "other",
        `this machine's clock is ${minutes} minutes ${systemClockOffset < 0 ? "ahead of" : "behind"} AWS's (the time of its answer to sts:GetCallerIdentity); ` +
            "this clock decides which credentials were used lately and which exceptions have ended: set it right, then run again",
    );
}

function refuseOtherPartitions(arn: string): void {
    const partition = arn.split(":")[1] ?? "";
    if (partition === "aws") return;
    throw callFailed(
        "other",
        `the caller ${arn} is in the partition "${partition}"; AWS's task policies for root sessions exist in the partition "aws" only, so root credentials cannot be managed centrally there`,
    );
}

function refuseRootUser(arn: string): void {
    if (!/:root$/.test(arn)) return;
    throw callFailed(
        "not-allowed",
        `the caller ${arn} is a root user, which AWS does not allow to call sts:AssumeRoot; use an IAM role or user of the management account or of the delegated administrator`,
    );
}
