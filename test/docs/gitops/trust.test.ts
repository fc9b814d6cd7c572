/** docs/gitops/trust: the jobs that each role admits. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FOLDER, json } from "./files";
import { SECURITY, trusts } from "./platform";

const GITHUB = "token.actions.githubusercontent.com";
const GITLAB = "gitlab.com";
const PULUMI = "api.pulumi.com/oidc";

const github = (context: string, repository = "my-org@123456/root-credentials@456789") =>
    `repo:${repository}:${context}`;
const gitlab = (branch: string, project = "my-group/root-credentials") =>
    `project_path:${project}:ref_type:branch:ref:${branch}`;
const pulumi = (operation: string, stack = "prod") =>
    `pulumi:deploy:org:my-org:project:aws-root-credentials:stack:${stack}:operation:${operation}:scope:write`;

const SUBJECTS: Record<string, { provider: string; audience: string; trusted: string[]; others: string[] }> =
    {
        "github-drift": {
            provider: GITHUB,
            audience: "sts.amazonaws.com",
            trusted: [github("pull_request"), github("ref:refs/heads/main")],
            others: [
                github("ref:refs/heads/topic"),
                github("pull_request", "somebody@1/root-credentials@2"),
                github("pull_request", "my-org@123456/root-credentials-2@3"),
            ],
        },
        "github-converge": {
            provider: GITHUB,
            audience: "sts.amazonaws.com",
            trusted: [github("environment:root-credentials")],
            others: [
                github("ref:refs/heads/main"),
                github("pull_request"),
                github("environment:root-credentials-recovery"),
                github("environment:root-credentials", "my-org@123456/other@3"),
            ],
        },
        "github-recovery": {
            provider: GITHUB,
            audience: "sts.amazonaws.com",
            trusted: [github("environment:root-credentials-recovery")],
            others: [github("environment:root-credentials"), github("ref:refs/heads/main")],
        },
        "gitlab-drift": {
            provider: GITLAB,
            audience: "sts.amazonaws.com",
            trusted: [gitlab("main"), gitlab("topic")],
            others: [
                gitlab("main", "somebody/root-credentials"),
                "project_path:my-group/root-credentials:ref_type:tag:ref:v1",
            ],
        },
        "gitlab-converge": {
            provider: GITLAB,
            audience: "sts.amazonaws.com",
            trusted: [gitlab("main")],
            others: [gitlab("topic"), gitlab("main-2"), gitlab("main", "my-group/other")],
        },
        "pulumi-drift": {
            provider: PULUMI,
            audience: "my-org",
            trusted: [pulumi("preview")],
            others: [pulumi("update"), pulumi("destroy"), pulumi("preview", "sandbox")],
        },
        "pulumi-converge": {
            provider: PULUMI,
            audience: "my-org",
            trusted: [pulumi("update")],
            others: [pulumi("preview"), pulumi("destroy"), pulumi("update", "sandbox")],
        },
    };

describe("docs/gitops/trust", () => {
    it("has only policies that a test covers", () => {
        const files = readdirSync(join(FOLDER, "trust"));
        assert.deepEqual(
            files.sort(),
            Object.keys(SUBJECTS)
                .map((name) => `${name}.json`)
                .sort(),
        );
    });

    for (const [name, { provider, audience, trusted, others }] of Object.entries(SUBJECTS))
        it(`${name}.json admits exactly its jobs`, () => {
            const { Statement } = json(`trust/${name}.json`) as { Statement: { Principal: object }[] };
            assert.deepEqual(
                Statement.map(({ Principal }) => Principal),
                [{ Federated: `arn:aws:iam::${SECURITY}:oidc-provider/${provider}` }],
            );
            const token = (sub: string, aud = audience) => ({
                [`${provider}:aud`]: aud,
                [`${provider}:sub`]: sub,
            });
            for (const subject of trusted) {
                assert.ok(trusts(name, token(subject)), subject);
                assert.ok(!trusts(name, token(subject, "somebody-else")), `another audience: ${subject}`);
            }
            for (const subject of others) assert.ok(!trusts(name, token(subject)), subject);
            assert.ok(!trusts(name, { [`${provider}:aud`]: audience }), "no subject");
        });
});
