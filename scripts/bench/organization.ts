/** A simulated organization in another process, as a bench sees it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Asked, Reply, Request, Setting } from "./organization-process";

export class RemoteOrganization {
    private constructor(
        private readonly process: ChildProcess,
        /** The variables that point an AWS SDK at it. */
        readonly environment: Record<string, string>,
    ) {}

    static async start(setting: Setting): Promise<RemoteOrganization> {
        const child = fork(join(__dirname, "organization-process.js"), {
            execArgv: ["--max-old-space-size=4096"],
        });
        const { environment } = (await ask(child, { ask: "start", setting })) as Reply & {
            environment: Record<string, string>;
        };
        return new RemoteOrganization(child, environment);
    }

    /** What it was asked since this was last called. */
    async asked(): Promise<Asked> {
        return ((await ask(this.process, { ask: "told" })) as { asked: Asked }).asked;
    }

    /** Active member accounts that hold root credentials. */
    async accountsLeft(): Promise<number> {
        return ((await ask(this.process, { ask: "left" })) as { accountsLeft: number }).accountsLeft;
    }

    /** Gives one member account in so many root credentials; answers how many. */
    async soil(every: number): Promise<number> {
        return ((await ask(this.process, { ask: "soil", every })) as { soiled: number }).soiled;
    }

    async stop(): Promise<void> {
        if (this.process.exitCode !== null || this.process.signalCode !== null) return;
        const ended = once(this.process, "exit");
        this.process.kill();
        await ended;
    }
}

function ask(child: ChildProcess, request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
        const ended = () => reject(new Error("the simulated organization's process has ended"));
        child.once("exit", ended);
        child.once("message", (reply: Reply) => {
            child.off("exit", ended);
            resolve(reply);
        });
        child.send(request);
    });
}
