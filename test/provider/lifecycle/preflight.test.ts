import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Caller, type OrganizationSeed, accessDenied } from "../../simulator";
import { type Begin, desired, describeLifecycle, stored, type World, type WorldOptions } from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";
const AUDIT = "555566667777";
const ACCOUNTS = [
    { id: PAYMENTS, name: "payments" },
    { id: LOGS, name: "logs", root: { password: {} } },
];

/** A wrong setting, and the sentence that every account then gets. */
interface Hopeless {
    title: string;
    seed?: Partial<OrganizationSeed>;
    options?: WorldOptions;
    arrange?: (world: World) => void;
    reason: RegExp;
}

const HOPELESS: Hopeless[] = [
    {
        title: "the feature is off",
        seed: { features: { RootCredentialsManagement: false } },
        reason: /RootCredentialsManagement is off.*enable-organizations-root-credentials-management/,
    },
    {
        title: "trusted access is off",
        seed: { trustedAccess: false },
        reason: /trusted access for IAM is off.*enable-aws-service-access/,
    },
    {
        title: "the organization has consolidated billing only",
        seed: { featureSet: "CONSOLIDATED_BILLING" },
        reason: /consolidated billing only/,
    },
    {
        title: "the caller is an ordinary member",
        options: { caller: "member" },
        reason: /neither the organization's management account nor its delegated administrator/,
    },
    {
        title: "the caller belongs to no organization",
        options: { caller: "123456789012" },
        reason: /account 123456789012 belongs to no organization/,
    },
    {
        title: "the caller may not list the features",
        arrange: ({ organization }) => organization.failAlways("ListOrganizationsFeatures", accessDenied()),
        reason: /Allow iam:ListOrganizationsFeatures/,
    },
    {
        title: "the caller's credentials have expired",
        options: { caller: "expired" },
        reason: /^the caller's AWS credentials have expired.*Sign in/,
    },
    {
        title: "AWS does not know the caller's credentials",
        options: { environment: { AWS_ACCESS_KEY_ID: "AKIANOBODY0000000000" } },
        reason: /^AWS does not know the caller's credentials/,
    },
    {
        title: "there are no credentials",
        options: { environment: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined } },
        reason: /^no AWS credentials were found/,
    },
    {
        title: "there is no region",
        options: { environment: { AWS_REGION: undefined } },
        reason: /^no AWS region is set.*AWS_REGION/,
    },
    {
        title: "the region is the global one",
        options: { environment: { AWS_REGION: "aws-global" } },
        reason: /^the AWS region is "aws-global"/,
    },
    {
        title: "the caller is in another partition",
        options: { partition: "aws-us-gov" },
        reason: /partition "aws-us-gov"/,
    },
];

