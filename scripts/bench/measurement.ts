/** The options and the result of a bench. */

export interface BenchOptions {
    /** Numbers of accounts. Each bench has a small default; `throttling` always takes 200. */
    accounts: number[] | undefined;
    /** Duration of a call to AWS in milliseconds. */
    latency: number | undefined;
    /** How often `command` and `scale` measure. */
    rounds: number;
    /** The commands and programs that `scale` measures; all if left out. */
    steps: string[] | undefined;
    programs: string[] | undefined;
    says: (line: string) => void;
}

export interface Measurement {
    title: string;
    /** All rows have the same columns. */
    rows: Record<string, string | number>[];
    /** A sentence for each bar that was missed. */
    misses: string[];
}
