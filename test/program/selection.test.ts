/** Selections in an organization of 60 accounts with four levels of units. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { accessDenied, type Organization } from "../simulator";
import { below, idOf, NEWCOMERS, organizationOfSixty } from "../organization-of-sixty";
import { runProgram, type ProgramRun } from "./harness";

const ALL = below("");
const invited = ALL.filter((number) => (number - 1) % 6 === 0);
const tier = (value: number) => ALL.filter((number) => (number - 1) % 3 === value);
const without = (numbers: number[], others: number[]) => numbers.filter((number) => !others.includes(number));
const both = (numbers: number[], others: number[]) => numbers.filter((number) => others.includes(number));

interface Given {
    include?: object[];
    exclude?: object[];
}

/** The accounts in scope, and the number that each rule excludes. */
const TABLE: [title: string, given: Given, expected: number[], excluded: Record<string, number>][] = [
    ["the whole organization without settings", {}, ALL, {}],
    ["the whole organization with empty lists", { include: [], exclude: [] }, ALL, {}],
    [
        "a unit by its path, with the units nested in it",
        { include: [{ organizationalUnit: "Workloads/Prod" }] },
        below("Workloads/Prod"),
        { "not in include": 39 },
    ],
    [
        "a unit four levels down",
        { include: [{ organizationalUnit: "Workloads/Prod/Payments/EU" }] },
        below("Workloads/Prod/Payments/EU"),
        { "not in include": 53 },
    ],
    [
        "two units",
        { include: [{ organizationalUnit: "Security" }, { organizationalUnit: "Infrastructure" }] },
        [...below("Security"), ...below("Infrastructure")],
        { "not in include": 51 },
    ],
    [
        "all but a unit",
        { exclude: [{ organizationalUnit: "Sandbox" }] },
        without(ALL, below("Sandbox")),
        { "exclude[0] (organizationalUnit Sandbox)": 12 },
    ],
    [
        "a unit without one that is nested in it",
        {
            include: [{ organizationalUnit: "Workloads" }],
            exclude: [{ organizationalUnit: "Workloads/Prod/Payments" }],
        },
        without(below("Workloads"), below("Workloads/Prod/Payments")),
        { "exclude[0] (organizationalUnit Workloads/Prod/Payments)": 15, "not in include": 24 },
    ],
    [
        "no excluded account, even if it is included by id",
        { include: [{ account: idOf(1) }, { account: idOf(2) }], exclude: [{ account: idOf(2) }] },
        [1],
        { [`exclude[0] (account ${idOf(2)})`]: 1, "not in include": 58 },
    ],
    [
        "an account by its exact name",
        { exclude: [{ account: "security-3" }] },
        without(ALL, [3]),
        { "exclude[0] (account security-3)": 1 },
    ],
    [
        "an account whose id the CLI stored as a number",
        { include: [{ account: Number(idOf(7)) }] },
        [7],
        { "not in include": 59 },
    ],
    ["a tag", { include: [{ tag: "tier=1" }] }, tier(1), { "not in include": 40 }],
    [
        "a tag whose key and value hold an equals sign",
        { exclude: [{ tag: "cost=center=a=1" }] },
        ALL.filter((number) => number % 2 === 1),
        { "exclude[0] (tag cost=center=a=1)": 30 },
    ],
    [
        "accounts that were invited",
        { include: [{ joinedMethod: "INVITED" }] },
        invited,
        { "not in include": 50 },
    ],
    [
        "accounts that joined since a day",
        { exclude: [{ joinedSince: "2026-10-15" }] },
        ALL.slice(0, -NEWCOMERS),
        { "exclude[0] (joinedSince 2026-10-15)": NEWCOMERS },
    ],
    [
        "accounts that joined since a moment",
        { include: [{ joinedSince: "2026-10-15T11:00:00+02:00" }] },
        ALL.slice(-NEWCOMERS),
        { "not in include": 55 },
    ],
    [
        "accounts that meet every condition of one selector",
        { include: [{ organizationalUnit: "Workloads", joinedMethod: "INVITED", tag: "tier=0" }] },
        both(both(below("Workloads"), invited), tier(0)),
        { "not in include": 60 - both(both(below("Workloads"), invited), tier(0)).length },
    ],
    [
        "accounts that meet either of two selectors, with the first excluding rule",
        { exclude: [{ organizationalUnit: "Sandbox" }, { tag: "tier=2" }] },
        without(without(ALL, below("Sandbox")), tier(2)),
        {
            "exclude[0] (organizationalUnit Sandbox)": 12,
            "exclude[1] (tag tier=2)": without(tier(2), below("Sandbox")).length,
        },
    ],
];

