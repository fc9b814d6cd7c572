/** docs/gitops/github: what the workflows do, job after job, as the documented roles on the real engine. */
import assert from "node:assert/strict";
import { workflow, WORKFLOWS } from "./files";
import { Github, type Event, type JobRun } from "./github";
import { ACQUIRED, LATE, PAYMENTS, Platform, SECURITY, SHOP, TRIAL } from "./platform";

const PULL_REQUEST: Event = { name: "pull_request" };
const SCHEDULE: Event = { name: "schedule" };
const MERGE: Event = { name: "push" };
const BY_HAND: Event = { name: "workflow_dispatch", inputs: { recovery: false } };

describe("the workflows of docs/gitops/github, played", function () {
    this.timeout(180_000);
    let platform: Platform;
    let github: Github;
    let key: string;

    before(async () => {
        platform = await Platform.begin("github");
        github = new Github(platform);
    });
    after(() => platform?.stack.close());

    const succeeded = (run: JobRun) => assert.equal(run.conclusion, "success", run.output);
    const issue = () => github.read().issues[0] ?? assert.fail("no issue");

    it("preview a pull request, and tell it in a comment", async () => {
        const stranger = {
            id: 1,
            number: 1,
            user: { login: "somebody" },
            body: "<!-- root-credentials preview: prod -->",
        };
        github.write({ ...github.read(), comments: [stranger] });

        const run = await github.play("preview", "preview", "prod", PULL_REQUEST);

        succeeded(run);
        key = platform.stack.organization.account(PAYMENTS).root.accessKeys[0]?.id ?? assert.fail("no key");
        const { comments, writes } = github.read();
        assert.deepEqual(writes, ["POST issues/12/comments"]);
        assert.match(comments[1]?.body ?? "", /^<!-- root-credentials preview: prod -->\n/);
        for (const text of [comments[1]?.body ?? "", run.summary])
            assert.ok(text.includes(PAYMENTS) && text.includes(key), text);
    });

    it("give a fork's pull request no role", async () => {
        const run = await github.play("preview", "preview", "prod", { ...PULL_REQUEST, fork: true });

        assert.equal(run.conclusion, "skipped");
    });

    it("plan after a merge, remove what the plan says, and keep the record", async () => {
        succeeded(await github.play("up", "plan", "prod", MERGE));
        assert.match(github.artifact("plan-prod", "report.html"), new RegExp(PAYMENTS));

        const run = await github.play("up", "up", "prod", MERGE);

        succeeded(run);
        assert.deepEqual(platform.stack.left(), [`${TRIAL} password password`]);
        const record = github.artifact("removals-prod", "removals.jsonl").trim().split("\n");
        assert.equal(record.length, 2);
        for (const line of record)
            assert.equal((JSON.parse(line) as { accountId: string }).accountId, PAYMENTS);
        assert.match(run.summary, new RegExp(PAYMENTS));
    });

    it("update the comment, and no other's", async () => {
        succeeded(await github.play("preview", "preview", "prod", PULL_REQUEST));

        const { comments, writes } = github.read();
        assert.equal(writes.at(-1), `PATCH issues/comments/${comments[1]?.id}`);
        assert.equal(comments.length, 2);
        assert.equal(comments[0]?.body, "<!-- root-credentials preview: prod -->");
        assert.ok(!comments[1]?.body?.includes(key));
    });

    it("find an account that has joined with root credentials, on schedule, and open an issue", async () => {
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
    });

    it("leave the issue as it is where nothing could be found out, and fail", async () => {
        const { body } = issue();
        platform.stack.organization.withholdPermissions(SECURITY, ["organizations:ListAccounts"]);

        const run = await github.play("drift", "drift", "prod", SCHEDULE);

        platform.stack.organization.restorePermissions(SECURITY);
        assert.equal(run.conclusion, "failure");
        assert.equal(run.steps.at(-1), "Fail on an error");
        assert.equal(issue().body, body);
    });

    it("refuse what is not in the approved plan, and leave it as it is", async () => {
        const { organization } = platform.stack;
        succeeded(await github.play("up", "plan", "prod", BY_HAND));
        organization.setRootPassword(SHOP);
        organization.join({ id: LATE, name: "late", unit: "Workloads", root: { password: {} } });

        const run = await github.play("up", "up", "prod", BY_HAND);

        assert.equal(run.conclusion, "failure");
        assert.match(run.output, /violates plan|create is not allowed by the plan/);
        for (const id of [SHOP, LATE])
            assert.ok(platform.stack.left().includes(`${id} password password`), id);
    });

    it("remove it, and what accounts that joined have brought, by a new plan", async () => {
        succeeded(await github.play("up", "plan", "prod", BY_HAND));

        succeeded(await github.play("up", "up", "prod", BY_HAND));

        assert.deepEqual(platform.stack.left(), [`${TRIAL} password password`]);
    });

    it("close the issue once the accounts are clean", async () => {
        succeeded(await github.play("drift", "drift", "prod", SCHEDULE));

        assert.equal(issue().state, "closed");
        assert.equal(github.read().issues.length, 1);
    });

    it("have no job that is not played here", () => {
        const jobs = WORKFLOWS.flatMap((name) =>
            Object.keys(workflow(name).jobs).map((job) => `${name}.yml: ${job}`),
        );

        assert.deepEqual([...github.played].sort(), jobs.sort());
    });
});
