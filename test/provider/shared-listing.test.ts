/** One process of a run lists the organization's accounts, and another process uses that list. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { MemberAccounts } from "pulumi-aws-root-credentials";
import { accessDenied, type Simulator } from "../simulator";
import { StandInEngine } from "./harness/engine";
import { freshProviderModule, joinedRun, providerModule } from "./harness/package";
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
    const engines: StandInEngine[] = [];
    afterEach(() => engines.splice(0).forEach((engine) => engine.stop()));

    it("is made by the process that reads a large stack, and the program does not list again", () =>
        inOneRun(async ({ requests }, provider) => {
            await provider.reads(LARGE);

            const accounts = await program().memberAccountsOfThisRun(OURS);

            assert.equal(requests.of("ListAccounts").length, 3);
            assert.equal(requests.of("DescribeOrganization").length, 1);
            assert.deepEqual(accounts, await itsOwn());
        }));

    it("is made by the program if the stack is small", () =>
        inOneRun(async ({ requests }, provider) => {
            await provider.reads(LARGE - 1);

            assert.deepEqual(requests.actions(), []);
            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
        }));

    it("is made by the program if the other process could not list, and fails with the cause if the program cannot either", () =>
        inOneRun(async ({ organization }, provider) => {
            organization.failNext("ListAccounts", accessDenied());
            await provider.reads(LARGE);

            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
            organization.failAlways("ListAccounts", accessDenied());
            await assert.rejects(
                program().memberAccountsOfThisRun(OURS),
                /could not be listed: .*AccessDenied/,
            );
        }));

    it("is made by the program if the other process ends too early", () =>
        inOneRun(async () => {
            const { pid } = spawnSync(process.execPath, ["--version"]);
            (await otherProcess()).listing.report({ by: pid, listed: 20 });

            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
        }));

    it("is made by the program if the other process has listed another organization", () =>
        inOneRun(async () => {
            await has(process.pid, { organizationId: "o-another" });

            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
        }));

    it("is made by the program if AWS tells neither process the organization", () =>
        inOneRun(async () => {
            await has(process.pid, { organizationId: "" });

            const accounts = await program().memberAccountsOfThisRun({ ...OURS, organizationId: "" });
            assert.equal(accounts.active.length, 45);
        }));

    it("is made by the program if the existing list is of an ended process", () =>
        inOneRun(async () => {
            await has(spawnSync(process.execPath, ["--version"]).pid);

            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
        }));

    it("is made by the program if the other list was deleted in the meantime", () =>
        inOneRun(async () => {
            (await otherProcess()).listing.report({ by: process.pid, ended: "whole" });

            assert.equal((await program().memberAccountsOfThisRun(OURS)).active.length, 45);
        }));

    it("is made by the program if the other process is silent for a minute", () =>
        inOneRun(async () => {
            (await otherProcess()).listing.report({ by: process.pid, listed: 20 });
            const { memberAccountsOfThisRun } = program();
            const { now } = Date;
            let pauses = 0;
            Object.assign(providerModule("process/timeouts").timeouts, {
                pause: () => Promise.resolve(pauses++),
            });
            Date.now = () => now() + pauses * 10_000;
            try {
                assert.equal((await memberAccountsOfThisRun(OURS)).active.length, 45);
                assert.ok(pauses >= 6, `${pauses} pauses`);
            } finally {
                Date.now = now;
            }
        }));

    it("does not wait for a listing that has failed, although one of its pages is answered later", () =>
        inOneRun(async ({ organization, requests }, provider) => {
            organization.failAlways("DescribeOrganization", accessDenied());
            organization.latency.set(20, "ListAccounts");
            await provider.reads(LARGE);
            while (requests.of("ListAccounts").length < 1) await sleep(5);
            await sleep(100);

            await assert.rejects(
                program().memberAccountsOfThisRun(OURS),
                /organizations:DescribeOrganization answered AccessDenied/,
            );
        }));

    it("leaves out accounts that the refresh has found gone since", () =>
        inOneRun(async (_, provider) => {
            const [{ id } = { id: "" }] = SEED.accounts;
            await provider.reads(LARGE);
            (await otherProcess()).accounts.addGone(id, { refreshed: true });

            const { active, skipped } = await program().memberAccountsOfThisRun(OURS);

            assert.equal(active.length, 44);
            assert.deepEqual(
                skipped.filter((each) => each.id === id).map(({ reason }) => reason),
                ["gone since it was listed"],
            );
        }));

    async function has(by: number, as: { organizationId?: string } = {}): Promise<void> {
        const { organizationId, accountId: callerAccountId } = { ...OURS, ...as };
        const accounts: MemberAccounts = { active: [], skipped: [], units: [] };
        (await otherProcess()).listing.give(by, { organizationId, callerAccountId, accounts });
    }

    async function itsOwn(): Promise<MemberAccounts> {
        return asProcessOf(await another(), () =>
            freshProviderModule("organization/member-accounts").memberAccounts(),
        );
    }

    function inOneRun(
        work: (
            simulator: Simulator,
            provider: { reads: (accounts: number) => Promise<void> },
        ) => Promise<void>,
    ): Promise<void> {
        return inOrganization({ seed: SEED }, async (simulator) =>
            asProcessOf(await another(), () =>
                work(simulator, {
                    async reads(accounts) {
                        const { listDuringRefresh } = freshProviderModule("run/shared-listing");
                        await joinedRun();
                        for (let read = 0; read < accounts; read++) listDuringRefresh(OURS);
                    },
                }),
            ),
        );
    }

    async function another(): Promise<StandInEngine> {
        const engine = await StandInEngine.start();
        engines.push(engine);
        return engine;
    }
});

/** The events of another process of the run, once it has joined. */
async function otherProcess() {
    freshProviderModule("run/shared-listing");
    return joinedRun();
}

/** New copies of the modules, as in the program's process. */
function program() {
    const listing = freshProviderModule("run/shared-listing");
    providerModule("run/join-run").joinRun();
    return listing;
}

/** Makes this process look like a provider process of Pulumi, whose last argument is the engine's address. */
async function asProcessOf<T>({ address }: StandInEngine, work: () => Promise<T>): Promise<T> {
    const [, script = ""] = process.argv;
    process.argv[1] = "dynamic-provider";
    process.argv.push(address);
    try {
        return await work();
    } finally {
        process.argv.pop();
        process.argv[1] = script;
    }
}
