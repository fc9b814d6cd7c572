/** One process of a run lists the organization's accounts, and another one goes by that list. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { MemberAccounts } from "pulumi-aws-root-credentials";
import { accessDenied, type Simulator } from "../simulator";
import { freshProviderModule } from "./harness/package";
import { inOrganization } from "./harness/surroundings";

const CALLER = {
    accountId: "999988887777",
    arn: "arn:aws:iam::999988887777:user/admin",
    region: "us-east-1",
};
const OURS = { ...CALLER, organizationId: "o-simulated1" };
const LARGE = 100;

const SEED = {
    accounts: Array.from({ length: 45 }, (_, index) => ({
        id: String(100_000_000_001 + index),
        name: `Kontó ${index}`,
        unit: `Workloads/${index % 3}`,
        joinedTimestamp: "2026-03-01T00:00:00Z",
    })),
};

describe("The list of accounts of one run", () => {
    let port = 20_000 + (process.pid % 20_000);
    beforeEach(() => port++);

    it("is made by the process that reads a large stack, and not a second time by the program", () =>
        inOneRun(async ({ requests }, provider) => {
            provider.reads(LARGE);
            const seen: number[] = [];

            const accounts = await program().memberAccountsOfThisRun(OURS, {
                progress: (listed) => seen.push(listed),
            });

            assert.equal(requests.of("ListAccounts").length, 3);
            assert.equal(requests.of("DescribeOrganization").length, 1);
            assert.equal(seen.at(-1), SEED.accounts.length + 1);
            assert.deepEqual(accounts, await itsOwn());
        }));

    it("is the program's own where the stack is small", () =>
        inOneRun(async ({ requests }, provider) => {
            provider.reads(LARGE - 1);

            assert.deepEqual(requests.actions(), []);
            assert.equal((await program().memberAccountsOfThisRun(OURS, {})).active.length, 45);
        }));

    it("is the program's own where the other process could not list, and says why if it cannot either", () =>
        inOneRun(async ({ organization }, provider) => {
            organization.failNext("ListAccounts", accessDenied());
            provider.reads(LARGE);

            assert.equal((await program().memberAccountsOfThisRun(OURS, {})).active.length, 45);
            organization.failAlways("ListAccounts", accessDenied());
            await assert.rejects(
                program().memberAccountsOfThisRun(OURS, {}),
                /could not be listed: .*AccessDenied/,
            );
        }));

    it("is the program's own where the other process has ended before it was done", () =>
        inOneRun(async () => {
            const { pid } = spawnSync(process.execPath, ["--version"]);
            freshProviderModule("this-run").thisRun.isListing({ by: pid, listed: 20 });

            assert.equal((await program().memberAccountsOfThisRun(OURS, {})).active.length, 45);
        }));

    it("is the program's own where the other process has listed another organization", () =>
        inOneRun(async () => {
            const accounts: MemberAccounts = { active: [], skipped: [], units: [] };
            const { thisRun } = freshProviderModule("this-run");
            thisRun.hasListed({ by: process.pid, organizationId: "o-another", accounts });

            assert.equal((await program().memberAccountsOfThisRun(OURS, {})).active.length, 45);
        }));

    async function itsOwn(): Promise<MemberAccounts> {
        port++;
        return asProcessOf(port, () => freshProviderModule("organization").memberAccounts());
    }

    function inOneRun(
        work: (simulator: Simulator, provider: { reads: (accounts: number) => void }) => Promise<void>,
    ): Promise<void> {
        return inOrganization({ seed: SEED }, (simulator) =>
            asProcessOf(port, () =>
                work(simulator, {
                    reads(accounts) {
                        const { listMeanwhile } = freshProviderModule("early-listing");
                        for (let read = 0; read < accounts; read++) listMeanwhile(OURS);
                    },
                }),
            ),
        );
    }
});

/** The same modules with another memory, as the program's process has them. */
function program() {
    return freshProviderModule("early-listing");
}

/** This process passes for one of Pulumi's provider processes, which is told the engine's address as its last argument. */
async function asProcessOf<T>(port: number, work: () => Promise<T>): Promise<T> {
    const [, script = ""] = process.argv;
    process.argv[1] = "dynamic-provider";
    process.argv.push(`127.0.0.1:${port}`);
    try {
        return await work();
    } finally {
        process.argv.pop();
        process.argv[1] = script;
    }
}
