/** One organization with an account of every sort that AWS refuses, looked at and converged by the real engine. */
import assert from "node:assert/strict";
import {
    connectionReset,
    emptyBody,
    expiredToken,
    serverError,
    type AccountSeed,
    type CallerDenial,
} from "../simulator";
import { accountOf, Stack, totalsOf, type Run } from "./stack";

const DELEGATE = "100000000009";
const MANAGEMENT = "999988887777";
const DIRTY = { password: {}, accessKeys: [{}] };

/** An account, and what a line about it says: why, and what next. */
interface Refused {
    account: Partial<AccountSeed> & { name: string };
    says: RegExp;
    next: RegExp;
}

const root = (id: string) => `arn:aws:iam::${id}:root`;

const REFUSED: Record<string, Refused> = {
    "100000000003": {
        account: {
            name: "no-root",
            scps: [{ name: "no-root", policyId: "p-noroot12", actions: ["*"], appliesTo: "root" }],
        },
        says: /blocked by SCP p-noroot12\. /,
        next: /describe-policy --policy-id p-noroot12\).*"Condition": \{"Null": \{"aws:AssumedRoot": "true"\}\}.*ExemptAssumeRoot/,
    },
    "100000000005": {
        account: { name: "guarded", rcps: [{ name: "rcp", policyId: "p-rcp12345", actions: ["sts:*"] }] },
        says: /blocked by RCP p-rcp12345\. /,
        next: /allow arn:aws:iam::100000000009:user\/operator sts:AssumeRoot in this policy/,
    },
    "100000000006": {
        account: { name: "denied" },
        says: /denied by a policy of the caller\. /,
        next: /take sts:AssumeRoot out of it/,
    },
    "100000000007": {
        account: { name: "bounded" },
        says: /blocked by the caller's permissions boundary\. /,
        next: /Allow arn:aws:iam::100000000009:user\/operator sts:AssumeRoot on arn:aws:iam::100000000007:root in the permissions boundary/,
    },
    "100000000008": {
        account: { name: "endpoint" },
        says: /blocked by the policy of a VPC endpoint\. /,
        next: /in the policy of the VPC endpoint for STS/,
    },
    [DELEGATE]: {
        account: { name: "security" },
        says: /the account is the caller's own\. /,
        next: /An audit that runs as the management account inspects this account too/,
    },
    "100000000010": {
        account: { name: "not-allowed" },
        says: /the caller may not assume root there\. /,
        next: /the account is an active member.*Allow \S+ sts:AssumeRoot on arn:aws:iam::100000000010:root/,
    },
    "100000000011": {
        account: { name: "slow" },
        says: /the root session expired before the work was done\. /,
        next: /Run again: every run opens a new one/,
    },
    "100000000012": {
        account: { name: "disturbed" },
        says: /the endpoint answered HTTP 503\. /,
        next: /https:\/\/health\.aws\.amazon\.com/,
    },
    "100000000013": {
        account: { name: "truncated" },
        says: /AWS's answer was incomplete\. /,
        next: /look for a proxy between here and AWS/,
    },
    "100000000014": {
        account: { name: "broken" },
        says: /the AWS endpoint could not be reached: the connection broke\. /,
        next: /Check the network/,
    },
    "100000000015": {
        account: { name: "narrowed" },
        says: /blocked by the session policy of the caller's session\. /,
        next: /passed when the session is made/,
    },
};

/** Looked at in full; only one of its removals is denied. */
const LOGINS = "100000000004";

/** Accounts that are no active members are not looked at, and listed with the reason. */
const SKIPPED: Record<string, { name: string; state: NonNullable<AccountSeed["state"]> }> = {
    "100000000016": { name: "old", state: "SUSPENDED" },
    "100000000017": { name: "closing", state: "PENDING_CLOSURE" },
    "100000000018": { name: "shut", state: "CLOSED" },
    "100000000019": { name: "new", state: "PENDING_ACTIVATION" },
};

const SKIPPED_BECAUSE: Record<string, string> = {
    "100000000016": "suspended",
    "100000000017": "pending closure",
    "100000000018": "closed",
    "100000000019": "pending activation",
    [MANAGEMENT]: "management account",
};

