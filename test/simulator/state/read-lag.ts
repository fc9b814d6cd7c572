import { type CredentialKind, type HeldByKind, type HeldCredentials, heldOf } from "./credentials";

interface Echo {
    readonly holder: HeldCredentials;
    readonly kind: CredentialKind;
    readonly held: HeldByKind[CredentialKind];
    readsLeft: number;
}

/** Lets reads show what was deleted for a few reads more, as an eventually consistent service may. */
export class ReadLag {
    /** For how many more reads of its kind a deleted credential is still shown. */
    reads = 0;
    #echoes: Echo[] = [];

    remember<K extends CredentialKind>(holder: HeldCredentials, kind: K, held: HeldByKind[K]): void {
        if (this.reads > 0) this.#echoes.push({ holder, kind, held, readsLeft: this.reads });
    }

    /** What a read of this kind shows now: what is there, and what is not there any more but lingers. */
    visible<K extends CredentialKind>(holder: HeldCredentials, kind: K): readonly HeldByKind[K][] {
        const present = heldOf(holder, kind);
        if (this.#echoes.length === 0) return present;
        const lingering = this.#echoes.filter((echo) => echo.holder === holder && echo.kind === kind);
        for (const echo of lingering) echo.readsLeft--;
        this.#echoes = this.#echoes.filter((echo) => echo.readsLeft > 0);
        // `remember` put them under their own kind.
        return [...present, ...lingering.map(({ held }) => held as HeldByKind[K])];
    }
}
