/**
 * Sixty runs of two stacks over two organizations in turn, which share a temporary folder. `reused-ports.test.ts` runs this where
 * the system has few ports to give, so that engines get the same addresses again and again.
 *
 * Prints a line of JSON for each run: what was expected, and what happened otherwise.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack, type Run } from "./stack";

/** The same ids in both organizations: what one run tells of an account, the other one could take for its own. */
const ACCOUNTS = Array.from({ length: 8 }, (_, index) => `10000000000${index + 1}`);
const CHANGING = "100000000003";
const PASSWORDS = ACCOUNTS.map((id) => `${id} password password`);
const ROUNDS = 5;

export interface Outcome {
    run: string;
    /** In words; empty if the run did as it should. */
    wrong: string;
}

async function main(): Promise<void> {
    const shared = mkdtempSync(join(tmpdir(), "shared-"));
    const environment = { TMPDIR: shared, TMP: shared, TEMP: shared };
    const root = { password: {} };
    const seed = { accounts: ACCOUNTS.map((id) => ({ id, name: `account-${id.at(-1)}`, root })) };
    const one = await Stack.over(seed);
    const other = await Stack.over(seed);

    /** Runs a command and holds it to its exit code, to what it says, and to what the server holds afterwards. */
    async function expect(stack: Stack, command: string, code: number, said: RegExp, left: string[]) {
        const run: Run = await stack.pulumi(command, environment);
        const [held, wanted] = [JSON.stringify(stack.left()), JSON.stringify(left)];
        const wrong = [
            run.exitCode === code ? "" : `exit code ${run.exitCode} in place of ${code}`,
            said.test(run.output) ? "" : `does not say ${said}`,
            held === wanted ? "" : `the server holds ${held} in place of ${wanted}`,
        ].filter(Boolean);
        const name = `${stack === one ? "one" : "other"}: pulumi ${command}`;
        const outcome: Outcome = { run: name, wrong: wrong.join("; ") };
        console.log(JSON.stringify(outcome));
        if (wrong.length > 0) console.error(`${name}: ${outcome.wrong}\n${run.output}`);
    }

    const preview = "preview --diff --expect-no-changes";
    const up = "up --yes --skip-preview";
    const destroy = "destroy --yes --skip-preview";
    try {
        for (let round = 0; round < ROUNDS; round++) {
            await expect(one, up, 0, /removed password/, []);
            await expect(other, up, 0, /removed password/, []);
            one.organization.setState(CHANGING, "SUSPENDED");
            let found = [`${CHANGING} accessKey ${other.organization.createRootAccessKey(CHANGING)}`];
            await expect(one, preview, 0, /7 clean/, []);
            await expect(other, preview, 7, /accounts inspected: 1 drifted, 7 clean;/, found);
            one.organization.setState(CHANGING, "ACTIVE");
            found = [`${CHANGING} accessKey ${one.organization.createRootAccessKey(CHANGING)}`];
            await expect(one, preview, 7, /accounts inspected: 1 drifted, 7 clean;/, found);
            await expect(other, up, 0, /removed access key/, []);
            await expect(one, `${preview} --refresh=false`, 1, /was not inspected in this run/, found);
            await expect(other, `${up} --refresh=false`, 1, /was not inspected in this run/, []);
            await expect(one, up, 0, /removed access key/, []);
            await expect(one, destroy, 0, /password recovery is allowed again/, PASSWORDS);
            await expect(other, preview, 0, /8 clean/, []);
            await expect(other, destroy, 0, /password recovery is allowed again/, PASSWORDS);
        }
    } finally {
        await one.close();
        await other.close();
        rmSync(shared, { recursive: true, force: true });
    }
}

void main();
