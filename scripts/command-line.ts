/** Options and mistakes on the command line of a script. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** A mistake on the command line, reported as a sentence without a stack. */
export class UsageError extends Error {}

/** @throws UsageError that names the option and what is wrong with it */
export function parseOptions<Config extends ParseArgsConfig>(config: Config) {
    try {
        return parseArgs(config);
    } catch (error) {
        throw new UsageError((error as Error).message, { cause: error });
    }
}

export function wholeNumber(option: string, text: string, least: number, most: number): number {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new UsageError(`${option}: expected a whole number from ${least} to ${most}, got "${text}"`);
}

/** @param help the command that prints the script's usage */
export function runScript(work: () => Promise<void>, help: string): void {
    work().catch((error: unknown) => {
        if (!(error instanceof UsageError)) throw error;
        console.error(`${error.message}\nTry: ${help}`);
        process.exitCode = 2;
    });
}
