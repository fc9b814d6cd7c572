import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-organizations";
import { type AccountState, type Simulator, type SimulatorOptions, startSimulator } from "./index";
import { clientsOf, refusalOf, rootSession } from "./sdk-clients";

const MANAGEMENT = "999988887777";
const MEMBER = "111122223333";
const DELEGATE = "444455556666";

describe("organizations", () => {
    let simulator: Simulator;

    async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
        simulator = await startSimulator({
            seed: {
                delegatedAdministrators: [DELEGATE],
                accounts: [
                    {
                        id: MEMBER,
                        name: "payments",
                        email: "payments@example.com",
                        unit: "Workloads/Prod",
                        joinedMethod: "INVITED",
                        joined: "2025-02-03T04:05:06Z",
                        tags: { owner: "payments" },
                    },
                    { id: DELEGATE, name: "security", unit: "Security" },
                    { id: "555566667777", name: "sandbox" },
                ],
            },
            ...options,
        });
    }

    afterEach(() => simulator.close());

    const client = (caller = "management") => clientsOf(simulator, caller).organizations;
    const rootId = async () => (await client().send(new aws.ListRootsCommand({}))).Roots?.[0]?.Id;
    const unitsUnder = async (ParentId: string | undefined) =>
        (await client().send(new aws.ListOrganizationalUnitsForParentCommand({ ParentId })))
            .OrganizationalUnits ?? [];
    const idsUnder = async (ParentId: string | undefined) => {
        const { Accounts = [] } = await client().send(new aws.ListAccountsForParentCommand({ ParentId }));
        return Accounts.map(({ Id }) => Id);
    };

    async function allIds(): Promise<(string | undefined)[]> {
        const ids: (string | undefined)[] = [];
        for await (const { Accounts = [] } of aws.paginateListAccounts({ client: client() }, {})) {
            ids.push(...Accounts.map(({ Id }) => Id));
        }
        return ids;
    }

    describe("the tree", () => {
        it("DescribeOrganization names the management account", async () => {
            await start();

            const { Organization } = await client().send(new aws.DescribeOrganizationCommand({}));
            assert.equal(Organization?.MasterAccountId, MANAGEMENT);
            assert.equal(Organization?.FeatureSet, "ALL");
        });

        it("leads from the root through the units to the accounts, and back", async () => {
            await start();
            const root = await rootId();

            assert.deepEqual(await idsUnder(root), [MANAGEMENT, "555566667777"]);
            const [workloads, security] = await unitsUnder(root);
            assert.equal(workloads?.Name, "Workloads");
            assert.deepEqual(await idsUnder(security?.Id), [DELEGATE]);
            const [prod] = await unitsUnder(workloads?.Id);
            assert.deepEqual(await idsUnder(prod?.Id), [MEMBER]);
            assert.equal(prod?.Path, `${simulator.organization.id}/${root}/${workloads?.Id}/${prod?.Id}/`);

            const parentOf = async (ChildId: string | undefined) =>
                (await client().send(new aws.ListParentsCommand({ ChildId }))).Parents;
            assert.deepEqual(await parentOf(MEMBER), [{ Id: prod?.Id, Type: "ORGANIZATIONAL_UNIT" }]);
            assert.deepEqual(await parentOf(workloads?.Id), [{ Id: root, Type: "ROOT" }]);
        });

        it("follows an account that moves, is renamed, joins or leaves", async () => {
            await start();
            const { organization } = simulator;
            organization.move(MEMBER, "Security");
            organization.rename(MEMBER, "billing");
            organization.join({ id: "888899990000", name: "newcomer" });
            organization.leave("555566667777");

            assert.deepEqual(await allIds(), [MANAGEMENT, MEMBER, DELEGATE, "888899990000"]);
            const security = (await unitsUnder(await rootId())).find(({ Name }) => Name === "Security");
            assert.deepEqual(await idsUnder(security?.Id), [MEMBER, DELEGATE]);
            const { Account } = await client().send(new aws.DescribeAccountCommand({ AccountId: MEMBER }));
            assert.equal(Account?.Name, "billing");
        });

        it("refuses ids of nothing", async () => {
            await start();
            const refusals = await Promise.all([
                refusalOf(client().send(new aws.DescribeAccountCommand({ AccountId: "121212121212" }))),
                refusalOf(
                    client().send(new aws.ListAccountsForParentCommand({ ParentId: "ou-sim1-00000000" })),
                ),
                refusalOf(unitsUnder("ou-sim1-00000000")),
                refusalOf(client().send(new aws.ListParentsCommand({ ChildId: "121212121212" }))),
                refusalOf(client().send(new aws.ListTagsForResourceCommand({ ResourceId: "121212121212" }))),
            ]);

            assert.deepEqual(
                refusals.map(({ name }) => name),
                [
                    "AccountNotFoundException",
                    "ParentNotFoundException",
                    "ParentNotFoundException",
                    "ChildNotFoundException",
                    "TargetNotFoundException",
                ],
            );
        });
    });

    describe("an account", () => {
        const describeMember = async () =>
            (await client().send(new aws.DescribeAccountCommand({ AccountId: MEMBER }))).Account;

        it("is shown whole", async () => {
            await start();
            const account = await describeMember();

            const { Paths: [path] = [], ...rest } = account ?? {};
            assert.deepEqual(rest, {
                Id: MEMBER,
                Arn: `arn:aws:organizations::${MANAGEMENT}:account/${simulator.organization.id}/${MEMBER}`,
                Name: "payments",
                Email: "payments@example.com",
                State: "ACTIVE",
                Status: "ACTIVE",
                JoinedMethod: "INVITED",
                JoinedTimestamp: new Date("2025-02-03T04:05:06Z"),
            });
            // The pattern is the one of the API reference.
            assert.match(
                path ?? "",
                /^(o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})*(\/\d{12})*)\/$/,
            );
            assert(path?.endsWith(`/${MEMBER}/`));
        });

        it("has a State always and a Status in three of the five that AWS documents", async () => {
            await start();
            const seen: [AccountState, unknown, unknown][] = [];
            for (const state of [
                "PENDING_ACTIVATION",
                "ACTIVE",
                "SUSPENDED",
                "PENDING_CLOSURE",
                "CLOSED",
                "RESTRICTED",
            ] as const) {
                simulator.organization.account(MEMBER).state = state;
                const account = await describeMember();
                seen.push([state, account?.State, account?.Status]);
            }

            assert.deepEqual(seen, [
                ["PENDING_ACTIVATION", "PENDING_ACTIVATION", undefined],
                ["ACTIVE", "ACTIVE", "ACTIVE"],
                ["SUSPENDED", "SUSPENDED", "SUSPENDED"],
                ["PENDING_CLOSURE", "PENDING_CLOSURE", "PENDING_CLOSURE"],
                ["CLOSED", "CLOSED", undefined],
                ["RESTRICTED", "RESTRICTED", undefined],
            ]);
        });

        it("lacks what AWS may leave out", async () => {
            await start();
            for (const field of ["State", "Status", "Paths"] as const) {
                simulator.organization.omittedAccountFields.add(field);
            }

            const { Accounts = [] } = await client().send(new aws.ListAccountsCommand({}));
            assert.equal(Accounts.length, 4);
            for (const { State, Status, Paths } of [...Accounts, (await describeMember()) ?? {}]) {
                assert.deepEqual([State, Status, Paths], [undefined, undefined, undefined]);
            }
        });

        it("carries tags", async () => {
            await start();

            const { Tags } = await client().send(new aws.ListTagsForResourceCommand({ ResourceId: MEMBER }));
            assert.deepEqual(Tags, [{ Key: "owner", Value: "payments" }]);
        });
    });

    describe("pages", () => {
        const many = Array.from({ length: 50 }, (_, index) => ({
            id: String(200_000_000_000 + index),
            name: `account-${index}`,
        }));

        it("hold twenty accounts", async () => {
            await start({ seed: { accounts: many } });

            const { Accounts, NextToken } = await client().send(new aws.ListAccountsCommand({}));
            assert.equal(Accounts?.length, 20);
            assert(NextToken);
            assert.equal(new Set(await allIds()).size, 51);
            assert.equal(simulator.requests.of("ListAccounts").length, 1 + 3);
        });

        it("hold fewer on request, and never more than twenty", async () => {
            await start({ seed: { accounts: many } });

            const { Accounts } = await client().send(new aws.ListAccountsCommand({ MaxResults: 7 }));
            assert.equal(Accounts?.length, 7);
            for (const MaxResults of [0, 21]) {
                const refused = await refusalOf(client().send(new aws.ListAccountsCommand({ MaxResults })));
                assert.equal(refused.name, "InvalidInputException");
            }
        });

        it("may be empty and carry a token", async () => {
            await start({ accountsPerPage: 2, emptyPages: true });

            const first = await client().send(new aws.ListAccountsCommand({}));
            assert.deepEqual(first.Accounts, []);
            assert(first.NextToken);
            assert.deepEqual(await allIds(), [MANAGEMENT, MEMBER, DELEGATE, "555566667777"]);
            assert.deepEqual(
                (await unitsUnder(await rootId())).length,
                0,
                "units are paged with empty pages as well",
            );
        });

        it("lose no account when one leaves between two of them", async () => {
            await start({ accountsPerPage: 2 });
            const { NextToken } = await client().send(new aws.ListAccountsCommand({}));

            simulator.organization.leave(MEMBER);

            const { Accounts } = await client().send(new aws.ListAccountsCommand({ NextToken }));
            assert.deepEqual(
                Accounts?.map(({ Id }) => Id),
                [DELEGATE, "555566667777"],
            );
        });

        it("refuse a token that belongs to another question, or to nobody", async () => {
            await start({ accountsPerPage: 1 });
            const { NextToken } = await client().send(new aws.ListAccountsCommand({}));

            const elsewhere = new aws.ListAccountsForParentCommand({ ParentId: await rootId(), NextToken });
            for (const sent of [
                () => client().send(elsewhere),
                () => client().send(new aws.ListAccountsCommand({ NextToken: "made-up" })),
            ]) {
                await assert.rejects(sent, (error) => {
                    assert(error instanceof aws.InvalidInputException);
                    assert.equal(error.Reason, "INVALID_NEXT_TOKEN");
                    return true;
                });
            }
        });
    });

    describe("who may ask", () => {
        it("a delegated administrator sees what the management account sees", async () => {
            await start();

            const { Accounts } = await client("delegate").send(new aws.ListAccountsCommand({}));
            assert.equal(Accounts?.length, 4);
            const { DelegatedAdministrators } = await client("delegate").send(
                new aws.ListDelegatedAdministratorsCommand({ ServicePrincipal: "iam.amazonaws.com" }),
            );
            assert.deepEqual(
                DelegatedAdministrators?.map(({ Id }) => Id),
                [DELEGATE],
            );
        });

        it("an ordinary member may only describe the organization", async () => {
            await start();

            await client("member").send(new aws.DescribeOrganizationCommand({}));
            assert.deepEqual(await refusalOf(client("member").send(new aws.ListAccountsCommand({}))), {
                name: "AccessDeniedException",
                message: "You don't have permissions to access this resource.",
                status: 400,
            });
        });

        it("an account outside has no organization to ask about", async () => {
            await start();

            const refused = await refusalOf(
                client("123412341234").send(new aws.DescribeOrganizationCommand({})),
            );
            assert.equal(refused.name, "AWSOrganizationsNotInUseException");
        });

        it("a root session may not ask, nor may a caller without the permission", async () => {
            await start();
            const { organizations } = await rootSession(simulator, MEMBER, "IAMAuditRootUserCredentials");
            const fromInside = await refusalOf(organizations.send(new aws.DescribeOrganizationCommand({})));
            assert.equal(fromInside.name, "AccessDeniedException");
            assert.match(fromInside.message, /with an explicit deny in a session policy$/);

            simulator.organization.withholdPermissions(MANAGEMENT, ["organizations:ListAccounts"]);
            const withheld = await refusalOf(client().send(new aws.ListAccountsCommand({})));
            assert.equal(withheld.name, "AccessDeniedException");
            assert.match(
                withheld.message,
                /no identity-based policy allows the organizations:ListAccounts action$/,
            );
        });

        it("trusted access is listed while it is on", async () => {
            await start();
            const enabled = async () =>
                (await client().send(new aws.ListAWSServiceAccessForOrganizationCommand({})))
                    .EnabledServicePrincipals;

            assert.equal((await enabled())?.[0]?.ServicePrincipal, "iam.amazonaws.com");
            simulator.organization.setTrustedAccess(false);
            assert.deepEqual(await enabled(), []);
        });
    });
});
