/** Messages about accounts that AWS refuses. The state of the simulated organization causes each refusal. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { AccountSeed, CallerDenial } from "../../simulator";
import {
    describeLifecycle,
    desired,
    partialFailure,
    stored,
    type World,
    type WorldOptions,
} from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";
const SECURITY = "222233334444";
const MANAGEMENT = "999988887777";

interface Case {
    title: string;
    payments?: Partial<AccountSeed>;
    options?: WorldOptions;
    /** Called before the account is read, and after the run has inspected another one. */
    arrange?: (world: World) => void;
    cause: string;
    detail: RegExp;
}

const denial = (by: CallerDenial["by"]) => (world: World) =>
    world.organization.denyPermissions(MANAGEMENT, {
        by,
        actions: ["sts:AssumeRoot"],
        resources: [`arn:aws:iam::${PAYMENTS}:root`],
    });

const CASES: Case[] = [
    {
        title: "an SCP that denies the root user everything",
        payments: { scps: [{ name: "no-root", policyId: "p-noroot12", actions: ["*"], appliesTo: "root" }] },
        cause: "blocked by SCP p-noroot12 (iam:GetAccountSummary)",
        detail: /describe-policy --policy-id p-noroot12.*"Null": \{"aws:AssumedRoot": "true"\}.*ExemptAssumeRoot/,
    },
    {
        title: "an SCP of the delegated administrator's own account",
        options: { caller: "delegate" },
        arrange: ({ organization }) =>
            organization.attachScp(SECURITY, {
                name: "no-sts",
                policyId: "p-nosts123",
                actions: ["sts:AssumeRoot"],
            }),
        cause: "blocked on the caller's side by SCP p-nosts123 (sts:AssumeRoot)",
        detail: /applies to the calling account, not 111122223333/,
    },
    {
        title: "an RCP of the account",
        payments: { rcps: [{ name: "perimeter", policyId: "p-rcp12345", actions: ["sts:*"] }] },
        cause: "blocked by RCP p-rcp12345 (sts:AssumeRoot)",
        detail: /applies to account 111122223333/,
    },
    {
        title: "an explicit deny in a policy of the caller",
        arrange: denial("identity-based policy"),
        cause: "denied by a policy of the caller (sts:AssumeRoot)",
        detail: /demands MFA/,
    },
    {
        title: "the caller's permissions boundary",
        arrange: denial("permissions boundary"),
        cause: "blocked by the caller's permissions boundary (sts:AssumeRoot)",
        detail: /Allow arn:aws:iam::999988887777:user\/operator sts:AssumeRoot on/,
    },
    {
        title: "the session policy of the caller",
        arrange: denial("session policy"),
        cause: "blocked by the session policy of the caller's session (sts:AssumeRoot)",
        detail: /when the session is made/,
    },
    {
        title: "a VPC endpoint's policy",
        arrange: denial("VPC endpoint policy"),
        cause: "blocked by the policy of a VPC endpoint (sts:AssumeRoot)",
        detail: /VPC endpoint for STS/,
    },
    {
        title: "a permission that the caller lacks for this account",
        arrange: ({ organization }) =>
            organization.withholdPermissions(
                MANAGEMENT,
                ["sts:AssumeRoot"],
                [`arn:aws:iam::${PAYMENTS}:root`],
            ),
        cause: "the caller may not assume root there (sts:AssumeRoot)",
        detail: /the account is an active member.*Allow arn:aws:iam::999988887777:user\/operator sts:AssumeRoot on arn:aws:iam::111122223333:root with the condition key sts:TaskPolicyArn arn:aws:iam::aws:policy\/root-task\/IAMAuditRootUserCredentials/,
    },
    {
        title: "the caller's delegation, removed in mid-run",
        options: { caller: "delegate" },
        arrange: ({ organization }) => organization.deregisterDelegatedAdministrator(SECURITY),
        cause: "the caller's account is not (or no longer) a delegated administrator for IAM (sts:AssumeRoot)",
        detail: /answer to iam:ListOrganizationsFeatures.*register-delegated-administrator --account-id 222233334444/,
    },
    {
        title: "the feature, switched off in mid-run",
        arrange: ({ organization }) => organization.setFeature("RootCredentialsManagement", false),
        cause: "the feature RootCredentialsManagement is off (sts:AssumeRoot)",
        detail: /enable-organizations-root-credentials-management/,
    },
    {
        title: "trusted access, switched off in mid-run",
        arrange: ({ organization }) => organization.setTrustedAccess(false),
        cause: "trusted access for IAM is off in the organization (sts:AssumeRoot)",
        detail: /enable-aws-service-access/,
    },
    {
        title: "STS being switched off in the caller's region",
        arrange: ({ organization }) => organization.disabledRegions.add("us-east-1"),
        cause: "STS is not active in this region (sts:AssumeRoot)",
        detail: /Account settings, Security Token Service.*account:999988887777/,
    },
    {
        title: "the global endpoint",
        arrange: ({ organization }) => (organization.globalSts = true),
        cause: "this STS endpoint does not know AssumeRoot (sts:AssumeRoot)",
        detail: /AWS_ENDPOINT_URL_STS/,
    },
    {
        title: "the caller's own account",
        options: { caller: PAYMENTS },
        arrange: () => undefined,
        cause: "the account is the caller's own (sts:AssumeRoot)",
        detail: /An audit that runs as the management account inspects this account too/,
    },
    {
        title: "the caller's session, over in mid-run",
        options: { caller: "role" },
        arrange: ({ organization }) => organization.clock.advance(3600),
        cause: "the caller's AWS credentials have expired (sts:GetCallerIdentity)",
        detail: /Sign in again/,
    },
];

