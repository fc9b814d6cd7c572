/** A simulated organization in another process. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CallStatistics, OrganizationOptions, Replies, Request } from "./organization-process";

export class RemoteOrganization {
    private constructor(
        private readonly process: ChildProcess,
        /** The variables that point an AWS SDK at it. */
        readonly environment: Record<string, string>,
    ) {}

    static async start(options: OrganizationOptions): Promise<RemoteOrganization> {
        const child = fork(join(__dirname, "organization-process.js"), {
            execArgv: ["--max-old-space-size=4096"],
        });
        const { environment } = await ask<"start">(child, { ask: "start", options });
        return new RemoteOrganization(child, environment);
    }

    /** Calls since the last call of this method. */
    statistics(): Promise<CallStatistics> {
        return ask<"statistics">(this.process, { ask: "statistics" });
    }

    /** Gives root credentials to one in `every` member accounts. */
    async addCredentials(every: number): Promise<void> {
        await ask<"drift">(this.process, { ask: "drift", every });
    }

    async stop(): Promise<void> {
        if (this.process.exitCode !== null || this.process.signalCode !== null) return;
        const ended = once(this.process, "exit");
        this.process.kill();
        await ended;
    }
}

function ask<Ask extends Request["ask"]>(
    child: ChildProcess,
    request: Extract<Request, { ask: Ask }>,
): Promise<Replies[Ask]> {
    return new Promise((resolve, reject) => {
        const ended = () => reject(new Error("the simulated organization's process has ended"));
        child.once("exit", ended);
        child.once("message", (reply: Replies[Ask]) => {
            child.off("exit", ended);
            resolve(reply);
        });
        child.send(request);
    });
}
