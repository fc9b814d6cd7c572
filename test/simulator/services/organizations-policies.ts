import { AwsError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import type { OrganizationPolicy, PolicyType } from "../state/organization-policies";
import { invalidInput, onePage } from "./organizations-paging";
import { policyShown, policyTargetShown, rootShown } from "./organizations-shapes";

/** Policies of the organization. They are the management account's business. */
export const POLICY_ACTIONS = {
    EnablePolicyType: enablePolicyType,
    CreatePolicy: createPolicy,
    DescribePolicy: (call) => ({ Policy: policyShown(knownPolicy(call)) }),
    UpdatePolicy: updatePolicy,
    DeletePolicy: deletePolicy,
    AttachPolicy: attachPolicy,
    DetachPolicy: detachPolicy,
    ListTargetsForPolicy: listTargetsForPolicy,
} satisfies Record<string, Action>;

const MOST_CHARACTERS = 10_240;

function enablePolicyType({ organization, parameters }: Call): Answer {
    if (parameters.get("RootId") !== organization.units.rootId) {
        throw new AwsError(
            "RootNotFoundException",
            "We can't find a root with the RootId that you specified.",
        );
    }
    const type = policyType(parameters.get("PolicyType"));
    if (organization.policies.enabledTypes.has(type)) {
        throw new AwsError(
            "PolicyTypeAlreadyEnabledException",
            "The specified policy type is already enabled.",
        );
    }
    organization.policies.enabledTypes.add(type);
    return { Root: rootShown(organization) };
}

function createPolicy({ organization, parameters }: Call): Answer {
    const type = policyType(parameters.get("Type"));
    const name = text(parameters.get("Name"));
    refuseTakenName(organization.policies.own(), name);
    const description = parameters.get("Description") ?? "";
    const content = text(parameters.get("Content"));
    return {
        Policy: policyShown(
            wellFormed(() => organization.policies.put({ type, name, description, content }), content),
        ),
    };
}

function updatePolicy(call: Call): Answer {
    const { organization, parameters } = call;
    const { id, type, ...before } = ownPolicy(call);
    const name = parameters.get("Name") ?? before.name;
    refuseTakenName(
        organization.policies.own().filter((policy) => policy.id !== id),
        name,
    );
    const description = parameters.get("Description") ?? before.description;
    const content = parameters.get("Content") ?? before.content;
    return {
        Policy: policyShown(
            wellFormed(() => organization.policies.put({ id, type, name, description, content }), content),
        ),
    };
}

function deletePolicy(call: Call): Answer {
    const { id } = ownPolicy(call);
    if (call.organization.policies.targetsOf(id).length > 0) {
        throw new AwsError(
            "PolicyInUseException",
            "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.",
        );
    }
    call.organization.policies.delete(id);
    return {};
}

function attachPolicy(call: Call): Answer {
    const { policies } = call.organization;
    const { id, type } = knownPolicy(call);
    const targetId = knownTarget(call);
    if (!policies.enabledTypes.has(type)) {
        throw new AwsError("PolicyTypeNotEnabledException", `The policy type ${type} is not enabled.`);
    }
    if (policies.attachedTo(targetId, type).some((attached) => attached.id === id)) {
        throw new AwsError(
            "DuplicatePolicyAttachmentException",
            "The selected policy is already attached to the specified target.",
        );
    }
    policies.attach(id, targetId);
    return {};
}

function detachPolicy(call: Call): Answer {
    const { policies } = call.organization;
    const { id, type } = knownPolicy(call);
    const targetId = knownTarget(call);
    if (!policies.attachedTo(targetId, type).some((attached) => attached.id === id)) {
        throw new AwsError(
            "PolicyNotAttachedException",
            "The policy isn't attached to the specified target.",
        );
    }
    policies.detach(id, targetId);
    return {};
}

function listTargetsForPolicy(call: Call): Answer {
    const { organization } = call;
    const targets = organization.policies
        .targetsOf(ownPolicy(call).id)
        .map((id, at) => ({ id, sequence: at + 1 }));
    const { items, NextToken } = onePage(call, targets);
    return { Targets: items.map(({ id }) => policyTargetShown(organization, id)), NextToken };
}

function knownPolicy({ organization, parameters }: Call): OrganizationPolicy {
    const policy = organization.policies.find(parameters.get("PolicyId") ?? "");
    if (policy) return policy;
    throw new AwsError(
        "PolicyNotFoundException",
        "We can't find a policy with the PolicyId that you specified.",
    );
}

function ownPolicy(call: Call): OrganizationPolicy {
    const policy = knownPolicy(call);
    if (!policy.awsManaged) return policy;
    throw new AwsError("AccessDeniedException", "You can't change an AWS managed policy.");
}

function knownTarget({ organization, parameters }: Call): string {
    const id = parameters.get("TargetId") ?? "";
    if (organization.isPolicyTarget(id)) return id;
    throw new AwsError(
        "TargetNotFoundException",
        "We can't find a root, OU, account, or policy with the TargetId that you specified.",
    );
}

function policyType(given: string | undefined): PolicyType {
    if (given === "SERVICE_CONTROL_POLICY" || given === "RESOURCE_CONTROL_POLICY") return given;
    throw invalidInput("INVALID_ENUM_POLICY_TYPE");
}

function refuseTakenName(others: readonly OrganizationPolicy[], name: string): void {
    if (!others.some((policy) => policy.name === name)) return;
    throw new AwsError("DuplicatePolicyException", "A policy with the same name already exists.");
}

/** What the simulator could not judge it refuses in the words that AWS has for a bad document. */
function wellFormed(put: () => OrganizationPolicy, content: string): OrganizationPolicy {
    if (content.length > MOST_CHARACTERS) {
        throw new AwsError("ConstraintViolationException", "The policy is too long.", 400, {
            Reason: "POLICY_CONTENT_LIMIT_EXCEEDED",
        });
    }
    try {
        return put();
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new AwsError(
            "MalformedPolicyDocumentException",
            `The provided policy document does not meet the requirements of the specified policy type: ${because}`,
        );
    }
}

function text(given: string | undefined): string {
    if (given !== undefined) return given;
    throw invalidInput("INPUT_REQUIRED");
}
