/**
 * The file in which the processes of one run share their events: the program, and the processes of the provider.
 *
 * Usually, one provider process serves one phase of a Pulumi run. If the stack's configuration has changed since the last
 * `up`, there are two. The engine refreshes with the old configuration; it checks, creates and deletes with the new one.
 * Both need the events that keep a delete from opening an account. So each process appends its events, and reads new ones
 * before it decides.
 *
 * The journal begins with a random name, which is the run's identity. The file's name comes from the
 * engine's address and only helps to find it. A later run may have the same address.
 * docs/decisions/0004-naming-a-run.md
 */
import { createHash, randomUUID } from "node:crypto";
import {
    closeSync,
    fstatSync,
    readdirSync,
    readFileSync,
    readSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
    writeSync,
} from "node:fs";
import { join } from "node:path";
import { timeouts } from "../process/timeouts";
import type { Engine } from "./engine";
import { createJournal, deleteOldFiles, journalFolder, openJournal } from "./journal-folder";
import { confirm, networkName, NoAnswer, startWitness } from "./same-run";

/** Time from a journal's creation to its first line. A process that takes longer counts as killed. Milliseconds. */
const FIRST_LINE_WITHIN = 10_000;

export class RunJournal {
    private position = 0;
    private unfinishedLine = "";
    private isOpen = true;

    private constructor(
        private readonly file: number,
        private readonly folder: string,
        /** The run's identity. No other run has it. */
        readonly id: string,
    ) {}

    /**
     * Finds the journal of this engine's run, or begins it. Rejects if the identity cannot be established.
     *
     * This process first checks that its own engine lives, and then asks the writers of journals. A writer that is then
     * connected to an engine at this address is connected to the same engine.
     */
    static async join(engine: Engine): Promise<RunJournal> {
        const folder = journalFolder();
        deleteOldFiles(folder);
        const connection = await engine.connection();
        await connection.assertAlive();
        const { server, path } = await startWitness(folder, () => connection.assertAlive());
        void connection.ended.then(() => server.close());
        const address = `${networkName()} ${engine.address}`;
        const name = createHash("sha256").update(address).digest("hex").slice(0, 32);
        const journal = await RunJournal.findOrBegin(folder, name, path);
        void connection.ended.then(() => journal.close());
        if (!connection.isOpen) throw new Error("Pulumi's engine has ended");
        return journal;
    }

    private static async findOrBegin(folder: string, name: string, witness: string): Promise<RunJournal> {
        for (;;) {
            const numbers = readdirSync(folder)
                .flatMap((file) => (file.startsWith(`${name}.`) ? [Number(file.slice(name.length + 1))] : []))
                .sort((a, b) => b - a);
            for (const number of numbers) {
                const path = join(folder, `${name}.${number}`);
                const id = await runOf(path);
                if (id === undefined) continue;
                const journal = new RunJournal(openJournal(path), folder, id);
                journal.append({ is: "joined", witness });
                return journal;
            }
            const begun = createJournal(join(folder, `${name}.${(numbers[0] ?? 0) + 1}`));
            // Undefined if another process was faster. It may belong to this run, so it is asked in the next round.
            if (begun === undefined) continue;
            const journal = new RunJournal(begun, folder, randomUUID());
            journal.append({ is: "joined", id: journal.id, witness });
            return journal;
        }
    }

    /** Does nothing once the engine has ended, because then no process of the run decides anything. */
    append(entry: object): void {
        if (!this.isOpen) return;
        // In ASCII, because a reader may get a part that ends within a character.
        const line = JSON.stringify(entry).replaceAll(/[\u0080-\uffff]/g, escaped);
        const bytes = Buffer.from(`${line}\n`);
        if (writeSync(this.file, bytes) < bytes.length)
            throw new Error(
                `the temporary folder ${this.folder} is full, so this run cannot record its events`,
            );
    }

    /** Writes a large value into a file beside the journal. The file is complete or does not exist. */
    attach(label: string, value: unknown): void {
        const path = join(this.folder, `${this.id}-${label}`);
        writeFileSync(`${path}-${process.pid}`, JSON.stringify(value), { mode: 0o600 });
        renameSync(`${path}-${process.pid}`, path);
    }

    /** Reads and deletes the file of an attached value. */
    take(label: string): unknown {
        const path = join(this.folder, `${this.id}-${label}`);
        const text = readFileSync(path, "utf8");
        rmSync(path, { force: true });
        return JSON.parse(text);
    }

    /** Entries of all processes, including this one, since the last call. */
    newEntries(): unknown[] {
        const length = this.isOpen ? fstatSync(this.file).size - this.position : 0;
        if (length <= 0) return [];
        const bytes = Buffer.alloc(length);
        const read = readSync(this.file, bytes, 0, length, this.position);
        this.position += read;
        const lines = (this.unfinishedLine + bytes.toString("utf8", 0, read)).split("\n");
        this.unfinishedLine = lines.pop() ?? "";
        return lines.map((line) => JSON.parse(line) as unknown);
    }

    /** Throws if the journal is closed. Then this process neither reads nor writes the run's events. */
    assertOpen(): void {
        if (!this.isOpen) throw new Error("the connection to Pulumi's engine is closed");
    }

    private close(): void {
        this.isOpen = false;
        closeSync(this.file);
    }
}

/** The identity of the run that this journal belongs to, if one of its writers confirms that it is this process's run. */
async function runOf(path: string): Promise<string | undefined> {
    const text = await textOf(path);
    const writers = text
        .split("\n")
        .slice(0, -1) // the text after the last line break is no complete line
        .filter((line) => line.startsWith('{"is":"joined"'))
        .map((line) => JSON.parse(line) as { id?: string; witness: string });
    try {
        await Promise.any(writers.map(({ witness }) => confirm(witness)));
        return writers[0]?.id;
    } catch (error) {
        const silent = (error as AggregateError).errors.find((each) => each instanceof NoAnswer);
        if (silent) throw silent;
        return undefined;
    }
}

/** A journal's text. Waits for the first line of a new journal. */
async function textOf(path: string): Promise<string> {
    const begun = Date.now();
    for (;;) {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (!stats) return ""; // deleted by another process
        const text = readFileSync(path, "utf8");
        const age = Date.now() - Math.min(begun, stats.mtimeMs);
        if (text.includes("\n") || age > FIRST_LINE_WITHIN) return text;
        await timeouts.pause(20);
    }
}

function escaped(character: string): string {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
