/**
 * Cases on the real engine: a real `pulumi up` in which things go wrong, one in which nothing does, and a preview. The same
 * laws hold of what the engine has stored. Nothing is shrunk here, since a command takes seconds.
 */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Stack } from "../engine/stack";
import { cases, type Case } from "./case";
import { CLIMATES } from "./climates";
import { CALM, Director } from "./director";
import { parameters, inWords } from "./hold";
import { claimsAreSeen, isAsDesired, removalsAreTrue, writeIsAllowed } from "./laws";
import { seedOf } from "./play";
import { recordFile } from "./stage";
import { KINDS, Witness } from "./witness";

describe("Whatever goes wrong, on the real engine", function () {
    this.timeout(600_000);

    it("nothing is called clean that is not, and a calm up brings everything to its desired state", async () => {
        const onEngine = cases(CLIMATES.engine).map((plan) => ({
            ...plan,
            readLag: 0,
            accounts: plan.accounts.map((account) => ({ ...account, inScope: true })),
        }));
        const result = await fc.check(fc.asyncProperty(onEngine, playOnEngine), {
            ...parameters(5),
            endOnFailure: true,
        });
        if (result.failed) throw new Error(inWords(result));
    });
});

async function playOnEngine(plan: Case): Promise<void> {
    const record = recordFile();
    const stack = await Stack.over(seedOf(plan));
    try {
        const { organization } = stack;
        const accountIds = organization
            .accounts()
            .map(({ id }) => id)
            .slice(1);
        const witness = new Witness(organization);
        const active = () => accountIds.filter((id) => witness.isActive(id));
        const director = new Director(organization, witness, accountIds);
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: record.file };
        const violations: unknown[] = [];
        for (const id of accountIds) witness.holding(id);
        organization.onlooker = director;
        organization.iamPageSize = plan.pageSize;
        const allowed = {
            removals: new Map(active().map((id) => [id, KINDS] as const)),
            recoveries: new Set<string>(),
        };
        director.onMoment = (moment) => {
            try {
                writeIsAllowed(moment, witness.moments, allowed, record.read);
            } catch (error) {
                violations.push(error);
            }
        };
        const suspended = JSON.stringify(
            accountIds.filter((id) => !active().includes(id)).map((id) => witness.holding(id)),
        );
        const idle = accountIds.filter((id) => !active().includes(id));

        let known: Awaited<ReturnType<Stack["resources"]>> = new Map();
        for (const step of [...plan.steps, CALM]) {
            const from = witness.moments.length;
            if (step === CALM) organization.detachEveryPolicy();
            director.begin({ ...step, command: "up" });
            const { exitCode, output } = await stack.up("--skip-preview", environment);
            const window = { from, moments: witness.moments.slice(from) };
            const before = known;
            known = await stack.resources();
            const resources = [...known];
            for (const [accountId, { inputs, outputs }] of resources) {
                const stored = { inputs, outputs } as never;
                const earlier = before.get(accountId);
                const previous = earlier && ({ accountId, ...earlier } as never);
                claimsAreSeen(outputs as never, window, witness.holdingsOf(accountId));
                removalsAreTrue(
                    { method: "update", name: accountId, accountId, before: previous, stored },
                    window,
                    witness,
                );
            }
            if (exitCode === 0) {
                assert.deepEqual(
                    resources.filter(([, { outputs }]) => !isAsDesired(outputs as never, false)),
                    [],
                    output,
                );
            }
            if (violations.length > 0) throw violations[0];
            if (step !== CALM) continue;
            if (active().length === 0) {
                assert.notEqual(exitCode, 0, "an organization without accounts is nothing to be clean");
                continue;
            }
            assert.equal(exitCode, 0, output);
            assert.deepEqual(
                stack.left().filter((left) => active().includes(left.slice(0, 12))),
                [],
            );
        }
        if (active().length > 0) {
            const from = witness.moments.length;
            const { exitCode, output } = await stack.preview("--expect-no-changes", environment);
            assert.equal(exitCode, 0, output);
            const actions = witness.moments.slice(from).map(({ action }) => action);
            const looks = actions.filter(
                (action) => action === "AssumeRoot" || action === "GetAccountSummary",
            );
            assert.equal(looks.length, 2 * active().length, actions.join(", "));
        }
        assert.equal(JSON.stringify(idle.map((id) => witness.holding(id))), suspended);
    } finally {
        record.remove();
        await stack.close();
    }
}
