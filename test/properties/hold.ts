/** Runs a property with fast-check and says what broke it in words, with what plays it again. */
import * as fc from "fast-check";
import { cases, type Case, type Climate } from "./case";
import { play, type Tally } from "./play";
import type { StageFor } from "./stage";
import { story } from "./story";

export interface Holding {
    climate: Climate;
    runs: number;
    stage: StageFor;
}

/** How often the cases of a test met what they are about. FC_TALLY prints it. Fails with the seed, the path and the shrunken case where a case breaks a law. */
export async function holds({ climate, runs, stage }: Holding): Promise<Tally> {
    const tally: Tally = {
        cases: 0,
        steps: 0,
        requests: 0,
        removals: 0,
        killed: 0,
        refused: 0,
        mostRequests: {},
    };
    const result = await fc.check(
        fc.asyncProperty(cases(climate), (plan) => playAlone(plan, stage, tally)),
        parameters(runs),
    );
    if (result.failed) throw new Error(inWords(result));
    if (process.env.FC_TALLY) console.log(JSON.stringify(tally));
    // A property that nothing befalls holds as well.
    if (!process.env.FC_PATH && tally.removals + tally.refused < tally.cases)
        throw new Error(`too little happens in these cases: ${JSON.stringify(tally)}`);
    return tally;
}

/** How many cases it takes until a law is broken, and which; undefined where none is. */
export async function firstViolation({ climate, runs, stage }: Holding, seed: number) {
    const result = await fc.check(
        fc.asyncProperty(cases(climate), (plan) => playAlone(plan, stage)),
        { seed, numRuns: runs, endOnFailure: true },
    );
    return result.failed ? { cases: result.numRuns, law: messageOf(result.errorInstance) } : undefined;
}

/** FC_SEED and FC_PATH play a failure again, FC_RUNS plays more or fewer cases (`README.md`). */
export function parameters(runs: number): fc.Parameters<[Case]> {
    const { FC_SEED, FC_PATH, FC_RUNS } = process.env;
    return {
        numRuns: FC_RUNS ? Number(FC_RUNS) : runs,
        ...(FC_SEED && { seed: Number(FC_SEED) }),
        ...(FC_PATH && { path: FC_PATH }),
    };
}

/** A promise that nobody listens to breaks a law as well. */
async function playAlone(plan: Case, stage: StageFor, tally?: Tally): Promise<void> {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", hear);
    try {
        await play(plan, stage, tally);
        await new Promise((resolve) => setImmediate(resolve));
    } finally {
        process.removeAllListeners("unhandledRejection");
        for (const other of others) process.on("unhandledRejection", other);
    }
    if (unheard.length > 0) throw new Error(`a rejection was not handled: ${unheard.map(String).join("; ")}`);
}

export function inWords({
    counterexample,
    errorInstance,
    seed,
    counterexamplePath,
    numRuns,
    numShrinks,
}: fc.RunDetails<[Case]>) {
    return [
        messageOf(errorInstance),
        counterexample ? story(counterexample[0]) : "",
        `Found after ${numRuns} cases, shrunk ${numShrinks} times. Again: FC_SEED=${seed} FC_PATH=${counterexamplePath ?? ""} (test/properties/README.md)`,
        errorInstance instanceof Error ? (errorInstance.stack ?? "") : "",
    ].join("\n\n");
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
