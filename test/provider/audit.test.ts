import assert from "node:assert/strict";
import { outcomeOf, type Report } from "pulumi-aws-root-credentials/report";
import type { AuditOptions } from "../../provider/audit/audit-organization";
import {
    DENY_ROOT,
    emptyList,
    refusal,
    serverError,
    type Organization,
    type SimulatorOptions,
} from "../simulator";
import { freshProviderModule } from "./harness/package";
import { inOrganization } from "./harness/surroundings";

const [PAYMENTS, LOGS, TRIAL, CLOSED] = ["111122223333", "222233334444", "333344445555", "444455556666"];

const SEED: SimulatorOptions["seed"] = {
    accounts: [
        { id: PAYMENTS, name: "payments", unit: "Workloads/Prod", root: { password: {}, accessKeys: [{}] } },
        { id: LOGS, name: "logs", unit: "Workloads" },
        { id: TRIAL, name: "trial", unit: "Sandbox" },
        { id: CLOSED, name: "closed", unit: "Sandbox", state: "SUSPENDED", root: { password: {} } },
    ],
};

interface Audited {
    report: Report;
    actions: string[];
    organization: Organization;
}

/** One audit of the organization, after `arrange` has changed it. */
async function audited(options: AuditOptions = {}, arrange: (organization: Organization) => void = () => {}) {
    let result: Audited | undefined;
    await inOrganization({ seed: SEED, accountsPerPage: 2 }, async ({ organization, requests }) => {
        arrange(organization);
        const report = await freshProviderModule("audit/audit-organization").auditOrganization(options);
        result = { report, actions: requests.actions(), organization };
    });
    assert.ok(result);
    return result;
}

const marksOf = ({ accounts }: Report) => Object.fromEntries(accounts.map(({ name, mark }) => [name, mark]));

