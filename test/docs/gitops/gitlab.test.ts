/** Runs the pipeline of docs/gitops/gitlab with the documented roles on the real engine, and validates it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../temporary-project";
import { text } from "./files";
import { COMMIT, Gitlab, JOB, pipeline, started, type EventName } from "./gitlab";
import { PAYMENTS, Platform, SHOP, TRIAL } from "./platform";

describe("the pipeline of docs/gitops/gitlab", function () {
    this.timeout(60_000);
    const source = text("gitlab/.gitlab-ci.yml");
    let jobs: ReturnType<typeof pipeline>;

    before(() => {
        jobs = pipeline(source);
    });

    it("is valid by GitLab's schema, which refuses an invalid one", () => {
        assert.deepEqual(Object.keys(jobs).sort(), [
            "drift",
            "plan prod",
            "plan sandbox",
            "preview",
            "up prod",
            "up sandbox",
        ]);
        const wrong = source.replace("access: developer", "acces: developer");
        assert.throws(() => pipeline(wrong), /'acces' property is not expected to be here/);
    });

    it("starts the jobs of each event, and none for a fork", () => {
        const both = (name: string) => ({
            [`${name}: [prod]`]: "on_success",
            [`${name}: [sandbox]`]: "on_success",
        });
        const expectations: Record<EventName, Record<string, string>> = {
            "a merge request": both("preview"),
            "a fork's merge request": {},
            "a merge": {
                "plan prod": "on_success",
                "plan sandbox": "on_success",
                "up prod": "manual",
                "up sandbox": "manual",
            },
            "a schedule": both("drift"),
            "a branch": {},
        };
        for (const [event, expected] of Object.entries(expectations))
            assert.deepEqual(started(event as EventName), expected, event);
    });

    it("runs on the Node version of this project's tests", () => {
        const { devDependencies } = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8")) as {
            devDependencies: { node: string };
        };
        for (const [name, { image }] of Object.entries(jobs))
            assert.equal(image.name, `node:${devDependencies.node}`, name);
    });

    it("ends an up before its credentials expire and its job ends, so that the record is kept", () => {
        const ups = Object.entries(jobs).filter(([name]) => name.startsWith("up "));
        assert.equal(ups.length, 2);
        for (const [name, { timeout, variables, artifacts }] of ups) {
            const minutes = (text = "") =>
                Number(/^(\d+) ?m(?:inutes)?$/.exec(text)?.[1] ?? assert.fail(text));
            const script = minutes(variables["RUNNER_SCRIPT_TIMEOUT"]);
            assert.ok(script < 60, name);
            assert.ok(script + minutes(variables["RUNNER_AFTER_SCRIPT_TIMEOUT"]) < minutes(timeout), name);
            assert.equal(artifacts?.when, "always", name);
        }
    });

    it("changes a stack only in an environment, and never twice at a time", () => {
        for (const [name, { script, environment, variables, resource_group, artifacts }] of Object.entries(
            jobs,
        )) {
            const changes = script.some((line) => /pulumi(\.mjs)? up/.test(line));
            assert.equal(environment?.name, changes ? "root-credentials" : undefined, name);
            assert.equal(variables["AWS_ROLE_ARN"], changes ? "$CONVERGE_ROLE_ARN" : "$DRIFT_ROLE_ARN", name);
            if (changes) assert.match(resource_group ?? "", /-\$STACK$/, name);
            if (artifacts) assert.equal(artifacts.access, "developer", name);
        }
    });
});

describe("the pipeline of docs/gitops/gitlab, run by a simulated GitLab", function () {
    this.timeout(180_000);
    let platform: Platform;
    let gitlab: Gitlab;

    before(async () => {
        platform = await Platform.begin("gitlab");
        gitlab = await Gitlab.begin(platform);
    });
    after(async () => {
        gitlab?.close();
        await platform?.stack.close();
    });

    const succeeds = async (...job: Parameters<Gitlab["play"]>) => {
        const { failed, output } = await gitlab.play(...job);
        assert.ok(!failed, output);
    };

    it("previews a merge request and writes a note", async () => {
        const stranger = {
            id: 1,
            iid: 1,
            author: { id: 5 },
            body: "<!-- root-credentials note: prod -->",
            state: "opened",
        };
        gitlab.notes.push(stranger);

        await succeeds("preview", "prod", "a merge request");

        assert.deepEqual(gitlab.writes, ["POST merge_requests/12/notes"]);
        const body = gitlab.notes[1]?.body ?? "";
        assert.match(body, /^<!-- root-credentials note: prod -->\n[^]*111122223333/);
        assert.ok(body.includes(`Commit ${COMMIT.slice(0, 8)}, [job](${JOB})`));
    });

    it("updates its own note and fails if the preview failed", async () => {
        const { failed } = await gitlab.play("preview", "prod", "a merge request", { passphrase: "wrong" });

        assert.ok(failed);
        assert.equal(gitlab.writes.at(-1), `PUT merge_requests/12/notes/${gitlab.notes[1]?.id}`);
        const body = gitlab.notes[1]?.body ?? "";
        assert.match(body, /Nothing is known of the accounts of prod\.\*\* .*ended with exit code [1-9]/);
        assert.ok(!body.includes(PAYMENTS));
        assert.equal(gitlab.notes.length, 2);
        assert.equal(gitlab.notes[0]?.body, "<!-- root-credentials note: prod -->");
    });

    it("fails with a note if the plan failed", async () => {
        const { failed, output } = await gitlab.play("plan prod", "prod", "a merge", { passphrase: "wrong" });

        assert.ok(failed);
        assert.match(output, /Nothing is known of the accounts of prod/);
    });

    it("plans after a merge, applies the plan when started by hand, and keeps the record", async () => {
        await succeeds("plan prod", "prod", "a merge");
        await succeeds("up prod", "prod", "a merge");

        assert.deepEqual(platform.stack.left(), [`${TRIAL} password password`]);
        assert.match(gitlab.artifact("up prod", "removals.jsonl"), new RegExp(PAYMENTS));
        assert.match(gitlab.artifact("up prod", "evidence.md"), new RegExp(PAYMENTS));
    });

    it("refuses a plan that is a day old", async () => {
        const planned = gitlab.artifact("plan prod", "planned-at");
        gitlab.rewrite("plan prod", "planned-at", String(Number(planned) - 24 * 60 * 60 - 1));

        const { failed, output } = await gitlab.play("up prod", "prod", "a merge");

        assert.ok(failed);
        assert.match(output, /The plan is more than a day old/);
    });

    it("opens a confidential issue for drift on schedule", async () => {
        platform.stack.organization.setRootPassword(SHOP);

        await succeeds("drift", "prod", "a schedule");

        assert.equal(gitlab.writes.at(-1), "POST issues");
        const [issue] = gitlab.issues;
        assert.match(issue?.title ?? "", /: prod$/);
        assert.match(issue?.description ?? "", /^<!-- root-credentials issue: prod -->\n[^]*222233334444/);
        assert.equal(issue?.confidential, true);
    });

    it("leaves the issue unchanged and fails if the preview succeeds and its report fails", async () => {
        const writes = gitlab.writes.length;

        const found = {
            "report.md": platform.read("report.md"),
            "report.json": platform.read("report.json"),
        };
        const { failed, output } = await platform.whilePreviewsWrite(found, () =>
            gitlab.play("drift", "prod", "a schedule"),
        );

        assert.ok(failed);
        assert.match(output, /<!-- root-credentials-report[^]*222233334444/);
        assert.equal(gitlab.writes.length, writes);
    });

    it("leaves the issue unchanged and fails if the preview failed", async () => {
        const writes = gitlab.writes.length;

        const { failed } = await gitlab.play("drift", "prod", "a schedule", { passphrase: "wrong" });

        assert.ok(failed);
        assert.equal(gitlab.writes.length, writes);
    });

    it("closes the issue when the accounts are clean", async () => {
        delete platform.stack.organization.account(SHOP).root.password;

        await succeeds("drift", "prod", "a schedule");

        assert.equal(gitlab.issues[0]?.state, "closed");
        assert.equal(gitlab.issues.length, 1);
    });

    it("has only scripts that a test runs", () => {
        const scripts = Object.values(pipeline(text("gitlab/.gitlab-ci.yml"))).map(({ script }) =>
            script.join("\n"),
        );

        assert.deepEqual([...gitlab.played].sort(), [...new Set(scripts)].sort());
    });
});
