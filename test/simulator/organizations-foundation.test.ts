/** What switches central root access on, and what guards it: trusted access, delegation, policies of the organization. */
import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-organizations";
import { type Simulator, startSimulator } from "./index";
import { clientsOf, refusalOf } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const SECURITY = "444455556666";
const IAM = "iam.amazonaws.com";

const DENY_ROOT = JSON.stringify({
    Version: "2012-10-17",
    Statement: {
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } },
    },
});

describe("organizations: what the management account sets up", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                trustedAccess: false,
                accounts: [
                    { id: MEMBER, name: "payments", unit: "Workloads" },
                    { id: SECURITY, name: "security" },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const client = () => clientsOf(simulator).organizations;
    const create = async (Content = DENY_ROOT, Name = "deny-root") => {
        const { Policy } = await client().send(
            new aws.CreatePolicyCommand({ Name, Description: "", Type: "SERVICE_CONTROL_POLICY", Content }),
        );
        assert(Policy?.PolicySummary?.Id);
        return { ...Policy.PolicySummary, Id: Policy.PolicySummary.Id };
    };
    const mayRoot = () =>
        simulator.organization.allows({
            principal: simulator.organization.principals.rootUserIn(MEMBER),
            action: "iam:CreateAccessKey",
            resource: "*",
        });

    it("gives IAM trusted access, then a delegated administrator", async () => {
        const register = () =>
            client().send(
                new aws.RegisterDelegatedAdministratorCommand({ AccountId: SECURITY, ServicePrincipal: IAM }),
            );
        assert.equal((await refusalOf(register())).name, "ConstraintViolationException");

        await client().send(new aws.EnableAWSServiceAccessCommand({ ServicePrincipal: IAM }));
        await register();

        assert.equal(simulator.organization.trustedAccess, true);
        const { DelegatedAdministrators } = await client().send(
            new aws.ListDelegatedAdministratorsCommand({ ServicePrincipal: IAM }),
        );
        assert.deepEqual(
            DelegatedAdministrators?.map(({ Id }) => Id),
            [SECURITY],
        );
        assert.equal((await refusalOf(register())).name, "AccountAlreadyRegisteredException");
    });

    it("cannot delegate to itself, nor to an account that is not there", async () => {
        simulator.organization.setTrustedAccess(true);
        for (const [AccountId, name] of [
            [MANAGEMENT, "ConstraintViolationException"],
            ["123412341234", "AccountNotFoundException"],
        ]) {
            const command = new aws.RegisterDelegatedAdministratorCommand({
                AccountId,
                ServicePrincipal: IAM,
            });
            assert.equal((await refusalOf(client().send(command))).name, name);
        }
    });

    it("attaches a policy to a unit, which binds accounts there until it is detached", async () => {
        const { Id: PolicyId, Arn } = await create();
        const TargetId = simulator.organization.units.idOf("Workloads");
        assert(mayRoot());

        await client().send(new aws.AttachPolicyCommand({ PolicyId, TargetId }));

        assert(!mayRoot());
        assert.equal(
            Arn,
            `arn:aws:organizations::${MANAGEMENT}:policy/o-simulated1/service_control_policy/${PolicyId}`,
        );
        const { Targets } = await client().send(new aws.ListTargetsForPolicyCommand({ PolicyId }));
        assert.deepEqual(Targets, [
            {
                TargetId,
                Arn: `arn:aws:organizations::${MANAGEMENT}:ou/o-simulated1/${TargetId}`,
                Name: "Workloads",
                Type: "ORGANIZATIONAL_UNIT",
            },
        ]);
        const attachAgain = client().send(new aws.AttachPolicyCommand({ PolicyId, TargetId }));
        assert.equal((await refusalOf(attachAgain)).name, "DuplicatePolicyAttachmentException");
        const remove = () => client().send(new aws.DeletePolicyCommand({ PolicyId }));
        assert.equal((await refusalOf(remove())).name, "PolicyInUseException");

        await client().send(new aws.DetachPolicyCommand({ PolicyId, TargetId }));
        assert(mayRoot());
        await remove();
        const describe = client().send(new aws.DescribePolicyCommand({ PolicyId }));
        assert.equal((await refusalOf(describe)).name, "PolicyNotFoundException");
    });

    it("changes a policy wherever it is attached", async () => {
        const { Id: PolicyId } = await create();
        await client().send(
            new aws.AttachPolicyCommand({ PolicyId, TargetId: simulator.organization.units.rootId }),
        );
        const Content = DENY_ROOT.replace("arn:aws:iam::*:root", `arn:aws:iam::${SECURITY}:root`);

        await client().send(new aws.UpdatePolicyCommand({ PolicyId, Content }));

        assert(mayRoot());
        const { Policy } = await client().send(new aws.DescribePolicyCommand({ PolicyId }));
        assert.equal(Policy?.Content, Content);
        assert.equal(Policy.PolicySummary?.Name, "deny-root");
    });

    it("needs the policy type to be enabled", async () => {
        const { Id: PolicyId } = await create();
        const { units, policies } = simulator.organization;
        policies.enabledTypes.delete("SERVICE_CONTROL_POLICY");
        const attach = () => client().send(new aws.AttachPolicyCommand({ PolicyId, TargetId: MEMBER }));
        assert.equal((await refusalOf(attach())).name, "PolicyTypeNotEnabledException");

        const enable = () =>
            client().send(
                new aws.EnablePolicyTypeCommand({
                    RootId: units.rootId,
                    PolicyType: "SERVICE_CONTROL_POLICY",
                }),
            );
        await enable();
        await attach();

        assert.equal((await refusalOf(enable())).name, "PolicyTypeAlreadyEnabledException");
        assert(!mayRoot());
    });

    it("is told of documents that cannot be judged, of names that are taken, and of what is not there", async () => {
        const { Id: PolicyId } = await create();
        const unknownKey = DENY_ROOT.replace("aws:PrincipalArn", "aws:PrincipalTag/team");
        const refusals: [call: () => Promise<unknown>, name: string][] = [
            [() => create(unknownKey, "other"), "MalformedPolicyDocumentException"],
            [() => create("{", "other"), "MalformedPolicyDocumentException"],
            [() => create(DENY_ROOT + " ".repeat(10_240), "other"), "ConstraintViolationException"],
            [() => create(), "DuplicatePolicyException"],
            [
                () => client().send(new aws.AttachPolicyCommand({ PolicyId, TargetId: "ou-sim1-none0000" })),
                "TargetNotFoundException",
            ],
            [
                () => client().send(new aws.DetachPolicyCommand({ PolicyId, TargetId: MEMBER })),
                "PolicyNotAttachedException",
            ],
            [
                () =>
                    client().send(
                        new aws.EnableAWSServiceAccessCommand({ ServicePrincipal: "ram.amazonaws.com" }),
                    ),
                "InvalidInputException",
            ],
        ];
        for (const [call, name] of refusals) assert.equal((await refusalOf(call())).name, name);
    });

    it("leaves none of it to a delegated administrator", async () => {
        simulator.organization.registerDelegatedAdministrator(SECURITY);
        const { organizations } = clientsOf(simulator, "delegate");

        for (const call of [
            organizations.send(new aws.EnableAWSServiceAccessCommand({ ServicePrincipal: IAM })),
            organizations.send(new aws.DescribePolicyCommand({ PolicyId: "p-FullAWSAccess" })),
        ]) {
            assert.equal((await refusalOf(call)).name, "AccessDeniedException");
        }
    });
});