describe("an organization with an account of every sort that AWS refuses", function () {
    this.timeout(240_000);
    let stack: Stack;

    before(async () => {
        const accounts: AccountSeed[] = [
            { id: "100000000001", name: "dirty", root: DIRTY },
            { id: "100000000002", name: "clean" },
            {
                id: LOGINS,
                name: "logins",
                root: DIRTY,
                scps: [{ name: "logins", policyId: "p-logins12", actions: ["iam:DeleteLoginProfile"] }],
            },
            ...Object.entries(REFUSED).map(([id, { account }]) => ({ root: DIRTY, ...account, id })),
            ...Object.entries(SKIPPED).map(([id, account]) => ({ id, ...account, root: DIRTY })),
        ];
        stack = await Stack.over({ accounts, delegatedAdministrators: [DELEGATE] });
        arrangeRefusals(stack);
    });
    after(() => stack?.close());

    const asDelegate = () => stack.simulator.environment("delegate");

    it("is previewed with a reason and a next step for each of them, and none of them is clean", async () => {
        const preview = await stack.preview("--expect-no-changes", asDelegate());

        assert.equal(preview.exitCode, 7, preview.output);
        for (const [id, { says, next }] of Object.entries(REFUSED)) {
            lineAbout(preview, new RegExp(`▲ ${id} [\\w-]+ +unreadable`));
            const detail = accountOf(preview, id).unreadable?.detail ?? "";
            assert.match(detail, says);
            assert.match(detail, next);
        }
        const blocked = Object.keys(REFUSED).length;
        assert.partialDeepStrictEqual(totalsOf(preview), {
            clean: 1,
            drifted: 2,
            unreadable: blocked,
            notInspected: 0,
        });
        for (const [id, because] of Object.entries(SKIPPED_BECAUSE))
            assert.equal(accountOf(preview, id).because, because);
    });

    it("is converged where AWS lets it, with all reasons for the rest", async () => {
        const up = await stack.up("--skip-preview", asDelegate());

        assert.equal(up.exitCode, 1, up.output);
        for (const [id, { says, next }] of Object.entries(REFUSED)) {
            const line = lineAbout(
                up,
                new RegExp(`${id} [\\w-]+: [\\w:]+ (was refused|failed) in account ${id}: `),
            );
            assert.match(line, says);
            assert.match(line, next);
        }
        const refused = Object.keys(REFUSED);
        const withPassword = [...refused, LOGINS].sort();
        const left = stack.left().map((credential) => credential.split(" "));
        assert.deepEqual(
            left.flatMap(([id, kind]) => (kind === "password" ? [id] : [])).sort(),
            withPassword,
        );
        assert.deepEqual(left.flatMap(([id, kind]) => (kind === "accessKey" ? [id] : [])).sort(), refused);
        assert.match(
            lineAbout(up, /logins: iam:DeleteLoginProfile was refused in account 100000000004: /),
            /blocked by SCP p-logins12\. .*ExemptAssumeRoot would not help.*describe-policy --policy-id p-logins12/,
        );
    });

    it("has their reasons in the stack's state, where none of them is absent", async () => {
        const resources = await stack.resources();

        for (const [id, { says }] of Object.entries(REFUSED)) {
            const { outputs = {} } = resources.get(id) ?? {};
            assert.equal(outputs.loginProfile, "unknown", id);
            assert.deepEqual(outputs.accessKeys, ["unknown"], id);
            assert.match(`${String(outputs.auditError).replace(/ \([^()]*\)$/, "")}. `, says);
        }
    });

    it("refuses accounts that are none to look into, where a program names them itself", async () => {
        assert.equal((await stack.pulumi("stack init other")).exitCode, 0);
        const absent = { ...SKIPPED_BECAUSE, "555566667777": "has left the organization" };
        stack.program(`
            const { RootCredentialsAbsent } = require("pulumi-aws-root-credentials");
            for (const accountId of ${JSON.stringify(Object.keys(absent))}) {
                new RootCredentialsAbsent(accountId, { accountId });
            }
        `);

        const up = await stack.up("--continue-on-error --skip-preview", asDelegate());

        assert.equal(up.exitCode, 1, up.output);
        for (const [id, because] of Object.entries(absent)) {
            assert.match(
                lineAbout(up, new RegExp(`account ${id} (is|has) `)),
                new RegExp(`${because}.*; remove it from the program`),
            );
        }
        assert.equal((await stack.resources()).size, 0);
    });
});

function arrangeRefusals({ organization }: Stack): void {
    const deny = (by: CallerDenial["by"], id: string) =>
        organization.denyPermissions(DELEGATE, { by, actions: ["sts:AssumeRoot"], resources: [root(id)] });
    deny("identity-based policy", "100000000006");
    deny("permissions boundary", "100000000007");
    deny("VPC endpoint policy", "100000000008");
    deny("session policy", "100000000015");
    organization.withholdPermissions(DELEGATE, ["sts:AssumeRoot"], [root("100000000010")]);
    const inSession = [
        "GetAccountSummary",
        "ListAccessKeys",
        "ListSigningCertificates",
        "GetLoginProfile",
        "ListMFADevices",
    ] as const;
    for (const action of inSession)
        organization.failAlways(action, expiredToken(), { accountId: "100000000011" });
    organization.failAlways("AssumeRoot", serverError(503), { accountId: "100000000012" });
    organization.failAlways("AssumeRoot", emptyBody(), { accountId: "100000000013" });
    organization.failAlways("AssumeRoot", connectionReset(), { accountId: "100000000014" });
}

function lineAbout({ output }: Run, about: RegExp): string {
    const line = output.split("\n").find((each) => about.test(each));
    assert.ok(line, `no line matches ${about} in:\n${output}`);
    return line;
}
