/**
 * How many accounts are looked into side by side, and whether that is what a run waits for.
 *
 * Pulumi lets only so many accounts be in flight, by itself four for each core of the machine. As a call to AWS takes most of a second,
 * ten thousand accounts then take half an hour in which neither the machine nor AWS is busy.
 */
import { oncePerRun } from "./process/once-per-run";
import { hasBeenThrottled } from "./aws/retry-strategy";
import { print } from "./process/printable";

/** Audits after which it can be told. */
const ENOUGH = 100;
/** Audits that are faster wait for the machine and not for the wire. Milliseconds. */
const SLOW = 250;
/** More in flight than this is nobody's mistake. */
const FEW = 64;
const BETTER = 256;
const LARGE_ORGANIZATION = 10_000;

const audits = oncePerRun(() => ({ inFlight: 0, most: 0, ended: 0, milliseconds: 0 }));

/** Looks into one account; once in a run, says if too few are looked into at a time. */
export async function countedInFlight<T>(audit: () => Promise<T>): Promise<T> {
    const seen = audits();
    seen.most = Math.max(seen.most, ++seen.inFlight);
    const began = performance.now();
    try {
        return await audit();
    } finally {
        seen.inFlight--;
        seen.milliseconds += performance.now() - began;
        if (++seen.ended === ENOUGH) adviseOn(seen.most, seen.milliseconds / ENOUGH);
    }
}

function adviseOn(most: number, milliseconds: number): void {
    if (most > FEW || milliseconds < SLOW || hasBeenThrottled()) return;
    const minutes = (inFlight: number) =>
        Math.ceil((LARGE_ORGANIZATION / inFlight) * (milliseconds / 60_000)).toString();
    print(
        `Pulumi has ${most} accounts looked into at a time, and each takes ${(milliseconds / 1000).toFixed(1)} s: 10,000 would take ${minutes(most)} minutes. ` +
            `With PULUMI_PARALLEL=${BETTER} in the environment they take ${minutes(BETTER)} (npm run preview and npm run up set it).`,
    );
}
