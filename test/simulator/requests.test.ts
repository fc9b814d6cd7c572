import assert from "node:assert/strict";
import { CreateLoginProfileCommand, GetAccountSummaryCommand, ListGroupsCommand } from "@aws-sdk/client-iam";
import { ListAccountsCommand, ListPoliciesCommand } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { type Simulator, type SimulatorOptions, startSimulator, throttled } from "./index";
import {
    assumeRootCommand,
    clientsOf,
    clientsWith,
    refusalOf,
    rootSession,
    taskPolicyArn,
} from "./sdk-clients";

const MEMBER = "111122223333";
const AUDIT = "IAMAuditRootUserCredentials";

describe("requests", () => {
    let simulator: Simulator;

    async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
        simulator = await startSimulator({
            now: new Date("2026-09-12T10:00:00Z"),
            seed: { accounts: [{ id: MEMBER, name: "payments" }] },
            ...options,
        });
    }

    afterEach(() => simulator.close());

    const identity = (keys: Parameters<typeof clientsWith>[2]) =>
        clientsWith(simulator, "us-east-1", keys).sts.send(new GetCallerIdentityCommand({}));

    describe("who signs them", () => {
        it("an unknown key is refused, in each service's words", async () => {
            await start();
            const { sts, iam, organizations } = clientsWith(simulator, "us-east-1", {
                accessKeyId: "AKIAIOSFODNN7EXAMPLE",
                secretAccessKey: "guessed",
            });

            for (const sent of [
                () => sts.send(new GetCallerIdentityCommand({})),
                () => iam.send(new GetAccountSummaryCommand({})),
            ]) {
                assert.deepEqual(await refusalOf(sent()), {
                    name: "InvalidClientTokenId",
                    message: "The security token included in the request is invalid.",
                    status: 403,
                });
            }
            const refused = await refusalOf(organizations.send(new ListAccountsCommand({})));
            assert.equal(refused.name, "UnrecognizedClientException");
        });

        it("a session's key needs its own token, and a user's key none", async () => {
            await start();
            const { Credentials: session } = await clientsOf(simulator).sts.send(
                assumeRootCommand(MEMBER, AUDIT),
            );
            assert(session?.AccessKeyId && session.SecretAccessKey && session.SessionToken);
            const keys = { accessKeyId: session.AccessKeyId, secretAccessKey: session.SecretAccessKey };
            const user = simulator.organization.principals.userIn(MEMBER).signingKey;

            await identity({ ...keys, sessionToken: session.SessionToken });
            for (const wrong of [
                keys,
                { ...keys, sessionToken: "another" },
                { ...user, sessionToken: session.SessionToken },
            ]) {
                assert.equal((await refusalOf(identity(wrong))).name, "InvalidClientTokenId");
            }
        });

        it("one without a signature is refused", async () => {
            await start();

            const query = await fetch(simulator.url, {
                method: "POST",
                body: new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" }),
            });
            assert.equal(query.status, 403);
            assert.match(await query.text(), /<Code>MissingAuthenticationToken<\/Code>/);

            const json = await fetch(simulator.url, {
                method: "POST",
                headers: { "x-amz-target": "AWSOrganizationsV20161128.ListAccounts" },
                body: "{}",
            });
            assert.equal(json.status, 400);
            assert.match(await json.text(), /MissingAuthenticationTokenException/);
        });
    });

    describe("that nobody understands", () => {
        it("an action that is not simulated is unknown", async () => {
            await start();
            const { sts, iam, organizations } = clientsOf(simulator);

            assert.deepEqual(await refusalOf(iam.send(new ListGroupsCommand({}))), {
                name: "InvalidAction",
                message: "Could not find operation ListGroups for version 2010-05-08",
                status: 400,
            });
            assert.equal((await refusalOf(sts.send(new GetSessionTokenCommand({})))).name, "InvalidAction");
            const json = organizations.send(new ListPoliciesCommand({ Filter: "SERVICE_CONTROL_POLICY" }));
            assert.equal((await refusalOf(json)).name, "UnknownOperationException");
        });

        it("neither a request without an action, nor a target of another service, nor broken JSON", async () => {
            await start();
            const answerTo = async (headers: Record<string, string>, body: string) =>
                (await fetch(simulator.url, { method: "POST", headers, body })).text();

            assert.match(await answerTo({}, ""), /<Code>MissingAction<\/Code>/);
            assert.match(
                await answerTo({ "x-amz-target": "DynamoDB_20120810.ListTables" }, "{}"),
                /UnknownOperation/,
            );
            const target = { "x-amz-target": "AWSOrganizationsV20161128.ListAccounts" };
            assert.match(await answerTo(target, "{"), /SerializationException/);
        });
    });

    describe("the log", () => {
        it("joins a root session's calls with the AssumeRoot that issued it", async () => {
            await start();
            const { iam } = await rootSession(simulator, MEMBER, AUDIT, { region: "eu-west-1" });
            await iam.send(new GetAccountSummaryCommand({}));

            const [assumed, summary] = simulator.requests.entries;
            assert.deepEqual(
                {
                    ...assumed,
                    accessKeyId: assumed?.accessKeyId?.slice(0, 4),
                    issuedAccessKeyId: assumed?.issuedAccessKeyId?.slice(0, 4),
                },
                {
                    time: new Date("2026-09-12T10:00:00Z"),
                    requestId: "00000000-0000-4000-8000-000000000001",
                    service: "sts",
                    action: "AssumeRoot",
                    region: "eu-west-1",
                    accessKeyId: "AKIA",
                    callerAccountId: "999988887777",
                    callerArn: "arn:aws:iam::999988887777:user/operator",
                    target: MEMBER,
                    taskPolicyArn: taskPolicyArn(AUDIT),
                    issuedAccessKeyId: "ASIA",
                    status: 200,
                    errorCode: undefined,
                },
            );
            assert.equal(summary?.accessKeyId, assumed?.issuedAccessKeyId);
            assert.equal(summary?.callerAccountId, MEMBER);
        });

        it("keeps refusals with their codes", async () => {
            await start();
            simulator.organization.failNext("AssumeRoot", throttled());
            await refusalOf(clientsOf(simulator).sts.send(assumeRootCommand(MEMBER, AUDIT)));
            await refusalOf(identity({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "guessed" }));

            assert.deepEqual(
                simulator.requests.entries.map(({ action, status, errorCode }) => [
                    action,
                    status,
                    errorCode,
                ]),
                [
                    ["AssumeRoot", 400, "Throttling"],
                    ["GetCallerIdentity", 403, "InvalidClientTokenId"],
                ],
            );
        });

        it("holds no secret, token or password", async () => {
            await start();
            const { Credentials } = await clientsOf(simulator).sts.send(
                assumeRootCommand(MEMBER, "IAMCreateRootUserPassword"),
            );
            const { iam } = await rootSession(simulator, MEMBER, "IAMCreateRootUserPassword");
            await refusalOf(iam.send(new CreateLoginProfileCommand({ Password: "correct horse" })));

            const written = JSON.stringify([...simulator.requests]);
            for (const secret of [
                Credentials?.SecretAccessKey,
                Credentials?.SessionToken,
                simulator.environment()["AWS_SECRET_ACCESS_KEY"],
                "correct horse",
            ]) {
                assert(secret && !written.includes(secret));
            }
        });

        it("keeps the latest, or nothing", async () => {
            await start({ loggedRequests: 4 });
            for (let sent = 0; sent < 9; sent++) {
                await clientsOf(simulator).sts.send(new GetCallerIdentityCommand({}));
            }
            assert.equal(simulator.requests.total, 9);
            assert(simulator.requests.entries.length <= 4);
            assert.match(simulator.requests.entries.at(-1)?.requestId ?? "", /9$/);

            await simulator.close();
            await start({ loggedRequests: 0 });
            await clientsOf(simulator).sts.send(new GetCallerIdentityCommand({}));
            assert.deepEqual(simulator.requests.actions(), []);
            assert.equal(simulator.requests.total, 1);
        });
    });

    it("take as long as they are told, one action longer than the others", async () => {
        await start({ latencyMilliseconds: 30 });
        const { sts } = clientsOf(simulator);
        const took = async (call: () => Promise<unknown>) => {
            const start = performance.now();
            await call();
            return performance.now() - start;
        };
        const identify = () => sts.send(new GetCallerIdentityCommand({}));
        await identify();

        assert((await took(identify)) >= 29);
        simulator.organization.latency.set(0);
        simulator.organization.latency.set(60, "AssumeRoot");
        assert((await took(() => sts.send(assumeRootCommand(MEMBER, AUDIT)))) >= 59);
    });
});
