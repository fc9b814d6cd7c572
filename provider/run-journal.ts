/**
 * What the processes of one run tell each other: the program, and the provider's.
 *
 * One phase of a Pulumi run is usually served by one provider process beside the program. But where the stack's configuration changed
 * since the last `up`, the engine refreshes with the process of the old configuration and checks, creates and deletes with
 * another one. What stands between an innocent delete and a re-opened account must not be lost in between, so the
 * processes share a file: each appends what happened and reads what is new before it decides.
 *
 * The file is named after the engine, which is another one for every phase, and lies in a folder that only this user may write.
 */
import { createHash } from "node:crypto";
import {
    constants,
    fstatSync,
    ftruncateSync,
    lstatSync,
    mkdirSync,
    openSync,
    readdirSync,
    readFileSync,
    readSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
    writeSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Journals of runs that ended longer ago than this are swept away, in milliseconds. */
const KEPT_FOR = 2 * 24 * 60 * 60 * 1000;

/**
 * A journal that nobody wrote to for so long is of another run, which happened to have the same name: within a run the
 * processes follow each other closely. Milliseconds.
 */
const OF_THIS_RUN = 60 * 60 * 1000;

export class RunJournal {
    private readonly file: number;
    private readonly path: string;
    private position = 0;
    private unfinishedLine = "";

    /** @param run what all provider processes of the run, and no other run, know it by */
    constructor(run: string) {
        const folder = ownFolder();
        sweep(folder);
        const name = createHash("sha256").update(run).digest("hex").slice(0, 32);
        this.path = join(folder, name);
        const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
        this.file = openSync(this.path, O_APPEND | O_CREAT | O_RDWR | (O_NOFOLLOW ?? 0), 0o600);
        if (Date.now() - fstatSync(this.file).mtimeMs > OF_THIS_RUN) ftruncateSync(this.file);
    }

    append(entry: object): void {
        // In ASCII: whoever reads while this is written may get a part that ends within a character.
        const line = JSON.stringify(entry).replaceAll(/[\u0080-\uffff]/g, escaped);
        writeSync(this.file, `${line}\n`);
    }

    /** Puts something large beside the journal, for whoever is told of it by an entry. There in whole, or not at all. */
    attach(label: string, value: unknown): void {
        const path = `${this.path}-${label}`;
        writeFileSync(`${path}-${process.pid}`, JSON.stringify(value), { mode: 0o600 });
        renameSync(`${path}-${process.pid}`, path);
    }

    /** Takes it from there. */
    take(label: string): unknown {
        const path = `${this.path}-${label}`;
        const text = readFileSync(path, "utf8");
        rmSync(path, { force: true });
        return JSON.parse(text);
    }

    /** Entries of all processes, this one's included, since the last time it was asked. */
    news(): unknown[] {
        const { size } = fstatSync(this.file);
        if (size < this.position) {
            // Begun anew by another process, because nobody had written to it for long.
            this.position = 0;
            this.unfinishedLine = "";
        }
        const length = size - this.position;
        if (length <= 0) return [];
        const bytes = Buffer.alloc(length);
        const read = readSync(this.file, bytes, 0, length, this.position);
        this.position += read;
        const lines = (this.unfinishedLine + bytes.toString("utf8", 0, read)).split("\n");
        this.unfinishedLine = lines.pop() ?? "";
        return lines.map((line) => JSON.parse(line) as unknown);
    }
}

function escaped(character: string): string {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function ownFolder(): string {
    const folder = join(tmpdir(), `root-credentials-runs-${process.getuid?.() ?? userInfo().username}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    const others =
        process.getuid !== undefined && (stats.uid !== process.getuid() || (stats.mode & 0o022) !== 0);
    if (!stats.isDirectory() || others)
        throw new Error(`${folder} must be a folder that only its owner may write`);
    return folder;
}

function sweep(folder: string): void {
    for (const name of readdirSync(folder)) {
        const old = statSync(join(folder, name), { throwIfNoEntry: false });
        if (old && Date.now() - old.mtimeMs > KEPT_FOR) rmSync(join(folder, name), { force: true });
    }
}
