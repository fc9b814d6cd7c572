/** The folder of this user's journals, and the files in it. Other users cannot write there. */
import { constants, lstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** A file without a write for this time is deleted. Milliseconds. */
const KEPT_FOR = 2 * 24 * 60 * 60 * 1000;

/** Throws if another user may write in the folder. */
export function journalFolder(): string {
    const folder = join(tmpdir(), `root-credentials-runs-${process.getuid?.() ?? userInfo().username}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    const isOfOthers =
        process.getuid !== undefined && (stats.uid !== process.getuid() || (stats.mode & 0o022) !== 0);
    if (!stats.isDirectory() || isOfOthers)
        throw new Error(`${folder} must be a folder that only its owner may write`);
    return folder;
}

export function deleteOldFiles(folder: string): void {
    for (const name of readdirSync(folder)) {
        const old = statSync(join(folder, name), { throwIfNoEntry: false });
        if (old && Date.now() - old.mtimeMs > KEPT_FOR) rmSync(join(folder, name), { force: true });
    }
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

export function openJournal(path: string, flags = 0): number {
    return openSync(path, O_APPEND | O_RDWR | (O_NOFOLLOW ?? 0) | flags, 0o600);
}

/** Undefined if the file exists already. */
export function createJournal(path: string): number | undefined {
    try {
        return openJournal(path, O_CREAT | O_EXCL);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
        throw error;
    }
}
