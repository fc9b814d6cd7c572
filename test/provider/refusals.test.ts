import assert from "node:assert/strict";
import { refusal as refusedWith } from "../simulator";
import { freshProviderModule, providerModule } from "./harness/package";
import { inOrganization } from "./harness/surroundings";

const ACCOUNT = "111122223333";
const SCP = "arn:aws:organizations::999988887777:policy/o-simulated1/service_control_policy/p-abcd1234";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** What AWS answers over the wire, and what a reader is told about it. */
interface Row {
    title: string;
    code: string;
    status?: number;
    message: string;
    reason: string;
    /** How the cause begins; the call follows in brackets. */
    because: string;
    next: RegExp;
}

const OF_ASSUME_ROOT: Row[] = [
    {
        title: "a missing permission, a removed delegation, or an account that left",
        code: "AccessDenied",
        status: 403,
        message: `User: arn:aws:iam::999988887777:user/operator is not authorized to perform: sts:AssumeRoot on resource: ${ROOT}`,
        reason: "not-allowed",
        because: "the caller may not assume root there",
        next: /sts:AssumeRoot on arn:aws:iam::111122223333:root with the condition key sts:TaskPolicyArn/,
    },
    {
        title: "the feature for credentials being off",
        code: "AccessDenied",
        status: 403,
        message: "Root credentials management feature is not enabled for your AWS Organization.",
        reason: "feature-off",
        because: "the feature RootCredentialsManagement is off",
        next: /aws iam enable-organizations-root-credentials-management/,
    },
    {
        title: "the feature for sessions being off",
        code: "AccessDenied",
        status: 403,
        message: "Root sessions feature is not enabled for your AWS Organization.",
        reason: "feature-off",
        because: "the feature RootSessions is off",
        next: /aws iam enable-organizations-root-sessions/,
    },
    {
        title: "trusted access being off",
        code: "AccessDenied",
        status: 403,
        message: "Service not enabled for AWS Organizations.",
        reason: "trusted-access-off",
        because: "trusted access for IAM is off in the organization",
        next: /enable-aws-service-access --service-principal iam\.amazonaws\.com/,
    },
    {
        title: "STS being inactive in the region",
        code: "RegionDisabledException",
        status: 403,
        message:
            "STS is not activated in this region for account:999988887777. Your account administrator can activate STS in this region using the IAM Console.",
        reason: "region-disabled",
        because: "STS is not active in this region",
        next: /AWS_REGION/,
    },
    {
        title: "the caller's credentials having expired",
        code: "ExpiredToken",
        status: 403,
        message: "The security token included in the request is expired",
        reason: "credentials",
        because: "the caller's AWS credentials have expired",
        next: /Sign in again/,
    },
    {
        title: "credentials that AWS does not know",
        code: "InvalidClientTokenId",
        status: 403,
        message: "The security token included in the request is invalid.",
        reason: "credentials",
        because: "AWS does not know the caller's credentials",
        next: /AWS_PROFILE/,
    },
    {
        title: "the global endpoint, which does not know the call",
        code: "InvalidAction",
        message: "Unknown Operation",
        reason: "other",
        because: "AWS answered InvalidAction",
        next: /Run again/,
    },
    {
        title: "a target that is no account",
        code: "ValidationError",
        message: "Request must contain a valid target principal",
        reason: "other",
        because: "AWS answered ValidationError",
        next: /counts as unknown/,
    },
];

const DENIED_IN_SESSION = `User: ${ROOT} is not authorized to perform: iam:ListAccessKeys on resource: ${ROOT}`;

