import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Simulator, startSimulator } from "./index";
import { clientsOf, clientsWith, refusalOf } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const ACCOUNT = "111122223333";

describe("iam with the caller's own credentials", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                accounts: [{ id: ACCOUNT, name: "payments", root: { password: {}, accessKeys: [{}] } }],
            },
        });
    });
    afterEach(() => simulator.close());

    const operator = () => simulator.organization.principals.userIn(MANAGEMENT).credentials;

    it("a call without a user name is about the caller, and can delete the operator's own password", async () => {
        const { iam } = clientsOf(simulator);
        assert.equal((await iam.send(new aws.GetUserCommand({}))).User?.UserName, "operator");
        assert.equal((await iam.send(new aws.GetLoginProfileCommand({}))).LoginProfile?.UserName, "operator");

        await iam.send(new aws.DeleteLoginProfileCommand({}));

        assert.equal(operator().password, undefined);
        assert.equal(
            (await refusalOf(iam.send(new aws.GetLoginProfileCommand({})))).message,
            "Login Profile for User operator cannot be found.",
        );
        assert.equal(simulator.organization.rootCredentialsLeft().length, 2);
    });

    it("deleting the key that signs makes the caller unknown", async () => {
        const { iam } = clientsOf(simulator);
        const [key] = operator().accessKeys;

        await iam.send(new aws.DeleteAccessKeyCommand({ AccessKeyId: key?.id }));

        const refused = await refusalOf(iam.send(new aws.ListAccessKeysCommand({})));
        assert.equal(refused.name, "InvalidClientTokenId");
        assert.equal(refused.status, 403);
    });

    it("another user's name is not found", async () => {
        const refused = await refusalOf(
            clientsOf(simulator).iam.send(new aws.ListMFADevicesCommand({ UserName: "ada" })),
        );
        assert.equal(refused.name, "NoSuchEntityException");
        assert.equal(refused.message, "The user with name ada cannot be found.");
    });

    it("a new login profile needs a password", async () => {
        const { iam } = clientsOf(simulator);
        delete operator().password;

        assert.equal(
            (await refusalOf(iam.send(new aws.CreateLoginProfileCommand({})))).name,
            "ValidationError",
        );
        await iam.send(new aws.CreateLoginProfileCommand({ Password: "correct horse" }));
        assert(operator().password);
    });

    it("a role session has to name a user", async () => {
        const { iam } = clientsOf(simulator, "role");

        const refused = await refusalOf(iam.send(new aws.DeleteLoginProfileCommand({})));
        assert.equal(refused.name, "ValidationError");
        assert.equal(refused.message, "Must specify userName when calling with non-User credentials");
    });

    it("a root user's access key works until it is deleted", async () => {
        const accessKeyId = simulator.organization.createRootAccessKey(ACCOUNT);
        const { sts, iam } = clientsWith(simulator, "us-east-1", { accessKeyId, secretAccessKey: "leaked" });

        const identity = await sts.send(new GetCallerIdentityCommand({}));
        assert.equal(identity.Arn, `arn:aws:iam::${ACCOUNT}:root`);
        await iam.send(new aws.DeleteAccessKeyCommand({ AccessKeyId: accessKeyId }));
        assert.equal(
            (await refusalOf(sts.send(new GetCallerIdentityCommand({})))).name,
            "InvalidClientTokenId",
        );
    });

    it("a permission that the caller lacks is named", async () => {
        simulator.organization.withholdPermissions(MANAGEMENT, ["iam:ListOrganizations*"]);

        const refused = await refusalOf(
            clientsOf(simulator).iam.send(new aws.ListOrganizationsFeaturesCommand({})),
        );
        assert.deepEqual(refused, {
            name: "AccessDenied",
            message:
                `User: arn:aws:iam::${MANAGEMENT}:user/operator is not authorized to perform: ` +
                "iam:ListOrganizationsFeatures on resource: * because no identity-based policy allows the " +
                "iam:ListOrganizationsFeatures action",
            status: 403,
        });
    });
});
