import { isThrottlingError } from "@smithy/core/retry";
import type { SdkError } from "@smithy/types";

/**
 * AWS answered that the caller is too fast. The SDK counts `LimitExceeded` as such an answer too, but in IAM that is a quota, and
 * waiting does not help.
 */
export function isThrottled(error: unknown): error is Error {
    return (
        error instanceof Error &&
        !error.name.startsWith("LimitExceeded") &&
        isThrottlingError(error as SdkError)
    );
}
