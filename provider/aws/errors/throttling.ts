import { isThrottlingError } from "@smithy/core/retry";
import type { SdkError } from "@smithy/types";

/**
 * True if AWS throttled the call. The SDK counts `LimitExceeded` as throttling too, but in IAM this code means a quota, and waiting
 * does not help.
 */
export function isThrottled(error: unknown): error is Error {
    return (
        error instanceof Error &&
        !error.name.startsWith("LimitExceeded") &&
        isThrottlingError(error as SdkError)
    );
}
