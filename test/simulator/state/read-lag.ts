import { heldOf, type CredentialKind, type HeldCredentials } from "./credentials";

interface Echo {
    readonly holder: HeldCredentials;
    readonly kind: CredentialKind;
    readonly held: object;
    readsLeft: number;
}

/** Lets reads show what was deleted for a few reads more, as an eventually consistent service may. */
export class ReadLag {
    /** For how many more reads of its kind a deleted credential is still shown. */
    reads = 0;
    #echoes: Echo[] = [];

    remember(holder: HeldCredentials, kind: CredentialKind, held: object): void {
        if (this.reads > 0) this.#echoes.push({ holder, kind, held, readsLeft: this.reads });
    }

    /** What a read of this kind shows now: what is there, and what is not there any more but lingers. */
    visible(holder: HeldCredentials, kind: CredentialKind): object[] {
        const present = heldOf(holder, kind).map(({ held }) => held);
        if (this.#echoes.length === 0) return present;
        const lingering = this.#echoes.filter((echo) => echo.holder === holder && echo.kind === kind);
        for (const echo of lingering) echo.readsLeft--;
        this.#echoes = this.#echoes.filter((echo) => echo.readsLeft > 0);
        return [...present, ...lingering.map(({ held }) => held)];
    }
}
