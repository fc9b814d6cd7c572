import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-iam";
import { type OrganizationSeed, type Simulator, startSimulator } from "./index";
import { clientsOf, refusalOf } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const DELEGATE = "444455556666";

const ENABLE = {
    RootCredentialsManagement: () => new aws.EnableOrganizationsRootCredentialsManagementCommand({}),
    RootSessions: () => new aws.EnableOrganizationsRootSessionsCommand({}),
};
const DISABLE = {
    RootCredentialsManagement: () => new aws.DisableOrganizationsRootCredentialsManagementCommand({}),
    RootSessions: () => new aws.DisableOrganizationsRootSessionsCommand({}),
};
const FEATURES = ["RootCredentialsManagement", "RootSessions"] as const;

describe("iam: the organization's root access features", () => {
    let simulator: Simulator;

    async function start(seed: Partial<OrganizationSeed> = {}): Promise<void> {
        simulator = await startSimulator({
            seed: {
                delegatedAdministrators: [DELEGATE],
                accounts: [
                    { id: MEMBER, name: "payments" },
                    { id: DELEGATE, name: "security" },
                ],
                ...seed,
            },
        });
    }

    afterEach(() => simulator.close());

    const listed = async (caller = "management") => {
        const { iam } = clientsOf(simulator, caller);
        return iam.send(new aws.ListOrganizationsFeaturesCommand({}));
    };

    it("are listed for the management account and for a delegated administrator", async () => {
        await start({ features: { RootSessions: false } });

        for (const caller of ["management", "delegate"]) {
            const { OrganizationId, EnabledFeatures } = await listed(caller);
            assert.equal(OrganizationId, simulator.organization.id);
            assert.deepEqual(EnabledFeatures, ["RootCredentialsManagement"]);
        }
    });

    for (const feature of FEATURES) {
        it(`${feature} is enabled by the management account only, and disabled by the delegate too`, async () => {
            await start();
            const management = clientsOf(simulator).iam;
            const delegate = clientsOf(simulator, "delegate").iam;

            const disabled = await delegate.send(DISABLE[feature]());
            assert(!disabled.EnabledFeatures?.includes(feature));
            assert(!simulator.organization.features.has(feature));

            const refused = await refusalOf(delegate.send(ENABLE[feature]()));
            assert.equal(refused.name, "CallerIsNotManagementAccountException");
            assert.equal(refused.status, 400);

            const enabled = await management.send(ENABLE[feature]());
            assert(enabled.EnabledFeatures?.includes(feature));
        });

        it(`${feature} may be enabled and disabled twice`, async () => {
            await start();
            const { iam } = clientsOf(simulator);

            await iam.send(ENABLE[feature]());
            assert.equal((await iam.send(ENABLE[feature]())).EnabledFeatures?.length, 2);
            await iam.send(DISABLE[feature]());
            assert.equal((await iam.send(DISABLE[feature]())).EnabledFeatures?.length, 1);
        });
    }

    it("are nobody else's business", async () => {
        await start();

        const member = await refusalOf(listed("member"));
        assert.equal(member.name, "AccountNotManagementOrDelegatedAdministratorException");
        assert.equal(
            member.message,
            `Input account ${MEMBER} is neither management account nor delegated admin.`,
        );
        assert.equal((await refusalOf(listed("123412341234"))).name, "OrganizationNotFoundException");
    });

    it("need trusted access, which keeps them while it is off", async () => {
        await start({ trustedAccess: false });

        assert.deepEqual(await refusalOf(listed()), {
            name: "ServiceAccessNotEnabledException",
            message: `Trusted Access for IAM not enabled by organization of input account ${MANAGEMENT}.`,
            status: 400,
        });
        simulator.organization.setTrustedAccess(true);
        assert.equal((await listed()).EnabledFeatures?.length, 2);
    });

    it("need an organization with all features", async () => {
        await start({ featureSet: "CONSOLIDATED_BILLING" });

        assert.equal((await refusalOf(listed())).name, "OrganizationNotInAllFeaturesModeException");
    });
});
