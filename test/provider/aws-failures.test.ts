import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
    connectionReset,
    emptyBody,
    hang,
    htmlBody,
    refusal as refusedWith,
    serverError,
    throttled,
    type Simulator,
} from "../simulator";
import { freshProviderModule, providerModule } from "./harness/package";
import { inOrganization, Surroundings } from "./harness/surroundings";
import {
    ACCOUNT,
    attemptAt,
    everySample,
    IN_A_ROOT_SESSION,
    OF_A_REMOVAL,
    OF_ASSUME_ROOT,
    OF_ORGANIZATIONS,
    UNANSWERED,
    type Sample,
} from "./refusal-samples";

const SEED = { accounts: [{ id: ACCOUNT, name: "payments" }] };

describe("The explanation of AWS's refusals", () => {
    for (const sample of OF_ASSUME_ROOT) {
        it(`of AssumeRoot covers ${sample.title}`, () =>
            inOrganization({ seed: SEED }, async ({ organization }) => {
                const { openRootSession } = freshProviderModule("aws/root-session");
                organization.failAlways("AssumeRoot", faultOf(sample));

                const error = await errorOf(openRootSession(ACCOUNT, "audit"));

                assertExplained(error, "sts:AssumeRoot", sample);
            }));
    }

    for (const sample of IN_A_ROOT_SESSION) {
        it(`of a call in a root session covers ${sample.title}`, () =>
            inOrganization({ seed: SEED }, async ({ organization }) => {
                const { openRootSession } = freshProviderModule("aws/root-session");
                const { CREDENTIAL_KINDS } = providerModule("credentials/kinds/index");
                organization.failAlways("ListAccessKeys", faultOf(sample));
                const session = await openRootSession(ACCOUNT, "audit");

                const error = await errorOf(CREDENTIAL_KINDS.accessKeys.list(session.iam));

                assertExplained(error, "iam:ListAccessKeys", sample);
            }));
    }

    for (const sample of OF_A_REMOVAL) {
        it(`of a removal covers ${sample.title}`, () =>
            inOrganization({ seed: SEED }, async ({ organization }) => {
                const { openRootSession } = freshProviderModule("aws/root-session");
                const { CREDENTIAL_KINDS } = providerModule("credentials/kinds/index");
                organization.failAlways("DeleteLoginProfile", faultOf(sample));
                const session = await openRootSession(ACCOUNT, "deleteCredentials");

                const error = await errorOf(CREDENTIAL_KINDS.loginProfile.remove(session.iam, "password"));

                assertExplained(error, "iam:DeleteLoginProfile", sample);
            }));
    }

    for (const sample of OF_ORGANIZATIONS) {
        it(`of a call to Organizations covers ${sample.title}`, () =>
            inOrganization({ seed: SEED }, async ({ organization }) => {
                const { membershipOf } = freshProviderModule("organization/membership");
                organization.failAlways("DescribeAccount", faultOf(sample));

                const membership = await membershipOf(ACCOUNT);

                assert.ok(membership.is === "unknown");
                const { reason, cause, detail } = membership.failure;
                assert.equal(reason, sample.reason);
                assert.equal(cause, `${sample.because} (organizations:DescribeAccount)`);
                assert.match(detail, sample.says);
            }));
    }

    it("uses each rule for at least one sample", () => {
        const { RULES } = providerModule("aws/errors/rules/index");
        const { factsOf } = providerModule("aws/errors/facts");
        const used = everySample().map(({ error, attempt }) =>
            RULES.findIndex(({ applies }) => applies(factsOf(error, attempt))),
        );

        const unused = RULES.flatMap((_, index) => (used.includes(index) ? [] : [index]));
        assert.deepEqual(unused, [], "rules that no sample reaches");
    });

    it("has a cause of at most 120 characters, also for the longest call of each service", () => {
        const { diagnose } = freshProviderModule("aws/errors/diagnose");
        const longest: Record<string, string> = {
            "sts:AssumeRoot": "sts:AssumeRoot",
            "iam:ListAccessKeys": "iam:ListSigningCertificates",
            "iam:DeleteLoginProfile": "iam:DeleteSigningCertificate",
            "organizations:DescribeAccount": "organizations:ListOrganizationalUnitsForParent",
            "s3:PutBucketPolicy": "s3:DeleteBucketPolicy",
            "sqs:SetQueueAttributes": "sqs:GetQueueAttributes",
        };

        for (const { error, attempt } of everySample()) {
            const { cause } = diagnose(error, { ...attempt, action: longest[attempt.action] ?? "" });
            assert.ok(cause.length <= 120, `${cause.length}: ${cause}`);
        }
    });

    it("is one paragraph that names the account, the call and the next step", () => {
        const { diagnose } = freshProviderModule("aws/errors/diagnose");

        for (const { error, attempt, title } of everySample()) {
            const { detail, next, cause } = diagnose(error, attempt);
            assert.ok(cause.endsWith(` (${attempt.action})`), title);
            assert.match(
                detail,
                new RegExp(`^${attempt.action} (was refused|failed) in account ${ACCOUNT}: `),
            );
            assert.ok(next && detail.includes(next), title);
            assert.match(next, /\.$/, title);
            assert.ok(detail.includes(error.message), title);
            assert.doesNotMatch(detail, /\n|undefined|ACCOUNT/, title);
        }
    });

    it("names the feature that the session's task needs", () => {
        const { diagnose } = freshProviderModule("aws/errors/diagnose");
        const error = Object.assign(new Error("not authorized to perform: sts:AssumeRoot"), {
            name: "AccessDenied",
        });
        const attempt = {
            ...attemptAt("sts:AssumeRoot", { followUp: { centralRootAccess: "feature-off" } }),
        };
        const { TASK_POLICY } = freshProviderModule("aws/root-session");

        for (const [task, taskPolicy] of Object.entries(TASK_POLICY)) {
            const feature = task.startsWith("unlock") ? "RootSessions" : "RootCredentialsManagement";
            const { cause } = diagnose(error, { ...attempt, taskPolicy });
            assert.equal(cause, `the feature ${feature} is off (sts:AssumeRoot)`);
        }
    });

    it("names no account if the call concerns none", () => {
        const { diagnose } = freshProviderModule("aws/errors/diagnose");

        const { detail } = diagnose(new Error("x"), { accountId: "", action: "organizations:ListRoots" });

        assert.match(detail, /^organizations:ListRoots failed: /);
    });

    it("accepts a thrown value that is no error", () => {
        const { diagnose } = freshProviderModule("aws/errors/diagnose");

        const { reason, detail } = diagnose("nothing but a text", attemptAt("iam:GetUser", {}));

        assert.equal(reason, "other");
        assert.match(detail, /nothing but a text/);
    });
});

