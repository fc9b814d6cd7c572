import assert from "node:assert/strict";
import { ListAccessKeysCommand, ListMFADevicesCommand } from "@aws-sdk/client-iam";
import { accessDenied, portlessSimulator, startSimulator, throttled, type Simulator } from "./index";
import { refusalOf, rootSession, type Clients } from "./sdk-clients";

const ACCOUNT = "111122223333";
const SEED = { accounts: [{ id: ACCOUNT, name: "payments", root: { password: {} } }] };

describe("an onlooker", () => {
    let simulator: Simulator;
    let session: Clients;

    beforeEach(async () => {
        simulator = await startSimulator({ seed: SEED });
        session = await rootSession(simulator, ACCOUNT, "IAMAuditRootUserCredentials");
    });
    afterEach(() => simulator.close());

    it("is told of a call before it is carried out and before it is answered", async () => {
        const told: string[] = [];
        simulator.organization.onlooker = {
            arrives({ action }, accountId) {
                told.push(`${action} of ${accountId} arrives`);
                simulator.organization.createRootAccessKey(ACCOUNT);
                return undefined;
            },
            leaves: ({ action, status }, { answer }) =>
                void told.push(`${action} leaves with ${status}: ${Object.keys(answer ?? {}).join()}`),
        };

        const { AccessKeyMetadata } = await session.iam.send(new ListAccessKeysCommand({}));

        assert.equal(AccessKeyMetadata?.length, 1);
        assert.deepEqual(told, [
            `ListAccessKeys of ${ACCOUNT} arrives`,
            "ListAccessKeys leaves with 200: AccessKeyMetadata,IsTruncated,Marker",
        ]);
    });

    it("chooses a fault, which goes before a scheduled one", async () => {
        simulator.organization.failAlways("*", throttled());
        simulator.organization.onlooker = {
            arrives: ({ action }) => (action === "ListAccessKeys" ? accessDenied() : undefined),
        };

        assert.equal((await refusalOf(session.iam.send(new ListAccessKeysCommand({})))).name, "AccessDenied");
        assert.equal((await refusalOf(session.iam.send(new ListMFADevicesCommand({})))).name, "Throttling");
    });
});

describe("a simulator without a port", () => {
    it("answers the same, and logs it", async () => {
        const { answer, requests, organization } = portlessSimulator({ seed: SEED });
        const { accessKeyId } = organization.principals.userIn(ACCOUNT).signingKey;
        const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/sts/aws4_request`;

        const reply = await answer({ authorization }, "Action=GetCallerIdentity&Version=2011-06-15");

        assert.ok(typeof reply === "object");
        assert.equal(reply.status, 200);
        assert.match(reply.body, new RegExp(`<Account>${ACCOUNT}</Account>`));
        assert.deepEqual(requests.actions(), ["GetCallerIdentity"]);
    });
});
