/**
 * Each job with the documented policy of its role, which the simulator enforces. The policy suffices and allows no more than
 * the job needs. The jobs are the provider's methods and its listing of the organization.
 */
import assert from "node:assert/strict";
import type { World } from "../../provider/harness";
import { freshProviderModule, providerModule } from "../../provider/harness/package";
import { stored } from "../../provider/harness/stored";
import type { LoggedRequest, PolicyDocument } from "../../simulator";
import { CLEAN, DIRTY, LEFT, LOCKED_BUCKET, LOCKED_QUEUE, SECURITY, worldAs } from "./organization";
import { grantsOf, neededFor, policyFile, without } from "./policy-file";

const EXCEPTION = { until: "2126-12-01T18:00:00Z", reason: "tax form", loginProfile: "present" as const };
type Job = (world: World) => Promise<unknown>;

const discovery = () => providerModule("organization/member-accounts").memberAccounts();

/** A preview lists the organization and reads every account of the stack. One account has left meanwhile. */
const look: Job = async ({ run }) => {
    const { unitsUnknown } = await discovery();
    assert.equal(unitsUnknown, undefined);
    assert.equal((await run.read(CLEAN, stored(CLEAN))).props.auditError, "");
    assert.equal((await run.read(DIRTY, stored(DIRTY))).inputs?.loginProfile, "present");
    assert.equal((await run.read(LEFT, stored(LEFT))).id, undefined);
};

/** If ListAccounts does not return the accounts' units, the provider lists the accounts of each unit. */
const lookWithoutPaths: Job = async (world) => {
    world.organization.omittedAccountFields.add("Paths");
    const { active, unitsUnknown } = await discovery();
    assert.equal(unitsUnknown, undefined);
    assert.equal(active.find(({ id }) => id === DIRTY)?.organizationalUnit, "Workloads/Prod");
};

const remove: Job = async ({ run, organization }) => {
    const { props } = await run.read(DIRTY, stored(DIRTY));
    const { inputs } = await run.check(props, { accountId: DIRTY, onDelete: "allow-recovery" });
    await run.update(DIRTY, props, inputs);
    assert.deepEqual(
        organization.rootCredentialsLeft().filter(({ accountId }) => accountId === DIRTY),
        [],
    );
};

const open: Job = async (world) => {
    const { run } = world;
    const { props } = await run.read(CLEAN, stored(CLEAN));
    const { inputs } = await run.check(props, { accountId: CLEAN, onDelete: "allow-recovery", ...EXCEPTION });
    await run.update(CLEAN, props, inputs);
    assert.ok(world.rootOf(CLEAN).password);
};

const restore: Job = async (world) => {
    const { run } = world;
    await run.read(CLEAN, stored(CLEAN));
    await run.delete(CLEAN, stored(CLEAN));
    assert.ok(world.rootOf(CLEAN).password);
};

const ROLES: { file: string; role: string; jobs: Job[] }[] = [
    { file: "drift", role: "RootCredentialsDrift", jobs: [look, lookWithoutPaths] },
    { file: "converge", role: "RootCredentialsConverge", jobs: [look, lookWithoutPaths, remove] },
    {
        file: "recovery",
        role: "RootCredentialsRecovery",
        jobs: [look, lookWithoutPaths, remove, open, restore],
    },
];