describe("The explanation of other failures", () => {
    for (const { title, error, reason, because, says } of UNANSWERED) {
        it(`covers ${title}`, () => {
            const explained = providerModule("aws/errors/diagnose").diagnose(
                error(),
                attemptAt("sts:AssumeRoot", {}),
            );

            assert.equal(explained.reason, reason);
            assert.equal(explained.cause, `${because} (sts:AssumeRoot)`);
            assert.match(explained.detail, says);
        });
    }

    for (const [title, url, because] of [
        ["an unknown host name", "http://sts.nowhere.invalid", "unknown name"],
        ["a port without a listener", "http://127.0.0.1:1", "connection refused"],
        ["TLS to a plain HTTP server", "https", "the server does not use TLS"],
    ] as const) {
        it(`covers, over a real network: ${title}`, () =>
            inOrganization({ seed: SEED }, async ({ url: simulated }) => {
                process.env.AWS_ENDPOINT_URL = url === "https" ? simulated.replace("http:", "https:") : url;

                const { reason, cause } = await explainedAssumeRoot();

                assert.equal(reason, "unreachable");
                // The circuit breaker's probe found the failure, so the cause names the probe's call.
                assert.equal(
                    cause,
                    `the AWS endpoint could not be reached: ${because} (sts:GetCallerIdentity)`,
                );
            }));
    }

    for (const [title, arrange, reason, because] of [
        [
            "a call without an answer",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", hang()),
            "unreachable",
            /: no answer in time/,
        ],
        [
            "a connection that always breaks",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", connectionReset()),
            "unreachable",
            /: the connection broke/,
        ],
        [
            "HTTP 503 from AWS",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", serverError(503)),
            "service-error",
            /^the endpoint answered HTTP 503/,
        ],
        [
            "endless throttling",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", throttled()),
            "throttled",
            /until the deadline/,
        ],
        [
            "an empty body",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", emptyBody()),
            "incomplete-answer",
            /was incomplete/,
        ],
        [
            "a page of HTML with status 200",
            ({ organization }: Simulator) => organization.failAlways("AssumeRoot", htmlBody()),
            "incomplete-answer",
            /was incomplete/,
        ],
    ] as const) {
        it(`covers, over a real network: ${title}`, () =>
            inOrganization({ seed: SEED }, async (simulator) => {
                arrange(simulator);

                const explained = await explainedAssumeRoot();

                assert.equal(explained.reason, reason);
                assert.match(explained.cause, because);
            }));
    }

    it("covers, over a real network: a proxy's own page, which does not count as AWS's answer", async () => {
        const proxy = createServer((_, response) => {
            response.writeHead(407, { "content-type": "text/html" }).end("<html>Sign in first</html>");
        }).listen(0, "127.0.0.1");
        await once(proxy, "listening");
        const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        const surroundings = new Surroundings({ ...SOME_CREDENTIALS, AWS_ENDPOINT_URL: url });
        try {
            const { reason, detail } = await explainedAssumeRoot();

            assert.equal(reason, "unreachable");
            assert.match(detail, /HTTP 407 without AWS's request id\. A proxy.*The error was:/);
        } finally {
            surroundings.restore();
            proxy.closeAllConnections();
            proxy.close();
        }
    });

    it("names the proxy that is set but not used", () => {
        const surroundings = new Surroundings({ HTTPS_PROXY: "http://proxy.example.com:3128" });
        try {
            const timeout = Object.assign(new Error("slow"), { code: "ETIMEDOUT" });
            const { detail } = providerModule("aws/errors/diagnose").diagnose(
                timeout,
                attemptAt("sts:AssumeRoot", {}),
            );
            assert.match(detail, /HTTPS_PROXY is set, but calls to AWS do not go through it/);
        } finally {
            surroundings.restore();
        }
    });
});

const SOME_CREDENTIALS = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "x" };

