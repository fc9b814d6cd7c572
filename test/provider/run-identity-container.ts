/** An engine and processes of its run, in their own container. `run-identity.test.ts` starts two of these and sends them commands. */
import { createInterface } from "node:readline";
import { StandInEngine } from "./harness/engine";
import { freshProviderModule, joinedRun } from "./harness/package";

/** The events that a process of the run can read after joining. */
export interface Joined {
    pid: number;
    engine: string;
    id: string;
    read: string[];
}

async function main(): Promise<void> {
    const { address } = await StandInEngine.start({ port: 40_001 });
    process.argv = [process.execPath, "dynamic-provider", address];
    const first = await join();
    for await (const line of createInterface(process.stdin)) {
        const [command, accountId = ""] = line.split(" ");
        if (command === "tell")
            first.accounts.addInspected(accountId, { onDelete: "retain", confirmed: true, clean: true });
        else {
            const other = await join();
            const read = other.accounts.inspected().map(({ id }) => id);
            const joined: Joined = { pid: process.pid, engine: address, id: other.store.id, read };
            console.log(JSON.stringify(joined));
        }
    }
    process.exit(); // the engine would keep the process alive
}

/** Loads new modules, so that this process acts as another process of the run. */
async function join() {
    freshProviderModule("run/join-run");
    return joinedRun();
}

void main();