describe("docs/policies", () => {
    for (const { file, role, jobs } of ROLES) {
        describe(`${file}.json, for ${role}, beside deny-others.json`, () => {
            const document = policyFile(file);

            it("suffices, and allows no unused call", async () => {
                const requests = await requestsOf(jobs, role, document);

                assert.deepEqual(requests.filter(isRefused), []);
                assert.deepEqual(neededFor(requests, SECURITY), grantsOf(document));
            });

            for (const grant of grantsOf(document)) {
                it(`needs ${grant}`, async () => {
                    await assert.rejects(requestsOf(jobs, role, without(document, grant)));
                });
            }
        });
    }

    it("tag-selection.json beside drift.json suffices to read the tags of accounts, and allows nothing else", async () => {
        const world = await worldAs("RootCredentialsDrift", policyFile("drift"));
        const tagSelection = policyFile("tag-selection");
        const role = `arn:aws:iam::${SECURITY}:role/RootCredentialsDrift`;
        const { accountTags } = providerModule("index");
        try {
            await assert.rejects(accountTags([CLEAN]), /organizations:ListTagsForResource/);
            world.organization.attachIdentityPolicy(role, tagSelection);
            world.requests.clear();

            assert.deepEqual([...(await accountTags([CLEAN, DIRTY])).keys()].sort(), [CLEAN, DIRTY]);
            assert.deepEqual(neededFor(world.requests.entries, SECURITY), grantsOf(tagSelection));
        } finally {
            await world.close();
        }
    });

    describe("unlock.json beside converge.json, for RootCredentialsUnlock", () => {
        const document = policyFile("unlock");
        const role = `arn:aws:iam::${SECURITY}:role/RootCredentialsUnlock`;

        async function unlockedWith(unlock: PolicyDocument) {
            const world = await worldAs("RootCredentialsUnlock", policyFile("converge"));
            world.organization.attachIdentityPolicy(role, unlock);
            try {
                for (const { kind, target } of [
                    { kind: "lifecycle/bucket-policy", target: { bucket: LOCKED_BUCKET } },
                    { kind: "lifecycle/queue-policy", target: { queueUrl: LOCKED_QUEUE } },
                ] as const) {
                    const declared = { accountId: CLEAN, onDelete: "retain" as const, ...target };
                    const { outs } = await providerModule("lifecycle/policy-backup").create(declared);
                    const before = outs?.savedPolicy ?? "";
                    const inputs = { ...declared, before, lockedBy: [], auditError: "" };
                    await freshProviderModule(kind).create(inputs);
                }
                return world.requests.entries.filter(({ callerArn }) => callerArn?.includes("Unlock"));
            } finally {
                await world.close();
            }
        }

        it("suffices to unlock a bucket and a queue, and allows no unused call", async () => {
            const requests = await unlockedWith(document);

            assert.deepEqual(requests.filter(isRefused), []);
            const needed = neededFor(requests, SECURITY);
            assert.deepEqual(needed, ["iam:ListOrganizationsFeatures", ...grantsOf(document)].sort());
        });

        for (const grant of grantsOf(document)) {
            it(`needs ${grant}`, () => assert.rejects(unlockedWith(without(document, grant))));
        }
    });

    const refusals: [beside: string, denyOthers: boolean, message: RegExp][] = [
        [
            "alone",
            false,
            /the caller may not assume root there.* with the condition key sts:TaskPolicyArn \S+IAMCreateRootUserPassword\./,
        ],
        ["beside deny-others.json", true, /blocked on the caller's side by SCP p-\w+\./],
    ];
    for (const [beside, denyOthers, message] of refusals) {
        it(`converge.json ${beside} makes the delete fail and leaves the account closed`, async () => {
            const document = policyFile("converge");
            const world = await worldAs("RootCredentialsConverge", document, { denyOthers });
            try {
                await world.run.read(CLEAN, stored(CLEAN));

                await assert.rejects(world.run.delete(CLEAN, stored(CLEAN)), message);

                assert.equal(world.rootOf(CLEAN).password, undefined);
            } finally {
                await world.close();
            }
        });
    }

    it("converge.json makes an update for a new exception fail and leaves the account closed", async () => {
        const world = await worldAs("RootCredentialsConverge", policyFile("converge"));
        try {
            await assert.rejects(open(world), /blocked on the caller's side by SCP p-\w+/);

            assert.equal(world.rootOf(CLEAN).password, undefined);
        } finally {
            await world.close();
        }
    });
});

/** Does each job with the role in a run of its own. Returns the calls to AWS. */
async function requestsOf(
    jobs: Job[],
    role: string,
    document: PolicyDocument,
): Promise<readonly LoggedRequest[]> {
    const world = await worldAs(role, document);
    try {
        for (const job of jobs) {
            await job(world);
            await world.nextRun();
        }
        return world.requests.entries;
    } finally {
        await world.close();
    }
}

/** AWS refuses AssumeRoot in an account that has left, whatever the policies allow. */
function isRefused({ errorCode, target }: LoggedRequest): boolean {
    return (errorCode?.startsWith("AccessDenied") ?? false) && target !== LEFT;
}
