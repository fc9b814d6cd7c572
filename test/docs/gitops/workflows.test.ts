/** docs/gitops/github: the workflows are valid and follow the rules of their page. */
import assert from "node:assert/strict";
import { text, workflow, WORKFLOWS } from "./files";
import { complaints } from "./workflow-linter";

const called = workflow("up").jobs["stack"] ?? assert.fail("up.yml calls nothing");

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

    it("would fail the linter if they named something that does not exist", async () => {
        const source = text("github/drift.yml");

        for (const [wrong, complaint] of [
            [source.replace("matrix.stack", "matrix.stak"), /stak/],
            [source.replace("issues: write", "isues: write"), /isues/],
            [source.replace("steps.preview.outputs", "steps.review.outputs"), /review/],
        ] as const) {
            assert.match((await complaints(`wrong-${String(complaint)}.yml`, wrong)).join("\n"), complaint);
        }
    });

    it("pass values to a shell only through the environment", () => {
        for (const { where, run } of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, where);
    });

    it("pin each action to one commit and name its version", () => {
        const pins = WORKFLOWS.flatMap((name) => [
            ...text(`github/${name}.yml`).matchAll(/uses: (?!\.\/)(.*)/g),
        ]);
        assert.ok(pins.length > 10);
        const commits = new Map<string, string>();
        for (const [, pin = ""] of pins) {
            const [, action = "", commit = ""] =
                /^([\w-]+\/[\w-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$/.exec(pin) ?? assert.fail(pin);
            assert.equal(commits.get(action) ?? commit, commit, action);
            commits.set(action, commit);
        }
    });

    it("give a job only the permissions that it needs, and none to the code of a fork", () => {
        for (const name of WORKFLOWS) assert.deepEqual(workflow(name).permissions, {}, name);
        assert.deepEqual(Object.fromEntries(jobs.map(({ where, permissions }) => [where, permissions])), {
            "preview.yml: preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
            "drift.yml: drift": { contents: "read", "id-token": "write", issues: "write" },
            "up.yml: stack": { contents: "read", "id-token": "write" },
            "up-stack.yml: plan": { contents: "read", "id-token": "write" },
            "up-stack.yml: up": { contents: "read", "id-token": "write" },
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

    it("run the same stacks everywhere, each in its own job and never twice at a time", () => {
        assert.equal(called.uses, "./.github/workflows/up-stack.yml");
        const { inputs, secrets } = workflow("up-stack").on["workflow_call"] as Record<string, object>;
        assert.deepEqual(Object.keys(called.with ?? {}), Object.keys(inputs ?? {}));
        assert.deepEqual(Object.keys(called.secrets ?? {}), Object.keys(secrets ?? {}));
        assert.equal(called.with?.["stack"], "${{ matrix.stack }}");
        for (const { where, strategy, concurrency } of jobs) {
            if (!where.startsWith("up-stack.yml")) {
                assert.equal(strategy?.["fail-fast"], false, where);
                assert.deepEqual(strategy.matrix.stack, ["prod", "sandbox"], where);
            }
            if (!["up.yml: stack", "up-stack.yml: plan"].includes(where))
                assert.match(concurrency?.group ?? "", /\$\{\{ (matrix|inputs)\.stack \}\}/, where);
        }
    });

    it("end an up before its credentials expire and its job ends, and always keep its record", () => {
        const { steps, "timeout-minutes": minutes } = workflow("up-stack").jobs["up"] ?? assert.fail("no up");
        const up = steps.findIndex(({ name }) => name === "Up");
        const limit = steps[up]?.["timeout-minutes"] ?? assert.fail("Up may take for ever");
        const session = steps.map(({ with: inputs }) => inputs?.["role-duration-seconds"]).find(Boolean);
        // By default a role's session lasts at most an hour.
        assert.equal(session, 3600);
        assert.ok(limit * 60 < session && limit < minutes);
        for (const { name, uses, if: condition } of steps.slice(up + 1))
            assert.equal(condition, "${{ always() }}", name ?? uses);
    });

    it("change accounts only with a role that an environment guards", () => {
        const changing = jobs.filter(({ steps }) =>
            steps.some(({ run }) => /pulumi(\.mjs)? up/.test(run ?? "")),
        );
        assert.deepEqual(
            changing.map(({ where }) => where),
            ["up-stack.yml: up"],
        );
        for (const { where, environment, steps, uses } of jobs) {
            if (uses) continue;
            const role = steps.map(({ with: inputs }) => inputs?.["role-to-assume"]).find(Boolean);
            assert.equal(
                role === "${{ vars.DRIFT_ROLE_ARN }}",
                environment === undefined,
                `${where}: ${String(role)} in ${environment}`,
            );
        }
    });
});
