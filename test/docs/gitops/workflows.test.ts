/** docs/gitops/github: the workflows are valid, and keep to the rules that their page promises. */
import assert from "node:assert/strict";
import { text, workflow, WORKFLOWS } from "./files";
import { complaints } from "./workflow-linter";

const jobs = WORKFLOWS.flatMap((name) =>
    Object.entries(workflow(name).jobs).map(([job, content]) => ({
        where: `${name}.yml: ${job}`,
        ...content,
    })),
);
const steps = jobs.flatMap(({ where, steps }) => steps.map((step) => ({ where, ...step })));

describe("the workflows of docs/gitops/github", () => {
    for (const name of WORKFLOWS) {
        it(`${name}.yml is a valid workflow`, async () => {
            assert.deepEqual(await complaints(`${name}.yml`, text(`github/${name}.yml`)), []);
        });
    }

    it("would be complained of if they named what is not there", async () => {
        const source = text("github/drift.yml");

        for (const [wrong, complaint] of [
            [source.replace("matrix.stack", "matrix.stak"), /stak/],
            [source.replace("issues: write", "isues: write"), /isues/],
            [source.replace("steps.preview.outputs", "steps.review.outputs"), /review/],
        ] as const) {
            assert.match((await complaints(`wrong-${String(complaint)}.yml`, wrong)).join("\n"), complaint);
        }
    });

    it("put nothing into a shell but through the environment", () => {
        for (const { where, run } of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, where);
    });

    it("pin each action to a commit, one of each, and name its version", () => {
        const pins = WORKFLOWS.flatMap((name) => [...text(`github/${name}.yml`).matchAll(/uses: (.*)/g)]);
        assert.ok(pins.length > 10);
        const commits = new Map<string, string>();
        for (const [, pin = ""] of pins) {
            const [, action = "", commit = ""] =
                /^([\w-]+\/[\w-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(pin) ?? assert.fail(pin);
            assert.equal(commits.get(action) ?? commit, commit, action);
            commits.set(action, commit);
        }
    });

    it("give a job no more than it needs, and the code of a fork nothing", () => {
        for (const name of WORKFLOWS) assert.deepEqual(workflow(name).permissions, {}, name);
        assert.deepEqual(Object.fromEntries(jobs.map(({ where, permissions }) => [where, permissions])), {
            "preview.yml: preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
            "drift.yml: drift": { contents: "read", "id-token": "write", issues: "write" },
            "up.yml: plan": { contents: "read", "id-token": "write" },
            "up.yml: up": { contents: "read", "id-token": "write" },
        });
        assert.deepEqual(Object.keys(workflow("preview").on), ["pull_request"]);
        assert.match(
            workflow("preview").jobs["preview"]?.if ?? "",
            /head\.repo\.full_name == github\.repository/,
        );
        for (const { where, uses, with: inputs } of steps)
            if (uses?.startsWith("actions/checkout@"))
                assert.equal(inputs?.["persist-credentials"], false, where);
    });

    it("run each stack by itself, the same ones everywhere, and none twice at a time", () => {
        for (const { where, strategy, concurrency } of jobs) {
            assert.equal(strategy["fail-fast"], false, where);
            assert.deepEqual(strategy.matrix.stack, ["prod", "sandbox"], where);
            if (where !== "up.yml: plan")
                assert.match(concurrency?.group ?? "", /\$\{\{ matrix\.stack \}\}/, where);
        }
    });

    it("change something only as a role that an environment guards", () => {
        const changing = jobs.filter(({ steps }) => steps.some(({ run }) => /pulumi up/.test(run ?? "")));
        assert.deepEqual(
            changing.map(({ where }) => where),
            ["up.yml: up"],
        );
        for (const { where, environment, steps } of jobs) {
            const role = steps.map(({ with: inputs }) => inputs?.["role-to-assume"]).find(Boolean);
            assert.equal(
                role === "${{ vars.DRIFT_ROLE_ARN }}",
                environment === undefined,
                `${where}: ${String(role)} in ${environment}`,
            );
        }
    });
});