describe("A selection of accounts", () => {
    for (const [title, given, expected, excluded] of TABLE) {
        it(`selects ${title}`, () =>
            selecting(given, ({ registered, outputs }) => {
                assert.deepEqual(registered.map(({ name }) => name).sort(), expected.map(idOf));
                assert.deepEqual(outputs["accountsExcluded"], excluded);
                assert.equal(outputs["accountsInScope"], expected.length);
            }));
    }

    it("selects units and the root by their ids", async () => {
        await selecting({}, async ({ simulator: { organization } }) => {
            const { units } = organization;
            const sandbox = units.idOf("Sandbox");
            await selecting({ include: [{ organizationalUnit: sandbox }] }, ({ registered }) =>
                assert.deepEqual(registered.map(({ name }) => name).sort(), below("Sandbox").map(idOf)),
            );
            await selecting({ include: [{ organizationalUnit: units.rootId }] }, ({ registered }) =>
                assert.equal(registered.length, 60),
            );
        });
    });

    it("reads tags only if a tag decides", () =>
        selecting({ exclude: [{ organizationalUnit: "Sandbox" }] }, ({ simulator: { requests } }) =>
            assert.equal(requests.of("ListTagsForResource").length, 0),
        ));

    it("reads the tags only of accounts that meet the selector's other conditions", () =>
        selecting(
            { include: [{ organizationalUnit: "Security", tag: "tier=0" }] },
            ({ simulator: { requests } }) =>
                assert.deepEqual(
                    requests
                        .of("ListTagsForResource")
                        .map(({ target }) => target)
                        .sort(),
                    below("Security").map(idOf),
                ),
        ));

    for (const [title, given, expectation, arrange] of [
        [
            "a unit that does not exist, with a similar one",
            { include: [{ organizationalUnit: "Workloads/Prd" }] },
            /^the setting aws-root-credentials:include\[0\]\.organizationalUnit is Workloads\/Prd: expected the id or the path of an organizational unit of this organization \(did you mean Workloads\/Prod\?\)\. Nothing was changed/,
        ],
        [
            "a unit's name instead of its path",
            { include: [{ organizationalUnit: "Payments" }] },
            /is Payments: expected the id or the path/,
        ],
        [
            "a unit's id that does not exist",
            { exclude: [{ organizationalUnit: "ou-none-12345678" }] },
            /exclude\[0\]\.organizationalUnit is ou-none-12345678: expected the id/,
        ],
        [
            "an account's id that does not exist",
            { exclude: [{ account: "222222222222" }] },
            /exclude\[0\]\.account is 222222222222: expected the id \(12 digits, in quotes\) or the exact name of an account/,
        ],
        [
            "an account's name that does not exist, with a similar one",
            { exclude: [{ account: "Security-3" }] },
            /exclude\[0\]\.account is Security-3: .* \(did you mean security-3\?\)/,
        ],
        [
            "a name that two accounts have",
            { exclude: [{ account: "twin" }] },
            /exclude\[0\]\.account is twin: expected the name of one account, but 100000000008, 100000000009 have this name; use an id/,
            (organization) => [8, 9].forEach((number) => (organization.account(idOf(number)).name = "twin")),
        ],
        [
            "an include of the management account",
            { include: [{ account: "999988887777" }] },
            /include\[0\]\.account is 999988887777: expected a member account, but this is the management account/,
        ],
        [
            "a tag that no account has",
            { exclude: [{ tag: "tier=9" }] },
            /the setting aws-root-credentials:exclude\[0\] is tag tier=9; no active account of the organization matches/,
        ],
        [
            "conditions that no account meets together",
            { exclude: [{ organizationalUnit: "Security", joinedSince: "2026-10-01" }] },
            /exclude\[0\] is organizationalUnit Security, joinedSince 2026-10-01; no account of the organization matches/,
        ],
        [
            "selectors that leave no account in scope",
            { include: [{ account: idOf(1) }], exclude: [{ organizationalUnit: "Security" }] },
            /include and exclude leave none of 60 active member accounts in scope.*pulumi destroy/,
        ],
        [
            "a unit if units cannot be listed",
            { exclude: [{ organizationalUnit: "Sandbox" }] },
            /exclude\[0\] selects by organizational unit, but the units are not known: .*AccessDenied/,
            (organization) => organization.failAlways("ListOrganizationalUnitsForParent", accessDenied()),
        ],
        [
            "a tag if tags cannot be read",
            { exclude: [{ tag: "tier=1" }] },
            /the program stopped, and nothing was changed: .*organizations:ListTagsForResource/,
            (organization) => organization.failAlways("ListTagsForResource", accessDenied(), { after: 59 }),
        ],
        [
            "a condition on joining that AWS does not report",
            { exclude: [{ joinedMethod: "INVITED" }] },
            /exclude\[0\] selects by how accounts joined, but AWS did not report that of account 100000000001 security-1/,
            (organization) => organization.omittedAccountFields.add("JoinedMethod"),
        ],
    ] satisfies [string, Given, RegExp, ((organization: Organization) => void)?][]) {
        it(`ends the program before any declaration at ${title}`, async () => {
            const run = selecting(given, () => assert.fail("the program went on"), arrange);

            await assert.rejects(run, (error) => {
                assert.ok(pulumi.RunError.isInstance(error));
                assert.match(error.message, expectation);
                return true;
            });
        });
    }

    it("names every selector that cannot be applied in a sentence", async () => {
        const given = {
            include: [{ account: "nobody" }],
            exclude: [{ organizationalUnit: "Nowhere" }, { tag: "a=b" }],
        };

        await assert.rejects(
            selecting(given, () => assert.fail("the program went on")),
            (error: Error) => error.message.split("\n").length === 3,
        );
    });

    it("refuses an open exception of an account out of scope", async () => {
        const exceptions = [{ account: idOf(50), until: "2099-01-01T00:00:00Z", reason: "lost phone" }];
        const run = selecting(
            { exclude: [{ organizationalUnit: "Sandbox" }] },
            () => assert.fail("the program went on"),
            undefined,
            { "aws-root-credentials:exceptions": JSON.stringify(exceptions) },
        );

        await assert.rejects(
            run,
            /exceptions names account 100000000050 sandbox-50 \(until .*\), which this stack does not declare: exclude\[0\] \(organizationalUnit Sandbox\)/,
        );
    });
});

function selecting(
    given: Given,
    look: (run: ProgramRun) => void | Promise<void>,
    arrange: (organization: Organization) => void = () => {},
    others: Record<string, string> = {},
): Promise<void> {
    const config = Object.fromEntries(
        Object.entries(given).map(([setting, list]) => [
            `aws-root-credentials:${setting}`,
            JSON.stringify(list),
        ]),
    );
    return runProgram({ seed: organizationOfSixty, arrange, config: { ...config, ...others } }, look);
}