describeLifecycle("An account that AWS refuses", (begin) => {
    const seed = (payments: Partial<AccountSeed> = {}, alsoDelegate: string[] = []) => ({
        accounts: [
            { id: PAYMENTS, name: "payments", root: { password: {} }, ...payments },
            { id: LOGS, name: "logs" },
            { id: SECURITY, name: "security" },
        ],
        delegatedAdministrators: [SECURITY, ...alsoDelegate],
    });

    for (const { title, payments, options, arrange, cause, detail } of CASES) {
        it(`by ${title}: is unreadable, with the reason and the next step`, async () => {
            const own = options?.caller === PAYMENTS ? [PAYMENTS] : [];
            const world = await begin(seed(payments, own), options);
            await world.run.read(LOGS, stored(LOGS));
            arrange?.(world);

            const { id, props, inputs } = await world.run.read(PAYMENTS, stored(PAYMENTS));

            assert.equal(id, PAYMENTS);
            assert.equal(props.auditError, cause);
            assert.match(props.auditErrorDetail, detail);
            // A cause that stops every account is reported for the organization's call, and the message names no account.
            const account = cause.endsWith("(sts:GetCallerIdentity)") ? "" : " in account 111122223333";
            assert.match(props.auditErrorDetail, new RegExp(`^[\\w:]+ was refused${account}: `));
            assert.equal(inputs?.loginProfile, "unknown");
            assert.ok(world.rootOf(PAYMENTS).password);
        });
    }

    it("by a session that ends during the work: is unreadable, and the cause is the ended session", async () => {
        const world = await begin(seed());
        const { organization, requests } = world;
        organization.latency.set(300, "GetAccountSummary");

        const reading = world.run.read(PAYMENTS, stored(PAYMENTS));
        while (requests.of("AssumeRoot").length === 0) await sleep(5);
        organization.clock.advance(601);
        const { props } = await reading;

        // The failing call depends on whether the first one was sent already.
        assert.match(props.auditError, /^the root session expired before the work was done \(iam:\w+\)$/);
        assert.equal(props.loginProfile, "unknown");
    });

    it("by an SCP that denies one removal to everybody: keeps that credential only, and the message does not mention Control Tower", async () => {
        const scps = [
            {
                name: "logins",
                policyId: "p-logins12",
                actions: ["iam:CreateLoginProfile", "iam:DeleteLoginProfile"],
            },
        ];
        const root = { password: {}, accessKeys: [{ id: "AKIAROOTKEYOFPAY0001" }] };
        const world = await begin(seed({ scps, root }));

        const { properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.equal(properties.auditError, "blocked by SCP p-logins12 (iam:DeleteLoginProfile)");
        assert.match(
            reasons.join("\n"),
            /ExemptAssumeRoot would not help.*denies iam:DeleteLoginProfile, for example/,
        );
        assert.doesNotMatch(reasons.join("\n"), /AWS-GR_RESTRICT_ROOT_USER/);
        assert.ok(world.rootOf(PAYMENTS).password);
        assert.deepEqual(world.rootOf(PAYMENTS).accessKeys, []);
    });

    it("for the delete policy only: the message names that policy", async () => {
        const world = await begin(seed());
        await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.organization.withholdPermissions(MANAGEMENT, ["sts:AssumeRoot"]);

        const { reasons } = await partialFailure(
            world.run.update(PAYMENTS, stored(PAYMENTS, { loginProfile: "present" }), desired(PAYMENTS)),
        );

        assert.match(reasons[0] ?? "", /sts:TaskPolicyArn \S+IAMDeleteRootUserCredentials\. /);
    });

    it("like all others: the organization is asked for once, and no account is asked for if that explains the refusal", async () => {
        const ids = Array.from({ length: 30 }, (_, n) => String(100_000_000_000 + n));
        const accounts = [...ids, SECURITY, LOGS].map((id) => ({ id, name: id }));
        const world = await begin({ accounts, delegatedAdministrators: [SECURITY] }, { caller: "delegate" });
        await world.run.read(LOGS, stored(LOGS));
        world.organization.deregisterDelegatedAdministrator(SECURITY);
        const asked = world.requests.of("ListOrganizationsFeatures").length;

        const seen = await Promise.all(ids.map((id) => world.run.read(id, stored(id))));

        assert.ok(seen.every(({ props }) => /delegated administrator/.test(props.auditError)));
        assert.equal(world.requests.of("ListOrganizationsFeatures").length, asked + 1);
        assert.deepEqual(world.requests.of("DescribeAccount"), []);
    });

    it("without words about the organization: the message names all possible causes", async () => {
        const world = await begin(seed());
        await world.run.read(LOGS, stored(LOGS));
        world.organization.withholdPermissions(MANAGEMENT, [
            "sts:AssumeRoot",
            "iam:List*",
            "organizations:*",
        ]);

        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));

        assert.match(
            props.auditErrorDetail,
            /a missing permission, a delegation that was removed .*, and for an account that is no active member, and the management account/,
        );
        assert.match(
            props.auditErrorDetail,
            /organizations:DescribeAccount was refused .*the caller lacks the permission/,
        );
    });
});

