import assert from "node:assert/strict";
import { GetAccountSummaryCommand } from "@aws-sdk/client-iam";
import { EXAMPLE_ORGANIZATION, type Simulator, generatedOrganization, startSimulator } from "./index";
import { clientsOf, refusalOf, rootSession } from "./sdk-clients";
import { paginateListAccounts } from "@aws-sdk/client-organizations";

describe("a simulated organization", () => {
    const running: Simulator[] = [];
    afterEach(() => Promise.all(running.splice(0).map((simulator) => simulator.close())));

    async function start(...options: Parameters<typeof startSimulator>): Promise<Simulator> {
        const simulator = await startSimulator(...options);
        running.push(simulator);
        return simulator;
    }

    it("is the same in every run", async () => {
        const now = new Date("2026-09-12T10:00:00Z");
        const told = async () => {
            const simulator = await start({ seed: generatedOrganization(30), now });
            const { AWS_ENDPOINT_URL: _url, ...environment } = simulator.environment();
            return { environment, left: simulator.organization.rootCredentialsLeft(), url: _url };
        };

        const [one, two] = [await told(), await told()];

        assert.notEqual(one.url, two.url);
        assert.deepEqual({ ...one, url: "" }, { ...two, url: "" });
    });

    it("is reached from this machine only", async () => {
        const { url } = await start({ seed: { accounts: [] } });
        const { hostname, port } = new URL(url);

        assert.equal(hostname, "127.0.0.1");
        await assert.rejects(fetch(`http://[::1]:${port}`));
    });

    it("keeps two organizations apart", async () => {
        const seed = generatedOrganization(1);
        const [one, two] = [await start({ seed }), await start({ seed })];
        const [member] = one.organization.rootCredentialsLeft();
        assert(member);

        delete one.organization.account(member.accountId).root.password;

        assert.deepEqual(one.organization.rootCredentialsLeft(), []);
        assert.equal(two.organization.rootCredentialsLeft().length, 1);
    });

    it("tells what is left, never of the management account, and of active accounts only on request", async () => {
        const { organization } = await start({
            seed: {
                accounts: [
                    { id: "111122223333", name: "payments" },
                    { id: "444455556666", name: "closed", state: "CLOSED", root: { password: {} } },
                ],
            },
        });
        assert(organization.account(organization.managementAccountId).root.password);
        assert.deepEqual(organization.rootCredentialsLeft({ activeOnly: true }), []);

        const id = organization.createRootAccessKey("111122223333", { lastUsed: "2026-01-01T00:00:00Z" });
        organization.setRootPassword("111122223333");

        assert.match(id, /^AKIA[A-Z2-7]{16}$/);
        assert.deepEqual(organization.rootCredentialsLeft({ activeOnly: true }), [
            { accountId: "111122223333", kind: "password", id: "password" },
            { accountId: "111122223333", kind: "accessKey", id },
        ]);
        assert.equal(organization.rootCredentialsLeft().length, 3);
    });

    it("shows what a test changes in place", async () => {
        const simulator = await start({ seed: { accounts: [{ id: "111122223333", name: "payments" }] } });
        const { iam } = await rootSession(simulator, "111122223333", "IAMAuditRootUserCredentials");

        simulator.organization.account("111122223333").root.mfaDevices.push({
            serial: "GAHT00000001",
            enabled: new Date("2026-01-01T00:00:00Z"),
        });

        const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
        assert.equal(SummaryMap?.["AccountMFAEnabled"], 1);
    });

    it("refuses seeds and names that make no sense", async () => {
        const { organization, environment } = await start({ seed: { accounts: [] } });

        assert.throws(() => organization.account("111122223333"), /no account 111122223333/);
        assert.throws(() => organization.join({ id: "12", name: "short" }), /12 digits, got "12"/);
        assert.throws(
            () => organization.join({ id: organization.managementAccountId, name: "again" }),
            /in the organization already/,
        );
        assert.throws(() => environment("delegate"), /no account for the caller "delegate"/);
        assert.throws(() => environment("mangement"), /got "mangement"/);
        await assert.rejects(
            startSimulator({ seed: { accounts: [], delegatedAdministrators: ["111122223333"] } }),
            /no account 111122223333/,
        );
    });

    it("has fifty thousand accounts if need be", async () => {
        const simulator = await start({ seed: generatedOrganization(50_000) });

        assert.equal(new Set(simulator.organization.accounts().map(({ id }) => id)).size, 50_001);
    });

    it("comes as an example worth looking at", async () => {
        const simulator = await start({ seed: EXAMPLE_ORGANIZATION });
        const { organization } = simulator;

        const names: (string | undefined)[] = [];
        for await (const { Accounts = [] } of paginateListAccounts(
            { client: clientsOf(simulator, "delegate").organizations },
            {},
        )) {
            names.push(...Accounts.map(({ Name }) => Name));
        }
        assert.equal(names.length, EXAMPLE_ORGANIZATION.accounts.length + 1);
        const kinds = new Set(organization.rootCredentialsLeft().map(({ kind }) => kind));
        assert.deepEqual(kinds, new Set(["password", "accessKey", "signingCertificate", "mfaDevice"]));

        const refusedIn: string[] = [];
        for (const { id, name, state } of organization.accounts()) {
            if (state !== "ACTIVE" || id === organization.managementAccountId) continue;
            const { iam } = await rootSession(simulator, id, "IAMAuditRootUserCredentials");
            await iam.send(new GetAccountSummaryCommand({})).catch(() => refusedIn.push(name));
        }
        assert.deepEqual(refusedIn, ["data-lake-prod"]);
        assert.equal(
            (await refusalOf(rootSession(simulator, "137850462999", "S3UnlockBucketPolicy"))).name,
            "AccessDenied",
        );
    });
});
