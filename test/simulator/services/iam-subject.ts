import { AwsError, constraintBroken, validationError } from "../aws-error";
import type { Call } from "../call";
import type { HeldCredentials } from "../state/credentials";

/** Whose credentials an IAM call is about. */
export interface Subject {
    readonly credentials: HeldCredentials;
    /** Undefined for a root user, which has no name. */
    readonly userName: string | undefined;
}

/**
 * IAM takes the user from `UserName` or else from the signature. In a root session that is the root user; with any
 * other credentials it is the caller itself, which is how a careless tool deletes its operator's own password.
 */
export function subjectOf({ principal, parameters, organization }: Call): Subject {
    const userName = parameters.get("UserName");
    switch (principal.kind) {
        case "root":
        case "rootSession":
            if (userName !== undefined) throw noSuchEntity(`The user with name ${userName} cannot be found.`);
            return { credentials: organization.rootOf(principal.accountId), userName: undefined };
        case "user":
            if (userName !== undefined && userName !== principal.userName) {
                throw noSuchEntity(`The user with name ${userName} cannot be found.`);
            }
            return { credentials: principal.credentials, userName: principal.userName };
        case "role":
            throw userName === undefined
                ? validationError("Must specify userName when calling with non-User credentials")
                : noSuchEntity(`The user with name ${userName} cannot be found.`);
    }
}

export function noSuchEntity(message: string): AwsError {
    return new AwsError("NoSuchEntity", message, 404);
}

/** A parameter that the API's model requires. */
export function required({ parameters }: Call, name: string): string {
    const value = parameters.get(name);
    if (value !== undefined) return value;
    throw constraintBroken(
        undefined,
        name.charAt(0).toLowerCase() + name.slice(1),
        "Member must not be null",
    );
}
