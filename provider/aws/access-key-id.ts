const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The account that an access key id names, or undefined if it names none.
 *
 * After a prefix of four letters, an id is base32. The 40 bits after the first bit are the account's number. AWS has
 * built ids this way since 2019 but does not document it. Older ids name no account or a wrong one. So a match may save a
 * call to AWS, and any other result proves nothing.
 */
export function accountIdInKeyId(accessKeyId: string): string | undefined {
    if (!/^A[KS]IA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
    // Ten letters are 50 bits: one unused bit, 40 bits of the account's number, and 9 bits of the rest.
    let bits = 0n;
    for (const letter of accessKeyId.slice(4, 14)) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
    const number = BigInt.asUintN(40, bits >> 9n);
    return number < 1_000_000_000_000n ? String(number).padStart(12, "0") : undefined;
}
