import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { accessDenied, type OrganizationSeed } from "../simulator";
import { runProgram, type ProgramOptions, type ProgramRun } from "./harness";

const MANAGEMENT = "999988887777";
const SECURITY = "100000000001";
const PAYMENTS = "100000000002";
const ACCOUNTS = [
    { id: SECURITY, name: "security" },
    { id: PAYMENTS, name: "payments", unit: "Workloads", root: { password: {} } },
];
const SEED: OrganizationSeed = { accounts: ACCOUNTS };
const UNPREPARED: OrganizationSeed = {
    ...SEED,
    trustedAccess: false,
    features: { RootCredentialsManagement: false, RootSessions: false },
};

const TYPES = {
    trustedAccess: "aws:organizations/awsServiceAccess:AwsServiceAccess",
    features: "aws:iam/organizationsFeatures:OrganizationsFeatures",
    delegate: "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
    policy: "aws:organizations/policy:Policy",
    attachment: "aws:organizations/policyAttachment:PolicyAttachment",
    provider: "pulumi:providers:aws",
    account: "pulumi-nodejs:dynamic/aws-root:RootCredentialsAbsent",
};

describe("The foundation", () => {
    it("registers and loads nothing of AWS's package if it is off", () => {
        assert.deepEqual(loadedBy(undefined), []);
        // The same check finds the package if it is loaded.
        assert.notDeepEqual(loadedBy({ enabled: true }), []);
    });

    it("leaves every account without dependencies if it is off", () =>
        runProgram(
            { seed: SEED, config: foundation({ enabled: false, denyRootUser: ["r-abcd"] }) },
            (run) => {
                assert.deepEqual(
                    run.registered.map(({ type }) => type),
                    [TYPES.account, TYPES.account],
                );
                assert.deepEqual(run.requests[0]?.getDependenciesList(), []);
            },
        ));

    it("switches on trusted access, then the feature, and then inspects the accounts", () =>
        runProgram({ seed: UNPREPARED, config: foundation({}) }, (run) => {
            assert.deepEqual(
                run.registered.map(({ type }) => type),
                [TYPES.provider, TYPES.trustedAccess, TYPES.features, TYPES.account, TYPES.account],
            );
            assert.deepEqual(inputsOf(run, TYPES.trustedAccess), { servicePrincipal: "iam.amazonaws.com" });
            assert.deepEqual(inputsOf(run, TYPES.features), {
                enabledFeatures: ["RootCredentialsManagement"],
            });
            assert.deepEqual(dependenciesOf(run, TYPES.features), [TYPES.trustedAccess]);
            for (const id of [SECURITY, PAYMENTS])
                assert.deepEqual(dependenciesOf(run, TYPES.account, id), [TYPES.features]);
        }));

    it("works only in the management account, whatever the stack's aws: settings are", () =>
        runProgram(
            { seed: UNPREPARED, config: { ...foundation(full()), "aws:profile": "elsewhere" } },
            (run) => {
                const { allowedAccountIds, profile } = inputsOf(run, TYPES.provider);
                assert.deepEqual([allowedAccountIds, profile], [JSON.stringify([MANAGEMENT]), undefined]);
                const provider = `${urnOf(TYPES.provider, "management-account")}::management-account`;
                const ofAws = run.requests.filter((request) => request.getType().startsWith("aws:"));
                assert.equal(ofAws.length, 6);
                assert.deepEqual(
                    ofAws.map((request) => request.getProvider()),
                    ofAws.map(() => provider),
                );
            },
        ));

    it("never switches features off, but deletes its own policy", () =>
        runProgram({ seed: UNPREPARED, config: foundation(full()) }, (run) => {
            const retained = run.requests.map((request) => [request.getType(), request.getRetainondelete()]);
            assert.deepEqual(Object.fromEntries(retained), {
                [TYPES.provider]: false,
                [TYPES.trustedAccess]: true,
                [TYPES.features]: true,
                [TYPES.delegate]: true,
                [TYPES.policy]: false,
                [TYPES.attachment]: false,
                [TYPES.account]: false,
            });
        }));

    it("keeps an enabled feature declared, because the resource would switch it off", () =>
        runProgram(
            {
                seed: { ...SEED, features: { RootCredentialsManagement: false, RootSessions: true } },
                config: foundation({}),
            },
            (run) => {
                assert.deepEqual(inputsOf(run, TYPES.features), {
                    enabledFeatures: ["RootCredentialsManagement", "RootSessions"],
                });
            },
        ));

    it("switches RootSessions on if the setting asks for it", () =>
        runProgram({ seed: UNPREPARED, config: foundation({ rootSessions: true }) }, (run) => {
            assert.deepEqual(inputsOf(run, TYPES.features), {
                enabledFeatures: ["RootCredentialsManagement", "RootSessions"],
            });
        }));

    it("registers the delegated administrator after trusted access is on", () =>
        runProgram({ seed: UNPREPARED, config: foundation({ delegatedAdministrator: SECURITY }) }, (run) => {
            assert.deepEqual(inputsOf(run, TYPES.delegate), {
                accountId: SECURITY,
                servicePrincipal: "iam.amazonaws.com",
            });
            assert.deepEqual(dependenciesOf(run, TYPES.delegate), [TYPES.trustedAccess]);
            assert.equal(requestOf(run, TYPES.delegate).getImportid(), "");
        }));

    it("imports a delegated administrator that is already registered", () =>
        runProgram(
            {
                seed: { ...SEED, delegatedAdministrators: [SECURITY] },
                config: foundation({ delegatedAdministrator: SECURITY }),
            },
            (run) => {
                assert.equal(requestOf(run, TYPES.delegate).getImportid(), `${SECURITY}/iam.amazonaws.com`);
            },
        ));

    it("attaches one policy to each target", () =>
        runProgram({ seed: SEED, config: foundation({ denyRootUser: ["r-abcd", PAYMENTS] }) }, (run) => {
            const { content, type } = inputsOf(run, TYPES.policy);
            assert.equal(type, "SERVICE_CONTROL_POLICY");
            assert.deepEqual(JSON.parse(String(content)), {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "DenyRootUserExceptAssumeRoot",
                        Effect: "Deny",
                        Action: "*",
                        Resource: "*",
                        Condition: {
                            ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" },
                            Null: { "aws:AssumedRoot": "true" },
                        },
                    },
                ],
            });
            assert.deepEqual(
                run.registered.filter(({ type }) => type === TYPES.attachment).map(({ inputs }) => inputs),
                ["r-abcd", PAYMENTS].map((targetId) => ({ targetId, policyId: "deny-root-user" })),
            );
            assert.deepEqual(dependenciesOf(run, TYPES.attachment, "deny-root-user-r-abcd"), [TYPES.policy]);
        }));

    it("exempts the root user of an account while its exception is open", () => {
        const exception = (account: string, until: string) => ({ account, until, reason: "tax form" });
        const exceptions = [
            exception(PAYMENTS, "2999-01-01T00:00:00Z"),
            exception(SECURITY, "2020-01-01T00:00:00Z"),
        ];
        const config = {
            ...foundation({ denyRootUser: ["r-abcd"] }),
            "aws-root-credentials:exceptions": JSON.stringify(exceptions),
        };

        return runProgram({ seed: SEED, config }, (run) => {
            const policy = JSON.parse(String(inputsOf(run, TYPES.policy)["content"])) as {
                Statement: { Condition: Record<string, unknown> }[];
            };
            assert.deepEqual(policy.Statement[0]?.Condition["StringNotEquals"], {
                "aws:PrincipalAccount": [PAYMENTS],
            });
        });
    });
});

