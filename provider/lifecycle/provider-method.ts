/**
 * Wraps the lifecycle methods, because of the way Pulumi's dynamic-provider process handles results.
 *
 * - A value that is not JSON (undefined, Date) fails after the side effect. In an error's `properties`, it leaves the call
 *   unanswered, and the engine waits for ever. So results and properties are converted to JSON here.
 * - A thrown value that is no Error has the same effect. So only Errors leave this file.
 * - Pulumi takes an error with an `id` for a partly created resource. So errors of the AWS SDK are never passed on unchanged.
 * - The engine sets no deadline. So this file sets one. The AWS calls have an earlier deadline of their own.
 * - The engine's process may be killed. So the provider watches it from the first call on.
 */
import { exitWithEngine } from "../run/engine-watchdog";
import { messageOf } from "../process/error-text";
import { timeouts } from "../process/timeouts";
import { withDeadline } from "../process/deadline";
import { printableLines } from "../process/printable";
import { joinRun } from "../run/join-run";
import { storeOfRun } from "../run/store";

/** A change was made in part. Pulumi stores the current `outputs` and prints the reasons. */
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

/** One account failed entirely. Pulumi stores no outputs of it, unless the program reports failures. */
export class AccountFailed extends Error {
    override readonly name = "AccountFailed";
}

/**
 * Wraps one lifecycle method.
 *
 * @param description names the work in messages: `inspecting account 111122223333`
 * @param resultDespite the result that Pulumi stores in place of an error that is reported in another way
 *     (docs/decisions/0019)
 */
export async function providerMethod<T extends object | void>(
    description: string,
    properties: object,
    method: () => T | Promise<T>,
    resultDespite: (error: unknown) => T | undefined = () => undefined,
): Promise<T> {
    joinRun();
    exitWithEngine();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
        const giveUp = () =>
            reject(
                new AccountFailed(
                    `${description} took longer than ${timeouts.operationDeadline / 60_000} minutes and was given up; its changes are unknown. Run again.`,
                ),
            );
        timer = setTimeout(giveUp, timeouts.operationDeadline + timeouts.grace).unref();
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
