/**
 * Previews one stack by the Automation API, with the ready-made program inline in this process. It ends when engines have
 * had the addresses of earlier ones three times. `reused-ports.test.ts` runs this.
 *
 * Between the previews an account is suspended, or active again with an access key. A preview that goes by the one before it is wrong.
 */
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { storeOfRun } from "pulumi-aws-root-credentials";
import program from "../../program";
import { Stack } from "./stack";

const CHANGING = "100000000003";
const MOST_RUNS = 40;

export interface InlineRun {
    /** The run's identity, and the engine's address. */
    id: string;
    engine: string;
    expected: string;
    said: string;
}

async function main(): Promise<void> {
    const root = { accessKeys: [{}] };
    const ids = ["100000000001", "100000000002", CHANGING];
    const accounts = ids.map((id) => ({
        id,
        name: `account-${id.at(-1)}`,
        ...(id === CHANGING && { root }),
    }));
    const project = await Stack.over({ accounts });
    Object.assign(process.env, project.environment);
    const seen = { id: "", engine: "" };
    const stack = await LocalWorkspace.selectStack(
        {
            stackName: "test",
            projectName: "aws-root-credentials",
            async program() {
                const outputs = await program();
                const client = pulumi.runtime.getEngine() as unknown as {
                    getChannel(): { getTarget(): string };
                };
                Object.assign(seen, { id: storeOfRun().id, engine: client.getChannel().getTarget() });
                return outputs;
            },
        },
        { workDir: project.project },
    );
    try {
        project.organization.setState(CHANGING, "SUSPENDED");
        await stack.up();
        project.organization.setState(CHANGING, "ACTIVE");
        await stack.up();
        const addresses: string[] = [];
        while (addresses.length - new Set(addresses).size < 3 && addresses.length < MOST_RUNS) {
            const isActive = addresses.length % 2 === 0;
            project.organization.setState(CHANGING, isActive ? "ACTIVE" : "SUSPENDED");
            if (isActive) project.organization.createRootAccessKey(CHANGING);
            const { stdout } = await stack.preview();
            const said = /accounts inspected: ([^;]*);/.exec(stdout)?.[1] ?? stdout;
            const expected = isActive ? "1 drifted, 2 clean" : "2 clean";
            addresses.push(seen.engine);
            const run: InlineRun = { ...seen, expected, said };
            console.log(JSON.stringify(run));
        }
    } finally {
        await project.close();
    }
}

void main();
