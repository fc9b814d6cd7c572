const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The account that an access key id names, or undefined where it names none.
 *
 * Behind the prefix of four letters an id is base32, and its first bits after the highest one are the account's number. AWS does
 * not document that, though it has been so since 2019 and much is built on it; ids from before then name no account, or a
 * wrong one. So this may save a question, and may never be the answer to it.
 */
export function accountIdInKeyId(accessKeyId: string): string | undefined {
    if (!/^A[KS]IA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
    // Ten letters are 50 bits: one that is not used, 40 of the account's number, and 9 of what follows.
    let bits = 0n;
    for (const letter of accessKeyId.slice(4, 14)) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
    const number = BigInt.asUintN(40, bits >> 9n);
    return number < 1_000_000_000_000n ? String(number).padStart(12, "0") : undefined;
}
