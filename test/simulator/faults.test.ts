import assert from "node:assert/strict";
import * as iam from "@aws-sdk/client-iam";
import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import * as simulated from "./index";
import {
    type Clients,
    assumeRootCommand,
    clientsOf,
    clientsWith,
    refusalOf,
    rootSession,
} from "./sdk-clients";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const DELETE = "IAMDeleteRootUserCredentials";

describe("faults", () => {
    let simulator: simulated.Simulator;
    let session: Clients;
    beforeEach(async () => {
        const root = { password: {}, accessKeys: [{}] };
        simulator = await simulated.startSimulator({
            seed: {
                accounts: [
                    { id: ACCOUNT, name: "payments", root },
                    { id: OTHER, name: "storefront", root },
                ],
            },
        });
        session = await rootSession(simulator, ACCOUNT, DELETE);
    });
    afterEach(() => simulator.close());

    const listKeys = () => session.iam.send(new iam.ListAccessKeysCommand({}));
    const deletePassword = () => session.iam.send(new iam.DeleteLoginProfileCommand({}));
    const listAccounts = () => clientsOf(simulator).organizations.send(new ListAccountsCommand({}));
    const assumeRoot = (target = ACCOUNT) => clientsOf(simulator).sts.send(assumeRootCommand(target, DELETE));

    describe("scheduling", () => {
        it("meets the next call once, and then no more", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.throttled());

            assert.equal((await refusalOf(listKeys())).name, "Throttling");
            await listKeys();
        });

        it("meets as many calls as it is told, of one action", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.throttled(), { times: 2 });

            await assumeRoot();
            await refusalOf(listKeys());
            await refusalOf(listKeys());
            await listKeys();
        });

        it("meets calls that concern one account: the target of AssumeRoot, or else the signer's", async () => {
            simulator.organization.failAlways("AssumeRoot", simulated.throttled(), { accountId: OTHER });
            simulator.organization.failAlways("ListAccessKeys", simulated.throttled(), {
                accountId: ACCOUNT,
            });

            await assumeRoot();
            await refusalOf(assumeRoot(OTHER));
            await refusalOf(listKeys());
        });

        it("meets every action, and stays until cleared", async () => {
            simulator.organization.failAlways("*", simulated.serverError(503));

            for (const call of [listKeys, listAccounts, assumeRoot, listKeys]) {
                assert.equal((await refusalOf(call())).status, 503);
            }
            simulator.organization.clearFaults();
            await listKeys();
        });

        it("is used in the order of scheduling", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.throttled());
            simulator.organization.failNext("ListAccessKeys", simulated.expiredToken());

            assert.equal((await refusalOf(listKeys())).name, "Throttling");
            assert.equal((await refusalOf(listKeys())).name, "ExpiredToken");
        });
    });

    describe("refusals", () => {
        const cases: [string, simulated.Fault, name: string, inOrganizations: string][] = [
            ["throttled", simulated.throttled(), "Throttling", "TooManyRequestsException"],
            ["accessDenied", simulated.accessDenied(), "AccessDenied", "AccessDeniedException"],
            ["expiredToken", simulated.expiredToken(), "ExpiredToken", "ExpiredTokenException"],
            ["serverError", simulated.serverError(), "ServiceFailureException", "ServiceException"],
        ];
        for (const [title, fault, name, inOrganizations] of cases) {
            it(`${title} speaks each service's language, and nothing is carried out`, async () => {
                simulator.organization.failAlways("*", fault);

                assert.equal((await refusalOf(deletePassword())).name, name);
                assert.equal((await refusalOf(listAccounts())).name, inOrganizations);
                assert(simulator.organization.account(ACCOUNT).root.password);
            });
        }

        it("any other refusal can be put into words", async () => {
            const message = "The profile of this user is being changed.";
            simulator.organization.failNext(
                "DeleteLoginProfile",
                simulated.refusal("EntityTemporarilyUnmodifiable", message, 409),
            );
            simulator.organization.failNext("ListAccounts", simulated.accessDenied("Not today."));

            assert.deepEqual(await refusalOf(deletePassword()), {
                name: "EntityTemporarilyUnmodifiableException",
                message,
                status: 409,
            });
            assert.equal((await refusalOf(listAccounts())).message, "Not today.");
        });

        it("the SDK retries a throttled call by itself", async () => {
            simulator.organization.failNext("GetCallerIdentity", simulated.throttled());
            const { signingKey } = simulator.organization.principals.userIn(ACCOUNT);
            const { sts } = clientsWith(simulator, "us-east-1", signingKey, 3);

            await sts.send(new GetCallerIdentityCommand({}));

            const log = simulator.requests.of("GetCallerIdentity");
            assert.deepEqual(
                log.map(({ errorCode }) => errorCode),
                ["Throttling", undefined],
            );
        });
    });

    describe("answers without content", () => {
        for (const [title, fault] of [
            ["emptyBody", simulated.emptyBody()],
            ["missingResult", simulated.missingResult()],
            ["htmlBody", simulated.htmlBody()],
        ] as const) {
            it(`${title}: the SDK reports success and no list at all`, async () => {
                simulator.organization.failAlways("*", fault);

                assert.equal((await listKeys()).AccessKeyMetadata, undefined);
                assert.equal((await assumeRoot()).Credentials, undefined);
                const { LoginProfile } = await session.iam.send(new iam.GetLoginProfileCommand({}));
                assert.equal(LoginProfile, undefined);
            });
        }

        it("truncatedBody: the SDK fails to read it", async () => {
            simulator.organization.failAlways("*", simulated.truncatedBody());

            for (const call of [listKeys, listAccounts, assumeRoot]) {
                const { message, status } = await refusalOf(call());
                assert.match(message, /Deserialization error/);
                assert.equal(status, 200);
            }
        });

        it("from AWS, the deletion has happened; from a proxy, it has not", async () => {
            simulator.organization.failNext("DeleteLoginProfile", simulated.htmlBody());
            await deletePassword();
            assert(simulator.organization.account(ACCOUNT).root.password);

            simulator.organization.failNext("DeleteLoginProfile", simulated.emptyBody());
            await deletePassword();
            assert.equal(simulator.organization.account(ACCOUNT).root.password, undefined);
        });
    });

    describe("lists and summaries that are not believable, as the SDK reads them", () => {
        const garbledKeys = async (fault: simulated.Fault) => {
            simulator.organization.failNext("ListAccessKeys", fault);
            const { AccessKeyMetadata: keys, IsTruncated, Marker } = await listKeys();
            return { ids: keys?.map(({ AccessKeyId }) => AccessKeyId), IsTruncated, Marker };
        };

        it("emptyPage: no members, and the end that is asked for; what is no boolean reads as false", async () => {
            const [none, truncated] = [simulated.emptyPage({}), simulated.emptyPage({ isTruncated: "true" })];

            assert.deepEqual(await garbledKeys(truncated), { ids: [], IsTruncated: true, Marker: undefined });
            assert.deepEqual(await garbledKeys(none), { ids: [], IsTruncated: undefined, Marker: undefined });
            const { IsTruncated, Marker } = await garbledKeys(
                simulated.emptyPage({ isTruncated: "", marker: "" }),
            );
            assert.deepEqual([IsTruncated, Marker], [false, ""]);
        });

        it("paddedList, doubledMember and renamedMembers: ids are missing, twice there, or no list is left", async () => {
            const [{ id } = { id: "" }] = simulator.organization.account(ACCOUNT).root.accessKeys;

            assert.deepEqual((await garbledKeys(simulated.paddedList())).ids, [undefined]);
            assert.deepEqual((await garbledKeys(simulated.doubledMember())).ids, [id, id]);
            assert.deepEqual((await garbledKeys(simulated.renamedMembers())).ids, []);
            simulator.organization.failNext("ListAccounts", simulated.paddedList());
            assert.deepEqual((await listAccounts()).Accounts, [null]);
        });

        it("emptyFlags, doubledFlags and summaryWithoutQuotas: what is there reads as 0", async () => {
            const audit = await rootSession(simulator, ACCOUNT, "IAMAuditRootUserCredentials");
            for (const fault of [
                simulated.emptyFlags(),
                simulated.doubledFlags(),
                simulated.summaryWithoutQuotas(),
            ]) {
                simulator.organization.failNext("GetAccountSummary", fault);
                const { SummaryMap = {} } = await audit.iam.send(new iam.GetAccountSummaryCommand({}));
                assert.equal(SummaryMap["AccountAccessKeysPresent"], 0);
            }
        });

        it("endlessPages: each page is empty and names another one", async () => {
            const endless = simulated.endlessPages();
            for (const call of ["ListAccounts", "ListAccessKeys"] as const)
                simulator.organization.failAlways(call, endless);

            assert.deepEqual((await listAccounts()).Accounts, []);
            assert.equal((await listAccounts()).NextToken, "page-2");
            const { AccessKeyMetadata, IsTruncated, Marker } = await listKeys();
            assert.deepEqual([AccessKeyMetadata, IsTruncated, Marker], [[], true, "page-3"]);
        });
    });

    describe("broken connections", () => {
        it("tricklingBody: the answer comes whole, each byte after a pause", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.tricklingBody(1));
            const begun = performance.now();

            assert.equal((await listKeys()).AccessKeyMetadata?.length, 1);

            assert.ok(performance.now() - begun > 200);
        });

        it("connectionReset: nothing has happened", async () => {
            simulator.organization.failNext("DeleteLoginProfile", simulated.connectionReset());

            assert.match((await refusalOf(deletePassword())).message, /ECONNRESET|socket hang up/);
            assert(simulator.organization.account(ACCOUNT).root.password);
        });

        it("answerLost: the deletion has happened, and the next attempt finds nothing", async () => {
            simulator.organization.failNext("DeleteLoginProfile", simulated.answerLost());

            assert.match((await refusalOf(deletePassword())).message, /ECONNRESET|socket hang up/);
            assert.equal(simulator.organization.account(ACCOUNT).root.password, undefined);
            assert.equal((await refusalOf(deletePassword())).name, "NoSuchEntityException");
        });

        it("hang: only the caller's own deadline ends it", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.hang());
            const abortSignal = AbortSignal.timeout(100);

            const refused = await refusalOf(
                session.iam.send(new iam.ListAccessKeysCommand({}), { abortSignal }),
            );
            assert.match(refused.name, /AbortError|TimeoutError/);
            await listKeys();
        });

        it("answerHangs: the deletion has happened, although no answer comes", async () => {
            simulator.organization.failNext("DeleteLoginProfile", simulated.answerHangs());
            const abortSignal = AbortSignal.timeout(100);

            const deleting = session.iam.send(new iam.DeleteLoginProfileCommand({}), { abortSignal });

            assert.match((await refusalOf(deleting)).name, /AbortError|TimeoutError/);
            assert.equal(simulator.organization.account(ACCOUNT).root.password, undefined);
        });

        it("hang: the simulator can still be closed", async () => {
            simulator.organization.failNext("ListAccessKeys", simulated.hang());
            const hanging = refusalOf(listKeys());
            while (simulator.requests.of("ListAccessKeys").length === 0) {
                await new Promise((resolve) => setTimeout(resolve, 5));
            }

            await simulator.close();

            assert.match((await hanging).message, /ECONNRESET|socket hang up/);
            simulator = await simulated.startSimulator({ seed: { accounts: [] } });
        });
    });

    it("wrongAccount: AssumeRoot hands out a session of another account than the one asked for", async () => {
        simulator.organization.failNext("AssumeRoot", simulated.wrongAccount(OTHER), { accountId: ACCOUNT });

        const { sts } = await rootSession(simulator, ACCOUNT, DELETE);

        assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, OTHER);
        const right = await rootSession(simulator, ACCOUNT, DELETE);
        assert.equal((await right.sts.send(new GetCallerIdentityCommand({}))).Account, ACCOUNT);
    });
});