/** Tries to open a session, with short time-outs. */
async function explainedAssumeRoot() {
    const { openRootSession } = freshProviderModule("aws/root-session");
    Object.assign(providerModule("process/timeouts").timeouts, {
        operationDeadline: 300,
        requestTimeout: 200,
    });
    const error = await errorOf(openRootSession(ACCOUNT, "audit"));
    return providerModule("aws/errors/diagnose").diagnose(error, attemptAt("sts:AssumeRoot", {}));
}

function faultOf({ code, message, status }: Sample) {
    return refusedWith(code, message, status);
}

function assertExplained(error: unknown, action: string, sample: Sample): void {
    const { reason, because, says, neverSays } = sample;
    // The same copy of the package as the error's, because `instanceof` must hold.
    const explained = providerModule("aws/errors/diagnose").diagnose(error, attemptAt(action, sample));
    assert.equal(explained.reason, reason);
    assert.equal(explained.cause, `${because} (${action})`);
    assert.match(explained.detail, says);
    if (neverSays) assert.doesNotMatch(explained.detail, neverSays);
    assert.ok(explained.detail.startsWith(`${action} was refused in account ${ACCOUNT}: ${because}. `));
}

function errorOf(call: Promise<unknown>): Promise<unknown> {
    return call.then(
        () => assert.fail("AWS did not refuse"),
        (error: unknown) => error,
    );
}
