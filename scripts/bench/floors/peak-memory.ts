/** Loaded before a script (`--require`): writes the process's peak memory to file descriptor 3 when it exits. */
import { writeSync } from "node:fs";

/** In KiB on every system. */
process.on("exit", () => void writeSync(3, String(process.resourceUsage().maxRSS)));
