import { createHash } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Odd, so that multiplying by it maps counters to distinct numbers of any power-of-two range. */
const SCRAMBLE = 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251n;

/** Names that look like AWS's and are the same in every run: each is a scrambled counter. */
export class Identifiers {
    #counter = 0n;

    /** The account that an id names which belongs to an account's user, role or session. */
    namedAccount = (accountId: string): string => accountId;

    /** `AKIA` marks a long-term key, `ASIA` a temporary one, `AIDA` a user, `AROA` a role. The account's number is in the highest bits but one. */
    key(prefix: "AKIA" | "ASIA" | "AIDA" | "AROA", accountId: string): string {
        const unique = BigInt.asUintN(39, this.#next() * SCRAMBLE);
        const bits = (1n << 79n) | (BigInt(this.namedAccount(accountId)) << 39n) | unique;
        let text = "";
        for (let shift = 75n; shift >= 0n; shift -= 5n) text += BASE32.charAt(Number((bits >> shift) & 31n));
        return prefix + text;
    }

    certificate(): string {
        return this.#scrambled(24);
    }

    hardwareSerial(): string {
        return "GAHT" + String(this.#next() * 7919n + 10_000_000n).slice(-8);
    }

    passkeySuffix(): string {
        return this.#scrambled(26);
    }

    policy(): string {
        return `p-${this.#lowercase()}`;
    }

    unit(rootId: string): string {
        return `ou-${rootId.slice(2)}-${this.#lowercase()}`;
    }

    secret(): string {
        return `simulated/secret/${this.#scrambled(23)}`;
    }

    sessionToken(): string {
        return `SimulatedSessionToken${this.#scrambled(38)}`;
    }

    #next(): bigint {
        return ++this.#counter;
    }

    #scrambled(length: number): string {
        let bits = BigInt.asUintN(length * 5, this.#next() * SCRAMBLE);
        let text = "";
        for (let position = 0; position < length; position++, bits >>= 5n) {
            text += BASE32.charAt(Number(bits & 31n));
        }
        return text;
    }

    #lowercase(): string {
        let rest = BigInt.asUintN(40, this.#next() * SCRAMBLE);
        let text = "";
        for (let position = 0; position < 8; position++, rest /= 36n) {
            text += BASE36.charAt(Number(rest % 36n));
        }
        return text;
    }
}

/** The other name that S3 has for an account. AWS's tells nothing of the account's number; this one is made from it. */
export function canonicalUserOf(accountId: string): string {
    return createHash("sha256").update(`canonical user of ${accountId}`).digest("hex");
}
