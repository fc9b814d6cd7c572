import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const SCRIPT = resolve(__dirname, "../../scripts/simulator.js");

describe("npm run simulator", () => {
    const children: ChildProcess[] = [];
    afterEach(() => {
        for (const child of children.splice(0)) child.kill("SIGKILL");
    });

    function run(...args: string[]) {
        const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
        children.push(child);
        return child;
    }

    /** The variables of the `export` lines, once they are printed. */
    async function exported(child: ReturnType<typeof run>): Promise<Record<string, string>> {
        let printed = "";
        for await (const chunk of child.stdout) {
            printed += String(chunk);
            if (printed.includes("AWS_EC2_METADATA_DISABLED")) break;
        }
        const variables: Record<string, string> = {};
        for (const [, name = "", value = ""] of printed.matchAll(/^export (\w+)=(.*)$/gm))
            variables[name] = value;
        return variables;
    }

    function configuration(environment: Record<string, string>) {
        return {
            endpoint: environment["AWS_ENDPOINT_URL"] ?? "",
            region: environment["AWS_REGION"] ?? "",
            credentials: {
                accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
                secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
            },
        };
    }

    async function failure(...args: string[]) {
        const child = run(...args);
        const [stderr] = await Promise.all([text(child.stderr), once(child, "exit")]);
        return { stderr, code: child.exitCode };
    }

    it("serves the example organization to whoever takes over its variables, and ends when asked", async () => {
        const child = run();
        const environment = await exported(child);
        assert.deepEqual(Object.keys(environment), [
            "AWS_ENDPOINT_URL",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_EC2_METADATA_DISABLED",
        ]);

        const identity = await new STSClient(configuration(environment)).send(
            new GetCallerIdentityCommand({}),
        );
        assert.equal(identity.Account, "418263950174");

        child.kill("SIGTERM");
        assert.deepEqual(await once(child, "exit"), [0, null]);
    });

    it("generates as many accounts as it is told", async () => {
        const environment = await exported(run("--accounts", "45", "--latency", "1"));

        let accounts = 0;
        const client = new OrganizationsClient(configuration(environment));
        for await (const page of paginateListAccounts({ client }, {})) accounts += page.Accounts?.length ?? 0;
        assert.equal(accounts, 46);
    });

    it("explains itself", async () => {
        const child = run("--help");
        assert.match(await text(child.stdout), /--port.*--latency.*--accounts/s);
    });

    it("refuses flags that make no sense, naming flag, expectation and value", async () => {
        assert.deepEqual(await failure("--port", "80x"), {
            stderr: '--port: expected a whole number from 0 to 65535, got "80x"\nTry: npm run simulator -- --help\n',
            code: 2,
        });
        assert.match(
            (await failure("--accounts", "0")).stderr,
            /^--accounts: expected .* from 1 to 50000, got "0"/,
        );
        assert.match((await failure("--latency", "1.5")).stderr, /^--latency: expected .* got "1.5"/);
        assert.match((await failure("--prot", "80")).stderr, /'--prot'/);
    });

    it("refuses a port that is taken", async () => {
        const { AWS_ENDPOINT_URL: url = "" } = await exported(run());
        const { port } = new URL(url);

        const { stderr, code } = await failure("--port", port);
        assert.equal(stderr.split("\n")[0], `--port: expected a port that is free, got "${port}"`);
        assert.equal(code, 2);
    });
});
