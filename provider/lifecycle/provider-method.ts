/**
 * What stands around every lifecycle method, because of how Pulumi's dynamic-provider process treats their results.
 *
 * - A value that is not JSON (undefined, Date) fails after the side effect; inside an error's `properties`, it leaves the
 *   call unanswered and the engine waiting for ever. So results and properties are made JSON here.
 * - Anything thrown that is not an Error does the same. So real Errors leave this file, and only those.
 * - An error with an `id` is taken for a partly created resource. So an error of the AWS SDK is never passed on as it is.
 * - The engine sets no deadline. So one is set here; the calls underneath keep to an earlier one of their own.
 * - An engine that dies tells nobody. So it is watched from the first call on.
 */
import { exitWithEngine } from "../run/engine-watchdog";
import { messageOf } from "../process/error-text";
import { timeouts } from "../process/timeouts";
import { withDeadline } from "../process/deadline";
import { printableLines } from "../process/printable";
import { startRun } from "../run/start";
import { storeOfRun } from "../run/store";

/** Some of what was wanted holds, some does not: Pulumi stores `outputs` as they are now and prints the reasons. */
export class PartialFailure extends Error {
    override readonly name = "PartialFailure";

    constructor(
        readonly id: string,
        readonly outputs: object,
        readonly reasons: string[],
    ) {
        super(reasons.join("\n"));
    }
}

/** One account failed as a whole: Pulumi stores nothing of it, unless the program reports failures. */
export class AccountFailed extends Error {
    override readonly name = "AccountFailed";
}

/**
 * Wraps one lifecycle method.
 *
 * @param resultDespite what Pulumi is to store in place of an error, if the error is reported in another way (decision 19)
 */
export async function providerMethod<T extends object | void>(
    what: string,
    properties: object,
    method: () => T | Promise<T>,
    resultDespite: (error: unknown) => T | undefined = () => undefined,
): Promise<T> {
    startRun();
    exitWithEngine();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
        const give = () =>
            reject(
                new AccountFailed(
                    `${what} took longer than ${timeouts.operationDeadline / 60_000} minutes and was given up; what it changed is unknown. Run again.`,
                ),
            );
        timer = setTimeout(give, timeouts.operationDeadline + timeouts.grace).unref();
    });
    try {
        const work = async () => {
            await storeOfRun().isReady;
            return method();
        };
        const result = await Promise.race([withDeadline(work), overdue]);
        return result === undefined ? result : toJson(result);
    } catch (error) {
        const result = resultDespite(error);
        if (result !== undefined) return toJson(result);
        throw toPulumiError(error, properties);
    } finally {
        clearTimeout(timer);
    }
}

function toPulumiError(error: unknown, properties: object): Error {
    if (!(error instanceof PartialFailure)) return new Error(messageOf(error));
    const { __provider } = properties as { __provider?: string };
    // Without `__provider` the stored resource could never be read, updated or deleted again.
    const stored = toJson({ ...error.outputs, ...(__provider && { __provider }) });
    return Object.assign(new Error(printableLines(error.message)), {
        id: error.id,
        properties: stored,
        reasons: error.reasons.map(printableLines),
    });
}

function toJson<T>(value: T): T {
    return JSON.parse(JSON.stringify(value)) as T;
}
