import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { accessDenied, htmlBody, type AccountSeed } from "../simulator";
import { runProgram } from "./harness";

const ACCOUNTS: AccountSeed[] = [
    { id: "100000000001", name: "log-archive", unit: "Security" },
    { id: "100000000002", name: "payments", unit: "Workloads/Prod" },
    { id: "100000000003", name: "loose" },
    { id: "100000000004", name: "closing", state: "SUSPENDED" },
];
const SEED = { accounts: ACCOUNTS };
const ACTIVE = ["100000000001", "100000000002", "100000000003"];
const STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")';

describe("The program", () => {
    it("declares every active member account by its id, with the provider's constant text", () =>
        runProgram({ seed: SEED, accountsPerPage: 2, emptyPages: true }, ({ registered, outputs }) => {
            registered.sort((a, b) => a.name.localeCompare(b.name));
            assert.deepEqual(
                registered.map(({ type, name }) => [type, name]),
                ACTIVE.map((id) => ["pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent", id]),
            );
            assert.deepEqual(registered[1]?.inputs, {
                accountId: "100000000002",
                accountName: "payments",
                organizationalUnit: "Workloads/Prod",
                onDelete: "allow-recovery",
                __provider: STUB,
            });
            assert.deepEqual(
                registered.map(({ inputs }) => inputs["__provider"]),
                ACTIVE.map(() => STUB),
            );
            assert.deepEqual(outputs, {
                accountsInScope: 3,
                accountsExcluded: {},
                accountsSkipped: { "100000000004": "suspended", "999988887777": "management account" },
            });
        }));

    it("passes the shared settings to every account", () => {
        const config = { "aws-root-credentials:onDelete": "retain", "aws-root-credentials:maxRemovals": "9" };

        return runProgram({ seed: SEED, config }, ({ registered }) => {
            assert.deepEqual(
                registered.map(({ inputs }) => [inputs["onDelete"], inputs["maxRemovals"]]),
                ACTIVE.map(() => ["retain", 9]),
            );
        });
    });

    it("inspects no account by itself", () =>
        runProgram({ seed: SEED, preview: false }, ({ simulator, said }) => {
            assert.deepEqual(simulator.requests.of("AssumeRoot"), []);
            assert.equal(said(), "");
        }));

    it("warns and declares accounts without their units if units cannot be listed", () =>
        runProgram(
            { seed: SEED, arrange: (organization) => organization.failAlways("ListRoots", accessDenied()) },
            ({ registered, said }) => {
                assert.equal(registered.length, 3);
                assert.match(said(), /accounts are shown without their organizational units/);
            },
        ));

    it("reports the progress of a long listing", async () => {
        const { now } = Date;
        let later = 0;
        Date.now = () => now() + later;
        try {
            await runProgram(
                {
                    seed: SEED,
                    accountsPerPage: 1,
                    arrange: (organization) => {
                        organization.onlooker = {
                            arrives({ action }) {
                                if (action === "ListAccounts") later += 3_000;
                                return undefined;
                            },
                        };
                    },
                },
                ({ said }) => {
                    assert.deepEqual(said().match(/\d accounts listed so far/g), [
                        "2 accounts listed so far",
                        "4 accounts listed so far",
                    ]);
                },
            );
        } finally {
            Date.now = now;
        }
    });

    it("stops in an organization without an active member account, because Pulumi would restore all", () =>
        assertEnds(
            { seed: { accounts: ACCOUNTS.slice(3) } },
            /no active member account was found.*100000000004 closing \(suspended\).*pulumi destroy/,
        ));

    it("stops at a wrong setting", () =>
        assertEnds(
            { seed: SEED, config: { "aws-root-credentials:onDelete": "never" } },
            /expected allow-recovery or retain/,
        ));

    it("stops if central root access is off", () =>
        assertEnds(
            { seed: { ...SEED, features: { RootCredentialsManagement: false } } },
            /the program stopped, and nothing was changed: the feature RootCredentialsManagement is off/,
        ));

    it("stops if the account list is incomplete", () =>
        assertEnds(
            { seed: SEED, arrange: (organization) => organization.failAlways("ListAccounts", htmlBody()) },
            /nothing was changed: the accounts of the organization could not be listed/,
        ));
});

