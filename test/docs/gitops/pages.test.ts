/** Runs the commands of the pages in docs/gitops unchanged, and checks their claims about the files. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { Stack } from "../../engine/stack";
import { PROJECT_ROOT } from "../../temporary-project";
import { matches } from "../detections/event-pattern";
import { blocks, inShell, WITHOUT_NPX } from "../shell";
import { json, text, workflow, WORKFLOWS, yaml } from "./files";

const PAYMENTS = "111122223333";
const SHOP = "222233334444";
const ACQUIRED = "555566667777";

describe("docs/gitops/README.md", function () {
    this.timeout(120_000);
    const [planned = "", targeted = "", ...more] = blocks(text("README.md"), "sh");
    const [plan = "", up = ""] = planned.split("\n");
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({
            accounts: [
                { id: PAYMENTS, name: "payments" },
                { id: SHOP, name: "shop" },
            ],
        });
        const first = await stack.up("--skip-preview");
        assert.equal(first.exitCode, 0, first.output);
    });
    after(() => stack?.close());

    const run = (command: string) => {
        const { environment } = stack;
        return inShell(stack, WITHOUT_NPX + command, environment);
    };

    it("has a plan that keeps credentials outside the plan, even in an account of the plan", async () => {
        for (const id of [PAYMENTS, SHOP]) stack.organization.createRootAccessKey(id);
        await run(plan);
        stack.organization.setRootPassword(SHOP);

        await assert.rejects(run(up), /222233334444 violates plan: properties changed: =~loginProfile/);

        assert.ok(stack.left().includes(`${SHOP} password password`));
    });

    it("has a plan for one account, which removes all its current keys and touches no other account", async () => {
        const [planOne = "", upOne = "", ...none] = targeted.split("\n");
        assert.deepEqual(none, []);
        stack.organization.createRootAccessKey(PAYMENTS);
        const others = stack.left().filter((left) => left.startsWith(SHOP));
        await run(planOne);
        stack.organization.createRootAccessKey(PAYMENTS);

        await run(upOne);

        assert.deepEqual(stack.left(), others);
    });

    it("has only commands that a test runs", () => {
        assert.deepEqual(more, []);
        assert.equal(planned.split("\n").length, 2);
        assert.deepEqual(blocks(text("new-accounts.md"), "sh"), []);
    });

    it("sets the variables of docs/scale.md in every file", () => {
        const page = readFileSync(join(PROJECT_ROOT, "docs/scale.md"), "utf8");
        const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| `([^`]+)`/gm)];
        assert.ok(rows.length >= 4);
        const { ".pulumi": job } = yaml("gitlab/.gitlab-ci.yml") as Record<
            string,
            { variables: Record<string, string> }
        >;
        const environments = WORKFLOWS.flatMap((name) => {
            const { env = {}, jobs } = workflow(name);
            return Object.values(jobs).flatMap((each) => (each.uses ? [] : [{ ...env, ...each.env }]));
        });
        for (const variables of [...environments, job?.variables ?? {}])
            for (const [, name = "", value = ""] of rows) assert.ok(variables[name]?.startsWith(value), name);
    });

    it("names exactly the variables and secrets that the workflows read", () => {
        const read = WORKFLOWS.flatMap((name) => [
            ...text(`github/${name}.yml`).matchAll(/\b(?:vars|secrets)\.(\w+)/g),
        ]);
        const table = /## Settings of the platform\n([^]*?)\n## /.exec(text("README.md"))?.[1] ?? "";
        const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = ""]) =>
            [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
        );
        assert.deepEqual(
            named.filter((name) => !/^(NOTE|ISSUE)_TOKEN$/.test(name ?? "")).sort(),
            [...new Set(read.map(([, name]) => name))].sort(),
        );
        for (const token of ["NOTE_TOKEN", "ISSUE_TOKEN"]) {
            assert.ok(named.includes(token), token);
            assert.ok(text("gitlab/publish.mjs").includes(`env.${token}`), token);
        }
    });
});

describe("docs/gitops/account-joined.json", () => {
    const record = (eventName: string, detail: object = {}, kind = "AWS Service Event via CloudTrail") => ({
        source: "aws.organizations",
        "detail-type": kind,
        account: "999988887777",
        region: "us-east-1",
        detail: {
            eventVersion: "1.08",
            userIdentity: { accountId: "999988887777", invokedBy: "AWS Internal" },
            eventSource: "organizations.amazonaws.com",
            eventName,
            eventType: "AwsServiceEvent",
            ...detail,
        },
    });
    // AWS Organizations User Guide, "Logging and monitoring in AWS Organizations", with other ids.
    const created = (state: string) =>
        record("CreateAccountResult", {
            serviceEventDetails: {
                createAccountStatus: { id: "car-1", state, accountName: "****", accountId: ACQUIRED },
            },
        });

    for (const [what, event, starts] of [
        ["an account that has joined", record("AccountJoinedOrganization"), true],
        ["an account that was created", created("SUCCEEDED"), true],
        ["an account that could not be created", created("FAILED"), false],
        ["an account that has left", record("AccountDepartedOrganization"), false],
        [
            "an account that is being created",
            record("CreateAccount", {}, "AWS API Call via CloudTrail"),
            false,
        ],
        ["an invitation", record("InviteAccountToOrganization", {}, "AWS API Call via CloudTrail"), false],
    ] as const)
        it(`${starts ? "starts a run for" : "starts no run for"} ${what}`, () => {
            assert.equal(matches(json("account-joined.json"), event), starts);
        });
});
