/**
 * Leaves out exceptions and acknowledgements that have ended. The program decides this and not the provider, so that all
 * methods of a preview or an update see the same declaration. `up` does both, so it reads the clock twice.
 */
import * as pulumi from "@pulumi/pulumi";
import type { DesiredLoginProfile } from "../credentials/desired";
import { isTimeWithZone } from "../credentials/validate";
import type { RootCredentialsAbsentArgs } from "./root-credentials-args";

export function withoutEnded(given: RootCredentialsAbsentArgs): RootCredentialsAbsentArgs {
    const args = withoutEndedAcknowledgement(given);
    const { loginProfile, until, reason, ...rest } = args;
    if (loginProfile === undefined) return args;
    if (typeof loginProfile === "string" && typeof until === "string") {
        return hasEnded(loginProfile, until) ? rest : args;
    }
    const ended = pulumi.all([loginProfile, until]).apply(([desired, end]) => hasEnded(desired, end ?? ""));
    const unlessEnded = <T>(value: pulumi.Input<T> | undefined) =>
        pulumi.all([ended, value]).apply(([isOver, known]) => (isOver ? undefined : known));
    return {
        ...rest,
        loginProfile: unlessEnded(loginProfile),
        until: unlessEnded(until),
        reason: unlessEnded(reason),
    } as RootCredentialsAbsentArgs;
}

/** False for an invalid time, which `check` refuses. */
function hasEnded(loginProfile: DesiredLoginProfile, until: string): boolean {
    return loginProfile === "present" && isPast(until);
}

function withoutEndedAcknowledgement(args: RootCredentialsAbsentArgs): RootCredentialsAbsentArgs {
    const { acknowledged, ...rest } = args;
    return acknowledged && isPast(acknowledged.until) ? rest : args;
}

function isPast(time: string): boolean {
    return isTimeWithZone(time) && Date.parse(time) <= Date.now();
}