describe("An audit without a stack", () => {
    it("inspects every active member account, with two calls for a clean one, and lists the credentials of the others", async () => {
        const { report, actions, organization } = await audited();

        assert.deepEqual(marksOf(report), {
            management: "skipped",
            payments: "drifted",
            logs: "clean",
            trial: "clean",
            closed: "skipped",
        });
        const told = report.accounts.flatMap(({ id, credentials = [] }) =>
            credentials.map((each) => [id, each.id]),
        );
        const there = organization.rootCredentialsLeft({ activeOnly: true });
        assert.deepEqual(
            told,
            [...there]
                .sort((a, b) => Number(a.kind === "password") - Number(b.kind === "password"))
                .map(({ accountId, id }) => [accountId, id]),
        );
        assert.equal(actions.filter((action) => action === "AssumeRoot").length, 3);
        assert.equal(actions.filter((action) => action === "GetAccountSummary").length, 3);
        assert.equal(outcomeOf(report), "findings");
        assert.match(report.caller ?? "", /^arn:aws:iam::999988887777:user\//);
        assert.equal(report.organizationId, "o-simulated1");
    });

    it("writes nothing", async () => {
        const { actions } = await audited();

        assert.deepEqual(
            actions.filter((action) => !/^(Get|List|Describe|AssumeRoot)/.test(action)),
            [],
        );
    });

    it("lists every kind in full mode", async () => {
        const { actions } = await audited({ mode: "full" });

        assert.equal(actions.filter((action) => action === "ListMFADevices").length, 3);
        assert.ok(!actions.includes("GetAccountSummary"));
    });

    it("is incomplete if an account is unreadable, even if all others are clean", async () => {
        const { report } = await audited({}, (organization) => organization.attachScp(LOGS, DENY_ROOT));

        const logs = report.accounts.find(({ id }) => id === LOGS);
        assert.equal(logs?.mark, "unreadable");
        assert.match(logs?.unreadable?.cause ?? "", /^blocked by SCP p-/);
        assert.match(logs?.unreadable?.next ?? "", /ExemptAssumeRoot/);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("inspects only the selected accounts and units, by id or path, with the units below them", async () => {
        const byUnit = await audited({ units: ["Workloads"] });
        assert.deepEqual(marksOf(byUnit.report), {
            management: "skipped",
            payments: "drifted",
            logs: "clean",
            trial: "out of scope",
            closed: "skipped",
        });
        assert.equal(byUnit.actions.filter((action) => action === "AssumeRoot").length, 2);

        const byId = await audited({ accounts: [TRIAL] });
        assert.equal(byId.actions.filter((action) => action === "AssumeRoot").length, 1);
        assert.equal(outcomeOf(byId.report), "clean");
    });

    it("is not clean if a selected account or unit does not exist", async () => {
        const { report } = await audited({ accounts: ["123456789012", LOGS], units: ["Workload"] });

        assert.match(
            report.problems[0] ?? "",
            /the account 123456789012 was selected, but .* does not list it/,
        );
        assert.match(report.problems[1] ?? "", /the unit Workload was selected/);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("reports in one sentence why no account can be inspected, and inspects none", async () => {
        const { report, actions } = await audited({}, (organization) =>
            organization.setFeature("RootCredentialsManagement", false),
        );

        assert.deepEqual(report.accounts, []);
        assert.match(report.problems.join(), /^no account was inspected: .*RootCredentialsManagement/);
        assert.ok(!actions.includes("AssumeRoot"));
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("is incomplete if the list of accounts is, and reports the accounts that it has inspected", async () => {
        const { report } = await audited({}, (organization) => {
            organization.failAlways("ListAccounts", serverError(), { after: 1 });
            organization.failAlways("ListAccountsForParent", serverError());
        });

        assert.equal(outcomeOf(report), "incomplete");
        assert.match(report.problems.join(), /the account list may be incomplete: .*ListAccounts/);
    });

    it("skips an account that leaves during the audit", async () => {
        const { report } = await audited({}, (organization) => {
            const denied = `User: operator is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::${LOGS}:root`;
            organization.failAlways("AssumeRoot", refusal("AccessDenied", denied, 403), { accountId: LOGS });
            organization.failAlways(
                "DescribeAccount",
                refusal("AccountNotFoundException", "no such account"),
            );
        });

        assert.equal(marksOf(report).logs, "skipped");
    });

    it("reports its progress, and ends with every account listed and inspected", async () => {
        const told: string[] = [];

        await audited({
            progress: ({ found, done, isListed }) => told.push(`${done}/${found} ${isListed}`),
        });

        assert.equal(told.at(-1), "3/3 true");
        assert.ok(told.length > 4);
    });

    const unlooked: [string, AuditOptions][] = [
        ["the management account", { accounts: ["999988887777"] }],
        ["a suspended account", { accounts: [CLOSED] }],
        ["a unit in which nothing is active", { units: ["Closed"] }],
    ];
    for (const [what, options] of unlooked) {
        it(`is not clean if only ${what} was selected, because no account was inspected`, async () => {
            const { report } = await audited(options, (organization) => organization.move(CLOSED, "Closed"));

            assert.equal(report.totals.inspected, 0);
            assert.equal(outcomeOf(report), "incomplete");
        });
    }

    it("is not clean if the organization has no active member", async () => {
        const { report } = await audited({}, (organization) => {
            for (const id of [PAYMENTS, LOGS, TRIAL]) organization.setState(id, "SUSPENDED");
        });

        assert.equal(outcomeOf(report), "incomplete");
    });

    it("is incomplete if the management account is missing in the list", async () => {
        const { report } = await audited({}, (organization) => {
            organization.failAlways("ListAccounts", emptyList());
            organization.failAlways("ListAccountsForParent", emptyList());
        });

        assert.match(report.problems.join(), /did not list the caller's own account 999988887777/);
        assert.equal(outcomeOf(report), "incomplete");
    });

    it("selects a unit by its id, and no unit whose name only has the same beginning", async () => {
        const { report, organization } = await audited({ units: ["Work"] }, (each) =>
            each.move(TRIAL, "Work"),
        );
        assert.deepEqual(
            report.accounts
                .filter(({ mark }) => mark === "clean" || mark === "drifted")
                .map(({ name }) => name),
            ["trial"],
        );

        const id = organization.units.idOf("Workloads/Prod");
        const byId = await audited({ units: [id] });
        assert.equal(marksOf(byId.report).payments, "drifted");
        assert.equal(marksOf(byId.report).logs, "out of scope");
    });

    it("counts an account of an unknown unit as not inspected if units are selected", async () => {
        const { report } = await audited({ units: ["Workloads"] }, (organization) =>
            organization.failNext("ListOrganizationalUnitsForParent", emptyList(), { after: 1, times: 9 }),
        );

        assert.equal(marksOf(report).payments, "not inspected");
        assert.equal(outcomeOf(report), "incomplete");
    });
});
