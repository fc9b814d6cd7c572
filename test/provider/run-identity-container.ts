/** An engine, and processes of its run, in a container of their own. `run-identity.test.ts` starts two of these and tells them what to do. */
import { createInterface } from "node:readline";
import { StandInEngine } from "./harness/engine";
import { freshProviderModule, joinedRun } from "./harness/package";

/** What a process sees that joins the run. */
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
    process.exit(); // the engine would keep the process
}

/** This process, as another process of the run: with fresh modules. */
async function join() {
    freshProviderModule("run/start");
    return joinedRun();
}

void main();
