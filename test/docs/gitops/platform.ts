/**
 * The platform for the pipelines of docs/gitops. It has a stack for each organizational unit of a simulated organization,
 * whose delegated administrator has the documented roles. A folder of commands replaces the platform's own.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import {
    appendFileSync,
    chmodSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf } from "../../engine/processes";
import { Stack } from "../../engine/stack";
import { OPERATORS } from "../../simulator/policies/condition-operators";
import { BIN, PROJECT_ROOT } from "../../temporary-project";
import { policyFile } from "../policies/policy-file";
import { json } from "./files";

export const SECURITY = "444455556666";
export const PAYMENTS = "111122223333";
export const SHOP = "222233334444";
export const TRIAL = "333344445555";
export const ACQUIRED = "555566667777";
export const LATE = "666677778888";

const UNITS = { prod: "Workloads", sandbox: "Sandbox" };

const ROLES = {
    drift: "RootCredentialsDrift",
    converge: "RootCredentialsConverge",
    recovery: "RootCredentialsRecovery",
};

/** Replaces npx, which takes longer than many commands of Pulumi. */
const NPX = `exec "${BIN}/$1" "\${@:2}"`;

export type Environment = Record<string, string>;

/** The variables that a team stores in its platform, by their names in the pipelines. */
export const VARIABLES = {
    AWS_REGION: "us-east-1",
    DRIFT_ROLE_ARN: arnOf("drift"),
    CONVERGE_ROLE_ARN: arnOf("converge"),
    RECOVERY_ROLE_ARN: arnOf("recovery"),
};

export function arnOf(role: keyof typeof ROLES): string {
    return `arn:aws:iam::${SECURITY}:role/${ROLES[role]}`;
}

export class Platform {
    private constructor(
        readonly stack: Stack,
        readonly name: "github" | "gitlab",
        private readonly commands: string,
    ) {}

    static async begin(name: "github" | "gitlab"): Promise<Platform> {
        const stack = await Stack.over({
            delegatedAdministrators: [SECURITY],
            accounts: [
                { id: PAYMENTS, name: "payments", unit: "Workloads/Prod", root: { accessKeys: [{}] } },
                { id: SHOP, name: "shop", unit: "Workloads/Prod" },
                { id: TRIAL, name: "trial", unit: "Sandbox", root: { password: {} } },
                { id: SECURITY, name: "security", unit: "Security" },
            ],
        });
        for (const [role, file] of [
            ["drift", "drift"],
            ["converge", "converge"],
            ["recovery", "recovery"],
        ] as const)
            stack.organization.attachIdentityPolicy(arnOf(role), policyFile(file));
        for (const [stackName, unit] of Object.entries(UNITS)) {
            await stack.pulumi(`stack init ${stackName}`);
            const settings = `config:\n  aws-root-credentials:include:\n    - organizationalUnit: ${unit}\n`;
            appendFileSync(join(stack.project, `Pulumi.${stackName}.yaml`), settings);
        }
        // Files of a checkout that the temporary project lacks.
        symlinkSync(join(PROJECT_ROOT, "docs"), join(stack.project, "docs"));
        const commands = join(stack.project, ".platform");
        mkdirSync(commands);
        const platform = new Platform(stack, name, commands);
        // CI runs `npm ci` in a fresh clone. Here it would empty the folder that every test uses.
        platform.command("npm", `[ "$*" = ci ] || exit 64`);
        platform.command("npx", NPX);
        return platform;
    }

    /** During `work`, every preview writes these reports and succeeds. */
    async whilePreviewsWrite<T>(reports: Record<string, string>, work: () => Promise<T>): Promise<T> {
        const kept = join(this.commands, "reports");
        mkdirSync(kept, { recursive: true });
        for (const [name, text] of Object.entries(reports)) writeFileSync(join(kept, name), text);
        this.command("npx", `if [ "$1" = pulumi ]; then exec cp "${kept}"/* .; fi\n${NPX}`);
        try {
            return await work();
        } finally {
            this.command("npx", NPX);
        }
    }

