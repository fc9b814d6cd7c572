/** Runs the jobs of docs/gitops/github with the documented roles on the real engine. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { workflow, WORKFLOWS } from "./files";
import { COMMIT, Github, RUN, type Event, type JobRun } from "./github";
import { ACQUIRED, arnOf, LATE, PAYMENTS, Platform, SECURITY, SHOP, TRIAL } from "./platform";

const PULL_REQUEST: Event = { name: "pull_request" };
const SCHEDULE: Event = { name: "schedule" };
const MERGE: Event = { name: "push" };
const BY_HAND: Event = { name: "workflow_dispatch", inputs: { recovery: false } };
const WITH_RECOVERY: Event = { name: "workflow_dispatch", inputs: { recovery: true } };

describe("the workflows of docs/gitops/github, run by a simulated GitHub", function () {
    this.timeout(180_000);
    let platform: Platform;
    let github: Github;
    let found: Record<string, string>;

    before(async () => {
        platform = await Platform.begin("github");
        github = new Github(platform);
    });
    after(() => platform?.stack.close());

    const succeeded = (run: JobRun) => assert.equal(run.conclusion, "success", run.output);
    const issue = () => github.read().issues[0] ?? assert.fail("no issue");

    it("preview a pull request and comment on it", async () => {
        const stranger = {
            id: 1,
            number: 1,
            user: { login: "somebody" },
            body: "<!-- root-credentials preview: prod -->",
        };
        github.write({ ...github.read(), comments: [stranger] });

        const run = await github.play("preview", "preview", "prod", PULL_REQUEST);

        succeeded(run);
        const key =
            platform.stack.organization.account(PAYMENTS).root.accessKeys[0]?.id ?? assert.fail("no key");
        const { comments, writes } = github.read();
        assert.deepEqual(writes, ["POST issues/12/comments"]);
        assert.match(comments[1]?.body ?? "", /^<!-- root-credentials preview: prod -->\n/);
        for (const text of [comments[1]?.body ?? "", run.summary])
            assert.ok(text.includes(PAYMENTS) && text.includes(key), text);
        assert.ok(comments[1]?.body?.includes(`Commit ${COMMIT.slice(0, 7)}, [run](${RUN})`));
    });

    it("update their own comment and fail if the preview failed", async () => {
        const run = await github.play("preview", "preview", "prod", PULL_REQUEST, { passphrase: "wrong" });

        assert.equal(run.conclusion, "failure", run.output);
        assert.equal(run.steps.at(-1), "Fail on an error");
        const { comments, writes } = github.read();
        assert.equal(writes.at(-1), `PATCH issues/comments/${comments[1]?.id}`);
        for (const text of [comments[1]?.body ?? "", run.summary])
            assert.match(text, /Nothing is known of the accounts of prod\.\*\* .*ended with exit code [1-9]/);
        assert.ok(!comments[1]?.body?.includes(PAYMENTS));
        assert.equal(comments.length, 2);
        assert.equal(comments[0]?.body, "<!-- root-credentials preview: prod -->");
    });

    it("fail without asking for approval if the plan failed", async () => {
        const plan = await github.play("up-stack", "plan", "prod", MERGE, { passphrase: "wrong" });

        assert.equal(plan.conclusion, "failure");
        assert.match(plan.summary, /Nothing is known of the accounts of prod/);
        assert.equal((await github.play("up-stack", "up", "prod", MERGE)).conclusion, "skipped");
    });

    it("give no role to a pull request of a fork", async () => {
        const run = await github.play("preview", "preview", "prod", { ...PULL_REQUEST, fork: true });

        assert.equal(run.conclusion, "skipped");
    });

    it("plan after a merge, apply the plan and keep the record", async () => {
        succeeded(await github.play("up-stack", "plan", "prod", MERGE));
        assert.match(github.artifact("plan-prod", "report.html"), new RegExp(PAYMENTS));

        const run = await github.play("up-stack", "up", "prod", MERGE);

        succeeded(run);
        assert.equal(run.role, arnOf("converge"));
        assert.deepEqual(platform.stack.left(), [`${TRIAL} password password`]);
        const record = github.artifact("removals-prod", "removals.jsonl").trim().split("\n");
        assert.equal(record.length, 2);
        for (const line of record)
            assert.equal((JSON.parse(line) as { accountId: string }).accountId, PAYMENTS);
        assert.match(run.summary, new RegExp(PAYMENTS));
    });

    it("open an issue on schedule for an account that joined with root credentials", async () => {
        platform.stack.organization.join({
            id: ACQUIRED,
            name: "acquired",
            unit: "Workloads",
            joinedMethod: "INVITED",
            root: { password: {} },
        });

        succeeded(await github.play("drift", "drift", "prod", SCHEDULE));

        assert.equal(github.read().writes.at(-1), "POST issues");
        assert.match(issue().title ?? "", /: prod$/);
        assert.match(issue().body ?? "", /^<!-- root-credentials drift: prod -->\n[^]*555566667777/);
        assert.ok(issue().body?.includes(RUN));
        found = { "report.md": platform.read("report.md"), "report.json": platform.read("report.json") };
    });

    it("leave the issue open and fail if the preview succeeds and its report fails", async () => {
        const { writes } = github.read();

        const run = await platform.whilePreviewsWrite(found, () =>
            github.play("drift", "drift", "prod", SCHEDULE),
        );

        assert.equal(run.conclusion, "failure", run.output);
        assert.equal(run.steps.at(-1), "Fail on an error");
        assert.deepEqual(github.read().writes, writes);
    });

    it("leave the issue unchanged and fail if the preview failed", async () => {
        const { body } = issue();
        platform.stack.organization.withholdPermissions(SECURITY, ["organizations:ListAccounts"]);

        const run = await github.play("drift", "drift", "prod", SCHEDULE);

        platform.stack.organization.restorePermissions(SECURITY);
        const locked = await github.play("drift", "drift", "prod", SCHEDULE, { passphrase: "wrong" });
        assert.match(locked.summary, /Nothing is known of the accounts of prod/);
        for (const { conclusion, steps } of [run, locked]) {
            assert.equal(conclusion, "failure");
            assert.equal(steps.at(-1), "Fail on an error");
        }
        assert.equal(issue().body, body);
    });

    it("refuse and keep credentials that are not in the approved plan", async () => {
        const { organization } = platform.stack;
        succeeded(await github.play("up-stack", "plan", "prod", BY_HAND));
        organization.setRootPassword(SHOP);
        organization.join({ id: LATE, name: "late", unit: "Workloads", root: { password: {} } });

        const run = await github.play("up-stack", "up", "prod", BY_HAND);

        assert.equal(run.conclusion, "failure");
        assert.match(run.output, /violates plan|create is not allowed by the plan/);
        for (const id of [SHOP, LATE])
            assert.ok(platform.stack.left().includes(`${id} password password`), id);
    });

    it("refuse a plan that is a day old, with each role", async () => {
        const planned = github.artifact("plan-prod", "planned-at");
        github.rewrite("plan-prod", "planned-at", String(Number(planned) - 24 * 60 * 60 - 1));

        const run = await github.play("up-stack", "up", "prod", WITH_RECOVERY);

        assert.equal(run.role, arnOf("recovery"));
        assert.equal(run.conclusion, "failure");
        assert.match(run.output, /The plan is more than a day old/);
    });

    it("let a cancelled up finish, keep its record and leave no lock", async () => {
        succeeded(await github.play("up-stack", "plan", "prod", BY_HAND));
        const record = join(platform.stack.project, "removals.jsonl");
        const at = () => existsSync(record) && readFileSync(record, "utf8").includes("\n");
        platform.stack.organization.latency.set(80);

        const run = await github.play("up-stack", "up", "prod", BY_HAND, { cancel: { step: "Up", at } });

        platform.stack.organization.latency.set(0);
        assert.equal(run.conclusion, "cancelled");
        assert.match(run.output, /\^C received; cancelling/);
        assert.ok(!platform.locked());
        const kept = github.artifact("removals-prod", "removals.jsonl").trim().split("\n");
        const events = kept.map((line) => (JSON.parse(line) as { event: string }).event);
        assert.ok(
            events.length > 0 && events.length % 2 === 0,
            `attempts without a result: ${events.join()}`,
        );
        for (const told of [github.artifact("removals-prod", "evidence.json"), run.summary])
            assert.match(told, /DeleteLoginProfile/);
    });

    it("remove these credentials and those of accounts that joined, with a new plan", async () => {
        platform.stack.organization.setRootPassword(SHOP);
        succeeded(await github.play("up-stack", "plan", "prod", BY_HAND));

        succeeded(await github.play("up-stack", "up", "prod", BY_HAND));

        assert.deepEqual(platform.stack.left(), [`${TRIAL} password password`]);
    });

    it("close the issue when the accounts are clean", async () => {
        succeeded(await github.play("drift", "drift", "prod", SCHEDULE));

        assert.equal(issue().state, "closed");
        assert.equal(github.read().issues.length, 1);
    });

    it("do not ask for approval of an empty plan", async () => {
        succeeded(await github.play("up-stack", "plan", "prod", MERGE));

        const run = await github.play("up-stack", "up", "prod", MERGE);

        assert.equal(run.conclusion, "skipped");
    });

    it("have only jobs that a test runs", () => {
        const jobs = WORKFLOWS.flatMap((name) =>
            Object.entries(workflow(name).jobs).flatMap(([job, { uses }]) =>
                uses ? [] : [`${name}.yml: ${job}`],
            ),
        );

        assert.deepEqual([...github.played].sort(), jobs.sort());
    });
});
