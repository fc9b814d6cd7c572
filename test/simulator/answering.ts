import { AwsError } from "./aws-error";
import type { Answer, Call } from "./call";
import type { Fault } from "./faults";
import type { AwsRequest } from "./protocol/request";
import { REFUSALS } from "./refusals";
import { ACTIONS } from "./services";
import type { Organization } from "./state/organization";
import type { Principal } from "./state/principals";
import type { Throttle } from "./throttling";

/** A request whose signer is known, together with what is to go wrong with it. */
export interface Admitted {
    readonly call: Call;
    readonly fault: Fault | undefined;
}

/** Who asks, whether they may ask that often, and what a test has scheduled for them. */
export function admit(organization: Organization, throttle: Throttle, request: AwsRequest): Admitted {
    const { service, action, parameters, signature } = request;
    if (!ACTIONS[service][action]) throw REFUSALS[service].unknownAction(request);
    const principal = identify(organization, request);
    const region = signature?.region ?? "";
    const call = { service, action, parameters, region, principal, organization };
    if (!throttle.admits(call)) throw REFUSALS[service].rateExceeded();
    const concerned = accountConcerned(call);
    const fault = organization.onlooker?.arrives?.(call, concerned);
    return { call, fault: fault ?? organization.faults.take(action, concerned) };
}

/** Carries the call out, as far as its fault lets it. Undefined stands for "never got as far as AWS". */
export function carryOut({ call, fault }: Admitted): Answer | undefined {
    switch (fault?.kind) {
        case undefined:
        case "trickle":
            return act(call);
        case "refusal":
            throw fault.refuse(call);
        case "garbled":
        case "silence":
            return fault.carriedOut ? act(call) : undefined;
        case "otherAccount":
            return act({
                ...call,
                parameters: new Map(call.parameters).set("TargetPrincipal", fault.accountId),
            });
    }
}

/** The account a call is about: the target of AssumeRoot or DescribeAccount, or else the one that signs. */
export function accountConcerned({ parameters, principal }: Call): string {
    const target = parameters.get("TargetPrincipal") ?? parameters.get("AccountId") ?? "";
    return /\d{12}/.exec(target)?.[0] ?? principal.accountId;
}

function act(call: Call): Answer {
    const action = ACTIONS[call.service][call.action];
    if (!action) throw new AwsError("InvalidAction", "Unknown Operation");
    return action(call);
}

function identify(organization: Organization, { service, signature }: AwsRequest): Principal {
    if (!signature) throw REFUSALS[service].unsigned();
    const principal = organization.principals.identify(signature.accessKeyId, signature.sessionToken);
    if (principal === "expired") throw REFUSALS[service].tokenExpired();
    if (principal === "unknown") throw REFUSALS[service].unknownKey();
    return principal;
}
