/** What a user can get wrong. Each ends with one clear sentence and the next step, an exit code, and nothing changed. */
import assert from "node:assert/strict";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import program from "../../program";
import { Stack, type StackOptions } from "./stack";
import type { OrganizationSeed } from "../simulator/state/seed";

const FIRST = "100000000001";
const accounts = [FIRST, "100000000002", "100000000003"].map((id) => ({
    id,
    name: `account-${id.at(-1)}`,
    root: { password: {} },
}));

interface Case {
    organization?: Partial<OrganizationSeed>;
    simulator?: StackOptions;
    environment?: (stack: Stack) => NodeJS.ProcessEnv;
    settings?: Record<string, string>;
    program?: string;
    says: RegExp;
    /** Nowhere in the output or the state. */
    never?: RegExp;
}

const CASES: Record<string, Case> = {
    "an account id of eleven digits": {
        program: `new (require("pulumi-aws-root-credentials").RootCredentialsAbsent)("x", { accountId: "12345678901" });`,
        says: /property accountId value \{12345678901\} has a problem: expected 12 digits, got "12345678901"/,
    },
    "an argument that does not exist": {
        program: `new (require("pulumi-aws-root-credentials").RootCredentialsAbsent)("x", { accountId: "${FIRST}", retain: true });`,
        says: /property retain value \{true\} has a problem: there is no such argument; expected one of accountId, accountName/,
    },
    "a setting that does not exist": {
        settings: { maxRemoval: "3" },
        says: /there is no setting aws-root-credentials:maxRemoval; expected one of .*maxRemovals.* \(did you mean maxRemovals\?\)/,
    },
    "a value that a setting does not have": {
        settings: { onDelete: "keep" },
        says: /the setting aws-root-credentials:onDelete is "keep": expected allow-recovery or retain/,
    },
    "a number that is none": {
        settings: { maxRemovals: "-1" },
        says: /the setting aws-root-credentials:maxRemovals is "-1": expected a whole number from 0, or automatic/,
    },
    "a secret in a list": {
        settings: {
            "--secret --path exceptions[0].reason": "hush-4711",
            "--path exceptions[0].account": FIRST,
            "--path exceptions[0].until": "2099-12-01T18:00:00Z",
        },
        says: /the setting aws-root-credentials:exceptions is a secret, or holds one: expected plain text.*--plaintext/,
        never: /hush-4711/,
    },
    "a secret with a value that the setting does not have": {
        settings: { "--secret maxRemovals": "hush-4711" },
        says: /the setting aws-root-credentials:maxRemovals is a secret, or holds one/,
        never: /hush-4711/,
    },
    "no credentials": {
        environment: () => ({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }),
        says: /no AWS credentials were found.*Sign in to the management account/,
    },
    "credentials that AWS does not know": {
        environment: () => ({ AWS_ACCESS_KEY_ID: "AKIAXXXXXXXXXXXXXXXX" }),
        says: /AWS does not know the caller's credentials.*InvalidClientTokenId/,
    },
    "credentials that have expired": {
        environment: (stack) => stack.simulator.environment("expired"),
        says: /the caller's AWS credentials have expired.*Sign in/,
    },
    "no region": {
        environment: () => ({ AWS_REGION: "" }),
        says: /no AWS region is set.*set AWS_REGION/,
    },
    "the global region": {
        environment: () => ({ AWS_REGION: "aws-global" }),
        says: /the AWS region is "aws-global".*needs a region of its own/,
    },
    "an endpoint where nobody answers": {
        environment: () => ({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" }),
        says: /the AWS endpoint could not be reached.*AWS_ENDPOINT_URL/,
    },
    "an ordinary member account as caller": {
        environment: (stack) => stack.simulator.environment("100000000002"),
        says: /account 100000000002 is neither the organization's management account nor its delegated administrator.*register-delegated-administrator/,
    },
    "an organization without all features": {
        organization: { featureSet: "CONSOLIDATED_BILLING" },
        says: /consolidated billing only; central root access needs all features/,
    },
    "the feature switched off": {
        organization: { features: { RootCredentialsManagement: false } },
        says: /the feature RootCredentialsManagement is off.*enable-organizations-root-credentials-management/,
    },
    "trusted access switched off": {
        organization: { trustedAccess: false },
        says: /trusted access for IAM is off.*enable-aws-service-access/,
    },
    "another partition": {
        simulator: { partition: "aws-us-gov" },
        says: /in the partition "aws-us-gov".*exist in the partition "aws" only/,
    },
    "an organization without member accounts": {
        organization: {
            accounts: [{ id: FIRST, name: "abandoned", state: "SUSPENDED", root: { password: {} } }],
        },
        says: /no active member account was found in the organization, only .*100000000001 abandoned \(suspended\)/,
    },
};

describe("a first run", function () {
    this.timeout(120_000);

    for (const [
        what,
        { organization, simulator, environment, settings, program, says, never },
    ] of Object.entries(CASES)) {
        it(`stops at ${what}`, async () => {
            const stack = await Stack.over({ accounts, ...organization }, simulator);
            try {
                if (program) stack.program(program);
                for (const [key, value] of Object.entries(settings ?? {}))
                    await stack.pulumi(`config set ${key} -- ${value}`);
                const before = stack.left();

                const up = await stack.up("--continue-on-error", environment?.(stack));

                assert.ok(![0, 7].includes(up.exitCode), up.output);
                assert.match(up.output, says);
                assert.equal(
                    up.output.match(new RegExp(says, "g"))?.length,
                    2,
                    `said in progress and diagnostics:\n${up.output}`,
                );
                assert.deepEqual(stack.left(), before);
                assert.doesNotMatch(up.output, /unhandled exception|\n\s+at /);
                if (!never) return;
                assert.doesNotMatch(up.output, never);
                assert.doesNotMatch((await stack.pulumi("stack export")).stdout, never);
            } finally {
                await stack.close();
            }
        });
    }

    it("stops at a passphrase that is missing", async () => {
        const stack = await Stack.over({ accounts });
        try {
            const up = await stack.up("", { PULUMI_CONFIG_PASSPHRASE: undefined });

            assert.notEqual(up.exitCode, 0);
            assert.match(up.output, /PULUMI_CONFIG_PASSPHRASE/);
            assert.equal(stack.left().length, 3);
        } finally {
            await stack.close();
        }
    });
});

describe("an existing stack", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({ accounts, delegatedAdministrators: ["100000000003"] });
        assert.equal((await stack.up()).exitCode, 0);
        stack.organization.setRootPassword(FIRST);
    });
    after(() => stack?.close());

    const says = async (sentence: RegExp, environment: NodeJS.ProcessEnv = {}) => {
        const calls = await stack.callsDuring(async () => {
            const preview = await stack.preview("--expect-no-changes", environment);

            assert.ok(![0, 7].includes(preview.exitCode), preview.output);
            assert.equal(preview.output.match(new RegExp(sentence, "g"))?.length, 1, preview.output);
        });
        assert.equal(calls.get("AssumeRoot"), undefined);
    };

    it("says once that the feature was switched off", async () => {
        stack.organization.setFeature("RootCredentialsManagement", false);
        await says(
            /error: the program stopped, and nothing was changed: the feature RootCredentialsManagement is off/,
        );
        stack.organization.setFeature("RootCredentialsManagement", true);
    });

    it("says once that the credentials have expired", async () => {
        await says(
            /error: the program stopped, and nothing was changed.*credentials have expired/,
            stack.simulator.environment("expired"),
        );
    });

    it("says once that the endpoint is down", async () => {
        await says(/error: the program stopped, and nothing was changed.*could not be reached/, {
            AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        });
    });

    it("says at once, in an up too, and keeps the accounts it knows", async () => {
        const started = Date.now();

        const up = await stack.up("", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });

        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(up.output, /could not be reached/);
        assert.ok(Date.now() - started < 60_000);
        assert.deepEqual(
            [...(await stack.resources()).keys()].sort(),
            accounts.map(({ id }) => id),
        );
        assert.deepEqual(stack.left(), [`${FIRST} password password`]);
    });

    it("converges from the delegated administrator, whose own account it explains", async () => {
        const up = await stack.up("--continue-on-error", stack.simulator.environment("delegate"));

        assert.equal(up.exitCode, 1, up.output);
        assert.match(
            up.output,
            /refused in account 100000000003: the account is the caller's own.*to the management account/,
        );
        assert.deepEqual(stack.left(), []);
    });
});

describe("a first run of the program inline, by the Automation API", function () {
    this.timeout(120_000);

    it("stops at a secret in a list, too", async () => {
        const project = await Stack.over({ accounts });
        try {
            for (const setting of [
                "--secret --path exceptions[0].reason hush-4711",
                `--path exceptions[0].account ${FIRST}`,
                "--path exceptions[0].until 2099-12-01T18:00:00Z",
            ])
                await project.pulumi(`config set ${setting}`);
            const stack = await LocalWorkspace.selectStack(
                { stackName: "test", projectName: "aws-root-credentials", program },
                { workDir: project.project, envVars: project.environment as Record<string, string> },
            );
            const before = project.left();

            await assert.rejects(
                stack.up(),
                /the setting aws-root-credentials:exceptions is a secret, or holds one/,
            );

            assert.deepEqual(project.left(), before);
            assert.doesNotMatch((await project.pulumi("stack export")).stdout, /hush-4711/);
        } finally {
            await project.close();
        }
    });
});