describeLifecycle("A run in which no account can be inspected", (begin) => {
    for (const { title, seed, options, arrange, reason } of HOPELESS) {
        it(`reports one sentence for all accounts, and tries none, if ${title}`, async () => {
            const world = await begin({ accounts: ACCOUNTS, ...seed }, options);
            arrange?.(world);

            await assertHopeless(world, reason);
        });
    }

    it("reports it if the caller is a root user", async () => {
        const world = await beginAsRootUser(begin);

        await assertHopeless(world, /is a root user, which AWS does not allow to call sts:AssumeRoot/);
    });

    it("reports it if the endpoint does not answer", async () => {
        const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${await closedPort()}` };
        const world = await begin(ACCOUNTS, { environment });

        await assertHopeless(world, /^the AWS endpoint could not be reached.*AWS_ENDPOINT_URL/);
    });

    it("fails in create, update and delete with the same sentence, and changes nothing", async () => {
        const { run, organization, requests } = await begin(ACCOUNTS);
        organization.setFeature("RootCredentialsManagement", false);
        const sentence = /RootCredentialsManagement is off/;

        await assert.rejects(run.create(desired(LOGS)), sentence);
        await assert.rejects(run.update(LOGS, stored(LOGS), desired(LOGS)), sentence);
        await assert.rejects(run.delete(PAYMENTS, stored(PAYMENTS)), sentence);

        assert.deepEqual(requests.actions().sort(), ["GetCallerIdentity", "ListOrganizationsFeatures"]);
    });
});

describeLifecycle("A run whose refresh comes before central root access is switched on", (begin) => {
    it("asks AWS again before it writes, and create, update and delete then succeed", async () => {
        const { run, organization } = await begin({
            accounts: [...ACCOUNTS, { id: AUDIT, name: "audit", root: { password: {} } }],
        });
        organization.setTrustedAccess(false);
        for (const id of [PAYMENTS, LOGS]) {
            const { props } = await run.read(id, stored(id));
            assert.match(props.auditErrorDetail, /trusted access for IAM is off/);
        }
        organization.setTrustedAccess(true);

        const [created, updated] = await Promise.all([
            run.create(desired(AUDIT)),
            run.update(LOGS, unknown(LOGS), desired(LOGS)),
        ]);
        await run.delete(PAYMENTS, unknown(PAYMENTS));

        for (const outs of [created.outs, updated.outs])
            assert.partialDeepStrictEqual(outs, { loginProfile: "absent", auditError: "" });
        assert.deepEqual(
            organization.rootCredentialsLeft().map(({ accountId, kind }) => [accountId, kind]),
            [[PAYMENTS, "password"]],
        );
    });

    it("asks once more for all accounts together", async () => {
        const { run, organization, requests } = await begin(ACCOUNTS);
        organization.setFeature("RootCredentialsManagement", false);
        for (const id of [PAYMENTS, LOGS]) await run.read(id, stored(id));
        requests.clear();

        for (const id of [PAYMENTS, LOGS])
            await assert.rejects(
                run.update(id, unknown(id), desired(id)),
                /RootCredentialsManagement is off/,
            );

        assert.deepEqual(requests.actions().sort(), ["GetCallerIdentity", "ListOrganizationsFeatures"]);
    });

    function unknown(id: string) {
        return stored(id, { loginProfile: "unknown", auditError: "trusted access for IAM is off" });
    }
});

describeLifecycle("A run signed in to another organization than the stack's", (begin) => {
    const ofAnother = (id: string) => stored(id, { organizationId: "o-another001" });

    it("drops no account as gone if AWS leaves out the id of the caller's organization", async () => {
        const { run, organization, requests } = await begin([]);
        organization.omitsOrganizationId = true;

        const { id, props } = await run.read(PAYMENTS, ofAnother(PAYMENTS));

        assert.equal(id, PAYMENTS);
        assert.match(
            props.auditErrorDetail,
            /accounts of the organization o-another001, but the caller .* belongs to o-simulated1/,
        );
        assert.deepEqual(requests.of("AssumeRoot"), []);
    });

    it("drops no account and removes nothing if the caller's organization is unknown", async () => {
        const { run, organization, requests } = await begin(ACCOUNTS);
        organization.omitsOrganizationId = true;
        organization.failAlways("DescribeOrganization", accessDenied());

        const { id, props } = await run.read(PAYMENTS, ofAnother(PAYMENTS));

        assert.equal(id, PAYMENTS);
        const sentence =
            /accounts of the organization o-another001, but the organization of the caller .* is unknown: .*organizations:DescribeOrganization answered AccessDenied/;
        assert.match(props.auditErrorDetail, sentence);
        await assert.rejects(run.create(desired(LOGS)), sentence);
        await assert.rejects(run.update(LOGS, ofAnother(LOGS), desired(LOGS)), sentence);
        await assert.rejects(run.delete(PAYMENTS, ofAnother(PAYMENTS)), sentence);
        assert.deepEqual(requests.of("AssumeRoot"), []);
    });

    it("removes nothing if the refresh could not compare the organizations", async () => {
        const { run, organization, requests } = await begin(ACCOUNTS);
        organization.setFeature("RootCredentialsManagement", false);
        await run.read(PAYMENTS, ofAnother(PAYMENTS));
        organization.setFeature("RootCredentialsManagement", true);

        await assert.rejects(
            run.create(desired(LOGS)),
            /accounts of the organization o-another001, but the caller .* belongs to o-simulated1/,
        );

        assert.deepEqual(requests.of("AssumeRoot"), []);
    });
});

describeLifecycle("A run in the stack's organization, if AWS leaves out its id", (begin) => {
    it("asks Organizations for the id once, and continues", async () => {
        const { run, organization, requests } = await begin(ACCOUNTS);
        organization.omitsOrganizationId = true;

        const seen = await Promise.all([PAYMENTS, LOGS].map((id) => run.read(id, stored(id))));

        assert.deepEqual(
            seen.map(({ props }) => [props.auditError, props.organizationId]),
            [PAYMENTS, LOGS].map(() => ["", "o-simulated1"]),
        );
        assert.equal(requests.of("DescribeOrganization").length, 1);
    });
});

describeLifecycle("A run with AWS_DEFAULT_REGION", (begin) => {
    it("uses that region, as the AWS CLI does", async () => {
        const environment = { AWS_REGION: undefined, AWS_DEFAULT_REGION: "eu-west-1" };
        const { run, requests } = await begin(ACCOUNTS, { environment });

        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

        assert.equal(props.auditError, "");
        assert.deepEqual(
            requests.of("AssumeRoot").map(({ region }) => region),
            ["eu-west-1"],
        );
    });
});

async function assertHopeless({ run, requests }: World, reason: RegExp): Promise<void> {
    const seen = await Promise.all([PAYMENTS, LOGS].map((id) => run.read(id, stored(id))));

    for (const [index, id] of [PAYMENTS, LOGS].entries()) {
        assert.equal(seen[index]?.id, id);
        assert.partialDeepStrictEqual(seen[index].props, {
            loginProfile: "unknown",
            accessKeys: ["unknown"],
            signingCertificates: ["unknown"],
            mfaDevices: ["unknown"],
        });
        assert.match(seen[index].props.auditErrorDetail, reason);
        assert.equal(seen[index].props.auditErrorDetail, seen[0]?.props.auditErrorDetail);
    }
    assert.deepEqual(requests.of("AssumeRoot"), []);
    // The run asks once. The SDK may repeat a call without an answer.
    assert.ok(requests.of("GetCallerIdentity").length <= 1);
}

async function beginAsRootUser(begin: Begin): Promise<World> {
    const key = "AKIAMANAGEMENTROOT01";
    const caller: Caller = "management";
    const world = await begin(ACCOUNTS, { caller, environment: { AWS_ACCESS_KEY_ID: key } });
    world.organization.createRootAccessKey(world.organization.managementAccountId, { id: key });
    return world;
}

/** A port of this machine without a listener. */
async function closedPort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