describe("A first preview with the foundation on", () => {
    it("gives the reason why no account could be inspected once, and reports no account as clean", () =>
        runProgram({ seed: UNPREPARED, config: foundation({}) }, (run) => {
            const { said, simulator } = run;
            assert.equal(said().match(/could be inspected: /g)?.length, 1, said());
            assert.match(
                said(),
                /trusted access for IAM and the feature RootCredentialsManagement is still off.*pulumi up switches this on.*--target/,
            );
            assert.match(said(), /0 of 2 accounts inspected.*2 not inspected/);
            // A hook would fail and warn for each account.
            assert.deepEqual(hooksOf(run, PAYMENTS), []);
            assert.deepEqual(simulator.requests.of("AssumeRoot"), []);
        }));

    it("names only the feature if trusted access is on", () =>
        runProgram(
            {
                seed: { ...SEED, features: { RootCredentialsManagement: false } },
                config: foundation({}),
            },
            ({ said }) =>
                assert.match(said(), /in the organization, the feature RootCredentialsManagement is/),
        ));

    it("inspects the accounts if central root access is on", () =>
        runProgram({ seed: SEED, config: foundation(full()) }, (run) => {
            assert.doesNotMatch(run.said(), /still off/);
            assert.deepEqual(hooksOf(run, PAYMENTS), ["inspect-before-create"]);
        }));

    it("is followed by an up without this warning", () =>
        runProgram({ seed: UNPREPARED, config: foundation({}), preview: false }, ({ said }) =>
            assert.equal(said(), ""),
        ));
});

