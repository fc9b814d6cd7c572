/**
 * The events of one Pulumi run, shared by its processes: the program, and those of the provider. Registries (`accounts.ts`,
 * `policies.ts`, `results.ts`, `program.ts`, `shared-listing.ts`) append events and replay those of all processes.
 *
 * Because of these events, the delete of a renamed, moved or replaced resource opens no account. They last for one phase
 * (preview, update).
 */
import { messageOf } from "../process/error-text";
import { log } from "../process/log";
import { oncePerRun } from "../process/once-per-run";
import { engineOfRun, type Engine } from "./engine";
import { RunJournal } from "./journal";

export interface RunEvent {
    /** The kind of event. Each kind belongs to one registry. */
    is: string;
}

export class RunStore {
    /** Events of all processes, in the journal's order. */
    readonly #events: RunEvent[] = [];
    /** Undefined outside of a run, where one process needs only its own events. */
    #journal: RunJournal | undefined;
    /** Events of this process before it has joined the run's journal. */
    #waiting: RunEvent[] | undefined;
    #notShared: string | undefined;
    /**
     * Settles once this process has joined the run, or cannot. Before that, it sees no event of another process. Rejects if this
     * process cannot write its events to the journal.
     */
    readonly isReady: Promise<void>;

    constructor(engine: Engine | undefined) {
        this.isReady = engine === undefined ? Promise.resolve() : this.#join(engine);
    }

    /** The run's identity, which all its processes share and no other run has. Empty before the run is ready or if it has none. */
    get id(): string {
        return this.#journal?.id ?? "";
    }

    /** Why the processes of this run cannot share events, if they cannot. Then no account may be restored. */
    get notShared(): string | undefined {
        this.#catchUp();
        return this.#notShared;
    }

    append(event: RunEvent): void {
        if (this.#waiting) this.#waiting.push(event);
        else if (this.#journal) this.#journal.append(event);
        else this.#events.push(event);
    }

    /** Events of all processes from this position on. */
    eventsFrom(position: number): readonly RunEvent[] {
        this.#catchUp();
        return position === this.#events.length ? [] : this.#events.slice(position);
    }

    /** Throws if the run has a journal and this process cannot use it any more. */
    assertShared(): void {
        this.#catchUp();
        this.#journal?.assertOpen();
        if (this.#journal && this.#notShared) throw new Error(this.#notShared);
    }

    /** Gives another process of the run a large value. */
    attach(label: string, value: unknown): void {
        if (!this.#journal) throw new Error("the run has no other process that could take the value");
        this.#journal.attach(label, value);
    }

    /** Takes a value that another process has attached. */
    take(label: string): unknown {
        if (!this.#journal)
            throw new Error("the run has no other process that could have attached the value");
        return this.#journal.take(label);
    }

    async #join(engine: Engine): Promise<void> {
        const waiting: RunEvent[] = [];
        this.#waiting = waiting;
        // A program may have nothing else that keeps its process from ending.
        const alive = setInterval(() => {}, 60_000);
        try {
            this.#journal = await RunJournal.join(engine);
        } catch (error) {
            this.#notShared = messageOf(error);
            log(
                `this run's processes cannot share their results (${this.#notShared}). So accounts that left the program are not opened.`,
            );
        } finally {
            clearInterval(alive);
        }
        this.#waiting = undefined;
        for (const event of waiting) this.append(event);
    }

    #catchUp(): void {
        try {
            for (const event of this.#journal?.newEntries() ?? []) this.#events.push(event as RunEvent);
        } catch (error) {
            this.#notShared ??= `the events of another process cannot be read: ${messageOf(error)}`;
        }
    }
}

/** The store of the current run. A process may see several runs (Automation API). */
export const storeOfRun = oncePerRun(() => new RunStore(engineOfRun()));

/** The state of the run for one part of the package. A registry has its own kinds of events and replays them. */
export abstract class Registry<Event extends RunEvent> {
    #position = 0;

    constructor(protected readonly store: RunStore) {}

    /** Ignores events of other registries. */
    protected abstract apply(event: Event): void;

    protected append(event: Event): void {
        this.store.append(event);
    }

    /** Replays new events. Each query of a registry calls it first. */
    protected catchUp(): this {
        const news = this.store.eventsFrom(this.#position);
        this.#position += news.length;
        for (const event of news) this.apply(event as Event);
        return this;
    }
}
