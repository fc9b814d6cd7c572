import assert from "node:assert/strict";
import { GetAccountSummaryCommand } from "@aws-sdk/client-iam";
import {
    DescribeOrganizationCommand,
    ListAccountsCommand,
    ListRootsCommand,
} from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Limits, type Simulator, startSimulator } from "./index";
import { assumeRootCommand, clientsOf, refusalOf, rootSession } from "./sdk-clients";

const MEMBER = "111122223333";
const DELEGATE = "444455556666";
const AUDIT = "IAMAuditRootUserCredentials";
/** Two at once, and then practically none. */
const TWO = { perSecond: 0.001, burst: 2 };

describe("rates", () => {
    let simulator: Simulator;

    async function start(limits?: "aws" | Limits): Promise<void> {
        simulator = await startSimulator({
            ...(limits && { limits }),
            now: new Date("2026-09-12T10:00:00Z"),
            seed: {
                delegatedAdministrators: [DELEGATE],
                accounts: [
                    { id: MEMBER, name: "payments" },
                    { id: DELEGATE, name: "security" },
                ],
            },
        });
    }

    afterEach(() => simulator.close());

    const assume = (caller = "management", region?: string) =>
        clientsOf(simulator, caller, region).sts.send(assumeRootCommand(MEMBER, AUDIT));

    it("are off unless asked for", async () => {
        await start();

        await Promise.all(Array.from({ length: 100 }, () => assume()));
    });

    it("AssumeRoot is charged to the caller's account, in each region", async () => {
        await start({ AssumeRoot: TWO });
        await assume();
        await assume();

        assert.deepEqual(await refusalOf(assume()), {
            name: "Throttling",
            message: "Rate exceeded",
            status: 400,
        });
        await assume("management", "eu-west-1");
        await assume("delegate");
    });

    it("IAM calls of a root session are charged to the member account", async () => {
        await start({ iam: TWO });
        const members = await rootSession(simulator, MEMBER, AUDIT);
        const delegates = await rootSession(simulator, DELEGATE, AUDIT);
        const summary = ({ iam }: typeof members) => iam.send(new GetAccountSummaryCommand({}));
        await summary(members);
        await summary(members);

        assert.equal((await refusalOf(summary(members))).name, "Throttling");
        assert.equal(
            (await refusalOf(summary(await rootSession(simulator, MEMBER, AUDIT)))).name,
            "Throttling",
        );
        await summary(delegates);
    });

    it("an action with a rate of its own does not share its service's", async () => {
        await start({ sts: TWO, GetCallerIdentity: TWO });
        const identity = () => clientsOf(simulator).sts.send(new GetCallerIdentityCommand({}));
        await identity();
        await identity();
        await refusalOf(identity());

        await assume();
        await assume();
        await refusalOf(assume());
    });

    it("come back with time", async () => {
        await start({ AssumeRoot: { perSecond: 1, burst: 1 } });
        await assume();
        await refusalOf(assume());

        simulator.organization.clock.advance(1);
        await assume();
    });

    it("of Organizations are AWS's own, one for each API", async () => {
        await start("aws");
        const { organizations } = clientsOf(simulator);
        const describeOrganization = () => organizations.send(new DescribeOrganizationCommand({}));
        await describeOrganization();
        await describeOrganization();

        assert.equal((await refusalOf(describeOrganization())).name, "TooManyRequestsException");
        await organizations.send(new ListRootsCommand({}));
        await organizations.send(new ListAccountsCommand({}));
    });

    it("have to be for something that exists", async () => {
        await start();

        await assert.rejects(
            startSimulator({ seed: { accounts: [] }, limits: { AssumeRoles: TWO } as Limits }),
            /limits name an action or service, got "AssumeRoles"/,
        );
    });
});