const IN_A_ROOT_SESSION: Row[] = [
    {
        title: "an SCP, by its ARN",
        code: "AccessDenied",
        status: 403,
        message: `${DENIED_IN_SESSION} with an explicit deny in a service control policy: ${SCP}`,
        reason: "scp",
        because: "blocked by SCP p-abcd1234",
        next: new RegExp(`"Null": \\{"aws:AssumedRoot": "true"\\}.*ExemptAssumeRoot.*AWS said: .*${SCP}`),
    },
    {
        title: "an SCP that AWS does not name",
        code: "AccessDenied",
        status: 403,
        message: `${DENIED_IN_SESSION} with an explicit deny in a service control policy`,
        reason: "scp",
        because: "blocked by an SCP that AWS did not name",
        next: /aws:AssumedRoot/,
    },
    {
        title: "the absence of an SCP that allows it",
        code: "AccessDenied",
        status: 403,
        message: `${DENIED_IN_SESSION} because no service control policy allows the iam:ListAccessKeys action`,
        reason: "scp",
        because: "blocked by SCP: none allows it",
        next: /Allow iam:ListAccessKeys for root sessions/,
    },
    {
        title: "the task policy",
        code: "AccessDenied",
        status: 403,
        message: `${DENIED_IN_SESSION} with an explicit deny in a session policy`,
        reason: "not-allowed",
        because: "AWS denied the call",
        next: /AWS's text says which policy/,
    },
    {
        title: "the session having expired",
        code: "ExpiredToken",
        status: 403,
        message: "The security token included in the request is expired",
        reason: "session-expired",
        because: "the root session expired before the work was done",
        next: /Run again/,
    },
    {
        title: "a failure that nobody has seen before, as it came",
        code: "SomethingNew",
        message: "The hamster <stopped> & fell asleep.",
        reason: "other",
        because: "AWS answered SomethingNew",
        next: /AWS said: SomethingNew: The hamster <stopped> & fell asleep\.$/,
    },
];

describe("What AWS refuses is explained", () => {
    for (const row of OF_ASSUME_ROOT) {
        it(`with AssumeRoot: ${row.title}`, () =>
            inOrganization({ seed: { accounts: [{ id: ACCOUNT, name: "payments" }] } }, async (simulator) => {
                const { openRootSession } = freshProviderModule("root-session");
                const fault = refusedWith(row.code, row.message, row.status);
                simulator.organization.failAlways("AssumeRoot", fault);

                const error = await errorOf(openRootSession(ACCOUNT, "audit"));

                assertExplained(error, "sts:AssumeRoot", row);
            }));
    }

    for (const row of IN_A_ROOT_SESSION) {
        it(`inside a root session: ${row.title}`, () =>
            inOrganization({ seed: { accounts: [{ id: ACCOUNT, name: "payments" }] } }, async (simulator) => {
                const { openRootSession } = freshProviderModule("root-session");
                const { CREDENTIAL_KINDS } = providerModule("credential-kinds/index");
                const fault = refusedWith(row.code, row.message, row.status);
                simulator.organization.failAlways("ListAccessKeys", fault);
                const session = await openRootSession(ACCOUNT, "audit");

                const error = await errorOf(CREDENTIAL_KINDS.accessKeys.list(session.iam));

                assertExplained(error, "iam:ListAccessKeys", row);
            }));
    }

    it("cause first and within the 120 characters of a diff, for the longest of them", () => {
        const { explain } = freshProviderModule("refusals");
        const longest = { accountId: ACCOUNT, action: "iam:DeleteSigningCertificate" };

        for (const { code, message } of [...OF_ASSUME_ROOT, ...IN_A_ROOT_SESSION]) {
            const { cause } = explain(Object.assign(new Error(message), { name: code }), longest);
            assert.ok(cause.length <= 120, cause);
        }
    });

    it("also where something is thrown that is no error", () => {
        const { explain } = freshProviderModule("refusals");

        const { reason, detail } = explain("nothing but a text", {
            accountId: ACCOUNT,
            action: "iam:GetUser",
        });

        assert.equal(reason, "other");
        assert.match(detail, /nothing but a text/);
    });
});

function assertExplained(error: unknown, action: string, { reason, because, next }: Row): void {
    // Of the same copy of the package as the error.
    const explained = providerModule("refusals").explain(error, { accountId: ACCOUNT, action });
    assert.equal(explained.reason, reason);
    assert.equal(explained.cause, `${because} (${action})`);
    assert.match(explained.detail, next);
    assert.ok(explained.detail.startsWith(`${action} was refused in account ${ACCOUNT}: ${because}. `));
}

function errorOf(call: Promise<unknown>): Promise<unknown> {
    return call.then(
        () => assert.fail("AWS did not refuse"),
        (error: unknown) => error,
    );
}
