/** Facts about the program of this run, for the provider's processes. `pulumi destroy` runs no program. */
import { oncePerRun } from "../process/once-per-run";
import { accountsOfRun } from "./accounts";
import { policiesOfRun } from "./policies";
import { Registry, storeOfRun } from "./store";

type ProgramEvent = { is: "program" } | { is: "checked" } | { is: "answered"; id: string };

export class ProgramRegistry extends Registry<ProgramEvent> {
    #hasStarted = false;
    /** The engine has asked to check a resource that the program declares. */
    #hasChecked = false;
    /** Ids of the resources that the engine has given the program before any check. */
    readonly #givenUnchecked = new Set<string>();

    protected override apply(event: ProgramEvent): void {
        switch (event.is) {
            case "program":
                this.#hasStarted = true;
                break;
            case "checked":
                this.#hasChecked = true;
                break;
            case "answered":
                this.#givenUnchecked.add(event.id);
                break;
        }
    }

    addStart(): void {
        this.append({ is: "program" });
    }

    /** The program's own process has joined this run. */
    hasJoined(): boolean {
        return this.catchUp().#hasStarted;
    }

    /** A program runs: its own process has joined the run, or the engine checks declared resources. */
    isRunning(): boolean {
        return this.hasJoined() || accountsOfRun().declaredCount() > 0 || policiesOfRun().declaredCount() > 0;
    }

    /** The engine asks to check a resource that the program declares. It does this in every run that may change one. */
    addCheck(): void {
        if (!this.catchUp().#hasChecked) this.append({ is: "checked" });
    }

    /** The engine has given the program a resource that is in the state. */
    addGiven(id: string): void {
        if (!this.catchUp().#hasChecked) this.append({ is: "answered", id });
    }

    /**
     * True if `pulumi destroy --run-program` deletes a resource although the program declares it, under any name. Undefined if the
     * run cannot tell.
     */
    isDestroyedThoughDeclared(id: string): boolean | undefined {
        if (this.catchUp().#hasChecked || this.#givenUnchecked.size === 0) return false;
        if (this.#givenUnchecked.has(id)) return true;
        const [accounts, policies] = [accountsOfRun(), policiesOfRun()];
        if (!accounts.isDeclared(id) && !policies.isDeclared(id)) return false;
        // An update with --target reads its targets only, and checks each that the program declares under its name.
        const given = [...this.#givenUnchecked];
        if (given.some((each) => accounts.isInspected(each) || policies.isInspected(each))) return true;
        return accounts.isAnyInspected() || policies.isAnyInspected() ? false : undefined;
    }
}

export const programOfRun = oncePerRun(() => new ProgramRegistry(storeOfRun()));