describe("A preview", () => {
    const DIRTY = {
        accounts: [
            { id: "100000000001", name: "clean" },
            {
                id: "100000000002",
                name: "dirty",
                unit: "Workloads",
                root: {
                    password: { created: "2024-02-01T08:00:00Z", lastUsed: "2026-03-01T10:00:00Z" },
                    accessKeys: [{ id: "AKIAROOTKEY000000001", created: "2024-02-01T08:00:00Z" }],
                },
            },
            {
                id: "100000000003",
                name: "blocked",
                scps: [{ name: "deny", policyId: "p-denyall", actions: ["*"] }],
            },
            { id: "100000000004", name: "closing", state: "SUSPENDED" as const },
        ],
    };

    it("counts accounts without a result as not inspected, never as clean", () =>
        runProgram({ seed: DIRTY, known: () => ({ __observedInRun: "another run" }) }, ({ report, said }) => {
            assert.partialDeepStrictEqual(report.totals, {
                accounts: 3,
                inspected: 0,
                clean: 0,
                notInspected: 3,
                skipped: 2,
            });
            assert.match(said(), /0 of 3 accounts inspected.*3 not inspected.*2 skipped/);
        }));

    it("counts accounts as clean that this run's refresh found clean and unchanged", () =>
        runProgram(
            { seed: DIRTY, refreshed: ["100000000001", "100000000002", "100000000003"] },
            ({ report }) => {
                assert.partialDeepStrictEqual(report.totals, { inspected: 3, clean: 3, notInspected: 0 });
            },
        ));

    it("inspects an account in the hook before its creation", () =>
        runProgram({ seed: DIRTY, callsHooks: true }, ({ report, said }) => {
            const [clean, dirty, blocked] = ["100000000001", "100000000002", "100000000003"].map((id) =>
                report.accounts.find((account) => account.id === id),
            );
            assert.equal(clean?.mark, "clean");
            assert.deepEqual(dirty?.credentials, [
                {
                    kind: "accessKey",
                    id: "AKIAROOTKEY000000001",
                    created: "2024-02-01T08:00:00.000Z",
                    status: "active",
                    lastUsed: "never",
                },
                {
                    kind: "loginProfile",
                    id: "password",
                    created: "2024-02-01T08:00:00.000Z",
                    lastUsed: { at: "2026-03-01T10:00:00.000Z" },
                },
            ]);
            assert.match(blocked?.unreadable?.detail ?? "", /p-denyall/);
            assert.match(said(), /2 of 3 accounts inspected/);
        }));

    it("is silent in an update, because only previews have hooks and a tree", () =>
        runProgram({ seed: DIRTY, preview: false }, async ({ hooks, said, simulator }) => {
            const look = hooks.get("inspect-before-create");
            assert.ok(look);
            await look.callback(hookArgs("100000000002", { newInputs: { accountId: "100000000002" } }));

            assert.equal(said(), "");
            assert.deepEqual(simulator.requests.of("AssumeRoot"), []);
        }));
});

function hookArgs(name: string, given: Partial<pulumi.ResourceHookArgs>): pulumi.ResourceHookArgs {
    const type = "pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent";
    return { urn: `urn:pulumi:test::aws-root-credentials::${type}::${name}`, id: name, name, type, ...given };
}

/** The program registers no resource, and Pulumi prints the sentence without a stack. */
async function assertEnds(options: Parameters<typeof runProgram>[0], sentence: RegExp): Promise<void> {
    await assert.rejects(
        runProgram(options, () => assert.fail("the program went on")),
        (error: unknown) => {
            assert.ok(pulumi.RunError.isInstance(error), String(error));
            assert.match(error.message, sentence);
            return true;
        },
    );
}
