/** The session that AWS gave us belongs to another account than the one asked for. */
export class WrongAccount extends Error {
    override readonly name = "WrongAccount";

    constructor(
        readonly expected: string,
        readonly actual: string,
    ) {
        super(`the root session asked for account ${expected} belongs to account ${actual}`);
    }
}
