const LINE_EVERY_MS = 10_000;
const RENEW_EVERY_MS = 250;

/** Set-up prints to standard error, because standard output belongs to the command that follows. */
export function say(text) {
    process.stderr.write(`${text}\n`);
}

/**
 * Does `work` and reports its progress: on a terminal in one line that is rewritten, otherwise in a line every ten seconds.
 * `work` gets a function for its latest detail ("compiled 120 packages"). It has failed if it returns `ok: false`. Work that
 * ends within `quietForMs` is not reported.
 */
export async function reportProgress(title, work, { quietForMs = 0 } = {}) {
    const started = Date.now();
    const terminal = process.stderr.isTTY;
    let detail;
    let spokenAt;

    const speak = () => {
        const line = [title, detail, spokenAt && duration(Date.now() - started)].filter(Boolean).join(" · ");
        if (terminal) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
        else say(line);
        spokenAt = Date.now();
    };
    const speakWhenDue = () => {
        if (!spokenAt) {
            if (Date.now() - started >= quietForMs) speak();
        } else if (terminal || Date.now() - spokenAt >= LINE_EVERY_MS) {
            speak();
        }
    };

    speakWhenDue();
    const timer = setInterval(speakWhenDue, RENEW_EVERY_MS);
    try {
        const result = await work((text) => (detail = text));
        if (spokenAt) {
            if (terminal) process.stderr.write("\r\x1b[K");
            say(
                `${title} · ${result?.ok === false ? "failed after" : "done in"} ${duration(Date.now() - started)}`,
            );
        }
        return result;
    } catch (error) {
        if (spokenAt && terminal) process.stderr.write("\n");
        throw error;
    } finally {
        clearInterval(timer);
    }
}

function duration(ms) {
    const seconds = Math.round(ms / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
