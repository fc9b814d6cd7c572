/** docs/gitops/pulumi-deployments and docs/gitops/kubernetes: their fields, and their variables on the real CLI. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { PROJECT_ROOT } from "../../temporary-project";
import { yaml, yamlDocuments } from "./files";
import { arnOf, Platform, SHOP, type Environment } from "./platform";

interface Literal {
    literal?: { value: string };
}
interface StackObject {
    kind: string;
    metadata: { name: string };
    spec: {
        serviceAccountName: string;
        destroyOnFinalize: boolean;
        useLocalStackOnly: boolean;
        preview?: boolean;
        envRefs: Record<string, Literal>;
        workspaceTemplate: { spec: { image: string } };
    };
}
interface ServiceAccount {
    kind: string;
    metadata: { name: string; annotations: Record<string, string> };
}
interface Deployments {
    resources: {
        settings: { properties: { operationContext: { environmentVariables: Environment } } };
        drift: {
            properties: {
                request: { operation: string; operationContext: { environmentVariables: Environment } };
            };
        };
    };
}

const objects = yamlDocuments("kubernetes/stacks.yaml") as (StackObject | ServiceAccount)[];
const stacks = objects.filter((object): object is StackObject => object.kind === "Stack");
const { resources } = yaml("pulumi-deployments/Pulumi.yaml") as Deployments;
const settings = resources.settings.properties.operationContext.environmentVariables;
const { request } = resources.drift.properties;

function complaints(schema: string, value: unknown): string {
    const file = join(PROJECT_ROOT, "test/docs/gitops", `${schema}.json`);
    const ajv = new Ajv({ allErrors: true });
    ajv.validate(JSON.parse(readFileSync(file, "utf8")) as object, value);
    return ajv.errorsText();
}

/** The variables of a Stack object with literal values. */
function literals(name: string): Environment {
    const { spec } = stacks.find(({ metadata }) => metadata.name === name) ?? assert.fail(name);
    return Object.fromEntries(
        Object.entries(spec.envRefs).flatMap(([key, { literal }]) => (literal ? [[key, literal.value]] : [])),
    );
}

describe("docs/gitops/kubernetes", () => {
    it("uses fields of the Stack resource", () => {
        assert.deepEqual(
            stacks.map(({ metadata }) => metadata.name),
            ["prod-drift", "prod-converge"],
        );
        for (const { spec } of stacks) assert.equal(complaints("stack-spec", spec), "No errors");
        assert.match(
            complaints("stack-spec", { ...stacks[0]?.spec, previews: true }),
            /additional properties/,
        );
    });

    it("uses the role of its job and this project's CLI, and never destroys or creates a stack", () => {
        const roles = Object.fromEntries(
            objects
                .filter((object): object is ServiceAccount => object.kind === "ServiceAccount")
                .map(({ metadata }) => [metadata.name, metadata.annotations["eks.amazonaws.com/role-arn"]]),
        );
        const version = /"pulumi": "([\d.]+)"/.exec(
            readFileSync(join(PROJECT_ROOT, "package.json"), "utf8"),
        )?.[1];
        for (const { spec } of stacks) {
            assert.equal(roles[spec.serviceAccountName], arnOf(spec.preview ? "drift" : "converge"));
            assert.deepEqual([spec.destroyOnFinalize, spec.useLocalStackOnly], [false, true]);
            assert.equal(spec.workspaceTemplate.spec.image, `pulumi/pulumi:${version}-nonroot`);
        }
    });
});

describe("docs/gitops/pulumi-deployments", () => {
    it("sends a request that Pulumi Cloud accepts", () => {
        assert.equal(complaints("deployment-request", request), "No errors");
        assert.match(complaints("deployment-request", { ...request, operation: "drift" }), /allowed values/);
    });

    it("sets the variables of the Stack objects, except those for files and buckets", () => {
        const { PULUMI_SKIP_CHECKPOINTS, ...others } = literals("prod-converge");
        assert.equal(PULUMI_SKIP_CHECKPOINTS, "true");
        assert.deepEqual(settings, others);
        const scheduled = { ...settings, ...request.operationContext.environmentVariables };
        assert.deepEqual({ ...scheduled, PULUMI_SKIP_CHECKPOINTS }, literals("prod-drift"));
    });
});

describe("the variables of hosted runs, on the real CLI", function () {
    this.timeout(120_000);
    const passphrase = { PULUMI_CONFIG_PASSPHRASE: "test" };
    let platform: Platform;

    before(async () => {
        platform = await Platform.begin("github");
    });
    after(() => platform?.stack.close());

    const preview = (variables: Environment) =>
        platform.stack.pulumi("preview --stack prod", {
            ...variables,
            ...passphrase,
            AWS_REGION: "us-east-1",
        });

    it("make a preview show drift and exit with 7", async () => {
        const { exitCode, output } = await preview(literals("prod-drift"));

        assert.equal(exitCode, 7, output);
        assert.match(output, /✖ 111122223333 payments +drifted\n.* access key /);
    });

    it("let the preview succeed after the Stack that removes credentials has run", async () => {
        const variables = { ...literals("prod-converge"), ...passphrase, AWS_REGION: "us-east-1" };
        const up = await platform.stack.pulumi("up --yes --skip-preview --stack prod", variables);
        assert.equal(up.exitCode, 0, up.output);

        assert.equal((await preview(literals("prod-drift"))).exitCode, 0);
    });

    it("find drift after an up, as a refresh does, but a refresh misses an account that joins", async () => {
        const { organization } = platform.stack;
        organization.setRootPassword(SHOP);
        organization.attachScp(SHOP, {
            name: "no-removal",
            document: {
                Version: "2012-10-17",
                Statement: [{ Effect: "Deny", Action: "iam:DeleteLoginProfile", Resource: "*" }],
            },
        });
        const up = await platform.stack.up("--skip-preview --stack prod");
        assert.equal(up.exitCode, 1, up.output);

        const refresh = await platform.stack.pulumi(
            "refresh --preview-only --expect-no-changes --stack prod",
        );

        assert.equal(refresh.exitCode, 7, refresh.output);
        assert.match(refresh.output, /222233334444 update \[diff: ~loginProfile\]/);
        assert.equal((await preview(literals("prod-drift"))).exitCode, 7);

        organization.detachEveryPolicy();
        const clean = await platform.stack.up("--skip-preview --stack prod");
        assert.equal(clean.exitCode, 0, clean.output);
        organization.join({
            id: "777788889999",
            name: "acquired",
            unit: "Workloads/Prod",
            root: { password: {} },
        });
        const missed = await platform.stack.pulumi("refresh --preview-only --expect-no-changes --stack prod");
        assert.equal(missed.exitCode, 0, missed.output);
        assert.equal((await preview(literals("prod-drift"))).exitCode, 7);
    });
});