describeLifecycle("An account that is no active member", (begin) => {
    const states = [
        ["SUSPENDED", "is suspended"],
        ["PENDING_CLOSURE", "is pending closure"],
        ["CLOSED", "is closed"],
        ["PENDING_ACTIVATION", "is pending activation"],
    ] as const;
    const management =
        "is the organization's management account, whose root user AWS leaves out of central root access";
    const seed = states.map(([state], n) => ({ id: `10000000000${n}`, name: state, state }));
    const absent: [id: string, because: string][] = [
        ...states.map(([, because], n): [string, string] => [`10000000000${n}`, because]),
        ["555566667777", "has left the organization"],
        [MANAGEMENT, management],
    ];

    for (const [id, because] of absent) {
        it(`is refused at create, and dropped with a message if it was in the stack: one that ${because}`, async () => {
            const world = await begin(seed);

            await assert.rejects(world.run.create(desired(id)), {
                message: `account ${id} ${because}; remove it from the program`,
            });
            const { id: found } = await world.run.read(id, stored(id));
            await world.run.delete(id, stored(id));

            assert.equal(found, undefined);
            const printed = await world.endRun();
            assert.ok(printed.includes(`account ${id} ${because}; it is dropped from the stack`), printed);
            assert.ok(printed.includes(`account ${id} ${because}; nothing is changed there`), printed);
            assert.deepEqual(world.requests.of("CreateLoginProfile"), []);
        });
    }
});