    /** Whether the backend has a lock for the stack. */
    locked(): boolean {
        const locks = join(dirname(this.stack.project), "state/.pulumi/locks");
        if (!existsSync(locks)) return false;
        return readdirSync(locks, { recursive: true }).some((name) => String(name).endsWith(".json"));
    }

    /** Adds a command to the front of every script's PATH. */
    command(name: string, script: string): void {
        const file = join(this.commands, name);
        writeFileSync(file, `#!/usr/bin/env bash\n${script}\n`);
        chmodSync(file, 0o755);
    }

    /**
     * Runs a script as a runner does. Its environment has only the given variables and the paths. When `at` returns true, this
     * cancels the script as GitHub does.
     */
    run(
        script: string,
        flags: string[],
        environment: Environment,
        cancelAt?: () => boolean,
    ): Promise<{ exitCode: number; output: string }> {
        const file = join(this.commands, "script.sh");
        writeFileSync(file, script);
        const { PATH, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, ...machine } = withoutCredentials(
            this.stack.environment,
        );
        void [PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE]; // the pipeline sets them
        const env = { ...machine, ...environment, PATH: `${this.commands}${delimiter}${PATH ?? ""}` };
        return new Promise((resolve, reject) => {
            const child = spawn("bash", [...flags, file], { cwd: this.stack.project, env, timeout: 120_000 });
            let output = "";
            for (const stream of [child.stdout, child.stderr])
                stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
            child.on("error", reject);
            if (cancelAt)
                void this.cancel(child, cancelAt).then(() => resolve({ exitCode: -1, output }), reject);
            else child.on("close", (code) => resolve({ exitCode: code ?? -1, output }));
        });
    }

    /**
     * GitHub's workflow cancellation reference: Ctrl-C for the step's own process, SIGTERM after 7.5 seconds, and 2.5 seconds
     * later the end of all its processes. The next step starts when the step's own process has ended.
     */
    private async cancel(child: ChildProcess, cancelAt: () => boolean): Promise<void> {
        let gone = false;
        child.on("exit", () => (gone = true));
        while (!gone && !cancelAt()) await sleep(3);
        assert.ok(!gone, "ended before it was to be cancelled");
        for (const [signal, seconds] of [
            ["SIGINT", 7.5],
            ["SIGTERM", 2.5],
        ] as const) {
            child.kill(signal);
            for (const end = Date.now() + seconds * 1000; !gone && Date.now() < end;) await sleep(10);
        }
        if (gone) return;
        for (const { pid } of processesOf(dirname(this.stack.project))) process.kill(pid, "SIGKILL");
    }

    /**
     * The credentials of a role for a job with these claims in its token. Throws if the role's documented trust policy refuses it.
     */
    assumeRole(roleArn: string, claims: Environment): Environment {
        const [role] =
            Object.entries(ROLES).find(([, name]) => roleArn.endsWith(`/${name}`)) ?? assert.fail(roleArn);
        if (!trusts(`${this.name}-${role}`, claims))
            throw new Error(`${roleArn} does not trust ${JSON.stringify(claims)}`);
        return this.stack.simulator.environment(roleArn);
    }

    read(file: string): string {
        return readFileSync(join(this.stack.project, file), "utf8");
    }
}

interface TrustPolicy {
    Statement: {
        Effect: string;
        Action: string;
        Condition: Record<string, Record<string, string | string[]>>;
    }[];
}

/** Whether docs/gitops/trust admits a job with these claims in its token. A missing claim fails its condition. */
export function trusts(policy: string, claims: Environment): boolean {
    const { Statement } = json(`trust/${policy}.json`) as TrustPolicy;
    return Statement.some(({ Effect, Action, Condition }) => {
        assert.deepEqual([Effect, Action], ["Allow", "sts:AssumeRoleWithWebIdentity"]);
        return Object.entries(Condition).every(([operator, keys]) => {
            const pattern = OPERATORS[operator] ?? assert.fail(operator);
            return Object.entries(keys).every(([key, wanted]) =>
                [wanted].flat().some((each) => pattern(each)(claims[key] ?? "", new Map())),
            );
        });
    });
}

function withoutCredentials(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const names = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION)$/;
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name)));
}