describe("The foundation stops before anything is registered, if", () => {
    const STOPS: { title: string; options?: Partial<ProgramOptions>; settings?: object; sentence: RegExp }[] =
        [
            {
                title: "the caller is the delegated administrator",
                options: { caller: "delegate", seed: { ...SEED, delegatedAdministrators: [SECURITY] } },
                sentence: new RegExp(
                    `user/.* is not in the management account ${MANAGEMENT}.*foundation.enabled false`,
                ),
            },
            {
                title: "the caller is of an ordinary member",
                options: { caller: "member" },
                sentence: /is not in the management account/,
            },
            {
                title: "the caller belongs to no organization",
                options: { caller: "123456789012" },
                sentence: /organizations:DescribeOrganization answered AWSOrganizationsNotInUseException/,
            },
            {
                title: "the caller may not list the features, which says nothing about them",
                options: {
                    arrange: (organization) =>
                        organization.failAlways("ListOrganizationsFeatures", accessDenied()),
                },
                sentence: /Allow iam:ListOrganizationsFeatures/,
            },
            {
                title: "the organization has consolidated billing only",
                options: { seed: { ...SEED, featureSet: "CONSOLIDATED_BILLING" } },
                sentence: /consolidated billing only/,
            },
            {
                title: "service control policies are not enabled",
                settings: { denyRootUser: [PAYMENTS] },
                options: {
                    arrange: ({ policies }) => policies.enabledTypes.delete("SERVICE_CONTROL_POLICY"),
                },
                sentence: /enable-policy-type --root-id r-\w+ --policy-type SERVICE_CONTROL_POLICY/,
            },
            {
                title: "the management account would be its own delegate",
                settings: { delegatedAdministrator: MANAGEMENT },
                sentence: /delegatedAdministrator is the management account 999988887777/,
            },
            {
                title: "the management account is a target of the policy",
                settings: { denyRootUser: [MANAGEMENT] },
                sentence: /denyRootUser names the management account .* no service control policy applies/,
            },
        ];

    for (const { title, options, settings = {}, sentence } of STOPS) {
        it(title, async () => {
            const given = { seed: UNPREPARED, config: foundation(settings), ...options };
            await assert.rejects(
                runProgram(given, () => assert.fail("the program went on")),
                (error: unknown) => {
                    assert.ok(pulumi.RunError.isInstance(error), String(error));
                    assert.match(error.message, /^the program stopped, and nothing was changed: /);
                    assert.match(error.message, sentence);
                    return true;
                },
            );
        });
    }
});

function foundation(settings: object): Record<string, string> {
    return { "aws-root-credentials:foundation": JSON.stringify({ enabled: true, ...settings }) };
}

/** All settings of the foundation. */
function full(): object {
    return { delegatedAdministrator: SECURITY, rootSessions: true, denyRootUser: ["r-abcd", PAYMENTS] };
}

/** Modules of `@pulumi/aws` that the program loads in a process. */
function loadedBy(settings: object | undefined): string[] {
    const config = settings ? foundation(settings) : {};
    const script = `
        const { runProgram } = require(${JSON.stringify(join(__dirname, "harness.js"))});
        const options = ${JSON.stringify({ seed: SEED, config, preview: false })};
        runProgram(options, () => {}).then(() => {
            const loaded = Object.keys(require.cache).filter((path) => /@pulumi.aws\\b/.test(path));
            process.stdout.write(JSON.stringify(loaded), () => process.exit());
        });`;
    const answer = execFileSync(process.execPath, ["-e", script], { encoding: "utf8", timeout: 60_000 });
    return JSON.parse(answer) as string[];
}

function requestOf({ requests }: ProgramRun, type: string, name?: string) {
    const found = requests.find(
        (request) => request.getType() === type && (name === undefined || request.getName() === name),
    );
    assert.ok(found, `no ${type} was registered`);
    return found;
}

/** The hook before the creation of an account's resource. */
function hooksOf(run: ProgramRun, accountId: string): string[] {
    return requestOf(run, TYPES.account, accountId).getHooks()?.getBeforeCreateList() ?? [];
}

function inputsOf({ registered }: ProgramRun, type: string): Record<string, unknown> {
    const found = registered.find((each) => each.type === type);
    assert.ok(found, `no ${type} was registered`);
    return found.inputs;
}

/** The types of a resource's dependencies, without its provider. */
function dependenciesOf(run: ProgramRun, type: string, name?: string): string[] {
    const urns = requestOf(run, type, name).getDependenciesList();
    return urns.map((urn) => urn.split("::")[2] ?? "");
}

function urnOf(type: string, name: string): string {
    return `urn:pulumi:test::aws-root-credentials::${type}::${name}`;
}
