/** This package's own errors for AWS calls and for the write log. */

/** AWS answered with success but without the requested content. The SDK does not treat this as an error. */
export class IncompleteAnswer extends Error {
    override readonly name: string = "IncompleteAnswer";

    constructor(missing: string) {
        super(`AWS answered without ${missing}`);
    }
}

/** AWS answered with success, but the content cannot be right. Such an answer counts as incomplete. */
export class ImplausibleAnswer extends IncompleteAnswer {
    override readonly name = "ImplausibleAnswer";

    constructor(why: string) {
        super("plausible content");
        this.message = `AWS's answer is not plausible: ${why}`;
    }
}

/** AWS returned a root session of another account. */
export class WrongAccount extends Error {
    override readonly name = "WrongAccount";

    constructor(
        readonly expected: string,
        readonly actual: string,
    ) {
        super(`the root session asked for account ${expected} belongs to account ${actual}`);
    }
}

/** The account has no bucket of that name. */
export class BucketNotListed extends Error {
    override readonly name = "BucketNotListed";
}

/** A line could not be appended to the write log. */
export class WriteNotLogged extends Error {
    override readonly name = "WriteNotLogged";
    /** True if the write was made, and the line after it is missing. */
    written = false;
}
