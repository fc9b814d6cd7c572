import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { umask } from "node:process";
import { accessDenied, answerLost, type RootSeed, serverError } from "../../simulator";
import { describeLifecycle, desired, partialFailure, SECRETS, stored } from "../harness";

const PAYMENTS = "111122223333";
const KEY = "AKIAROOTKEY000000001";
const CERTIFICATE = "CERTIFICATE0000000000001";
const DEVICE = "arn:aws:iam::111122223333:mfa/root-account-mfa-device";
const ALL_KINDS: RootSeed = {
    password: {},
    accessKeys: [{ id: KEY }],
    signingCertificates: [{ id: CERTIFICATE }],
    mfaDevices: [{ serial: DEVICE }],
};
const WRITES = /^(Delete|Deactivate|Create)/;

/** One line of the record. */
interface Line {
    time: string;
    event: string;
    accountId: string;
    action: string;
    kind: string;
    id: string;
    caller: string;
    session: string;
    requestId?: string;
    attempts?: number;
    status?: number;
    error?: string;
}

describeLifecycle("The record of writes", (begin) => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "record-"));
        file = join(folder, "record.jsonl");
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it("has one line before and one after each write, printed and in the file", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }], { environment });
        const { organization, requests } = world;
        organization.failAlways("DeleteSigningCertificate", accessDenied());

        await partialFailure(world.run.create(desired(PAYMENTS)));
        organization.clearFaults();
        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        const lines = linesOf(readFileSync(file, "utf8"));
        assert.deepEqual(
            lines.map(({ event, action, kind, id }) => [event, action, kind, id]),
            [
                ["attempt", "iam:DeleteAccessKey", "accessKeys", KEY],
                ["done", "iam:DeleteAccessKey", "accessKeys", KEY],
                ["attempt", "iam:DeleteSigningCertificate", "signingCertificates", CERTIFICATE],
                ["failed", "iam:DeleteSigningCertificate", "signingCertificates", CERTIFICATE],
                ["attempt", "iam:DeleteLoginProfile", "loginProfile", "password"],
                ["done", "iam:DeleteLoginProfile", "loginProfile", "password"],
                ["attempt", "iam:DeactivateMFADevice", "mfaDevices", DEVICE],
                ["done", "iam:DeactivateMFADevice", "mfaDevices", DEVICE],
                ["attempt", "iam:CreateLoginProfile", "loginProfile", "password"],
                ["done", "iam:CreateLoginProfile", "loginProfile", "password"],
            ],
        );
        const printed = (await world.endRun()).split("\n").flatMap((line) => {
            const [, text] = /^root-credentials-record (.*)$/.exec(line) ?? [];
            return text === undefined ? [] : [text];
        });
        assert.deepEqual(linesOf(printed.join("\n")), lines);

        const sessions = requests.of("AssumeRoot").map(({ issuedAccessKeyId }) => issuedAccessKeyId);
        const writes = requests.entries.filter(({ action }) => WRITES.test(action));
        for (const line of lines) {
            assert.equal(line.accountId, PAYMENTS);
            assert.equal(line.caller, "arn:aws:iam::999988887777:user/operator");
            assert.ok(sessions.includes(line.session), "the session is found in AWS's own trail");
            assert.ok(!Number.isNaN(Date.parse(line.time)));
        }
        assert.deepEqual(
            lines.filter(({ event }) => event === "done").map(({ requestId }) => requestId),
            writes.filter(({ status }) => status === 200).map(({ requestId }) => requestId),
        );
        const refused = lines.find(({ event }) => event === "failed");
        assert.match(refused?.error ?? "", /^AccessDenied: User: /);
        const [refusal] = requests.of("DeleteSigningCertificate");
        assert.deepEqual([refused?.requestId, refused?.status], [refusal?.requestId, 403]);
        assert.ok(lines.every(({ attempts }) => attempts === undefined));
    });

    it("tells how often a write was sent, and whether AWS answered it", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }], { environment });
        const { organization, requests } = world;
        organization.failNext("DeleteAccessKey", answerLost());
        organization.failAlways("DeleteSigningCertificate", answerLost());
        organization.failNext("DeleteLoginProfile", serverError(503));
        organization.failAlways("DeactivateMFADevice", serverError(500));

        await world.run.create(desired(PAYMENTS)).catch(() => undefined);
        organization.clearFaults();
        organization.failNext("CreateLoginProfile", answerLost());
        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        const outcomes = linesOf(readFileSync(file, "utf8")).filter(({ event }) => event !== "attempt");
        const last = (action: string) => requests.of(action).at(-1)?.requestId;
        assert.deepEqual(
            outcomes.map(({ action, event, attempts, status, requestId }) => [
                action.replace("iam:", ""),
                event,
                attempts,
                status,
                requestId,
            ]),
            [
                ["DeleteAccessKey", "already gone", 2, undefined, last("DeleteAccessKey")],
                ["DeleteSigningCertificate", "failed", 5, undefined, undefined],
                ["DeleteLoginProfile", "done", 2, undefined, last("DeleteLoginProfile")],
                ["DeactivateMFADevice", "failed", 5, 500, last("DeactivateMFADevice")],
                ["CreateLoginProfile", "already present", 2, undefined, last("CreateLoginProfile")],
            ],
        );
    });

    const modes: [number | undefined, string][] = [
        [undefined, "600"],
        [0o644, "600"],
        [0o600, "600"],
        [0o640, "640"],
    ];
    for (const [mode, then] of process.platform === "win32" ? [] : modes) {
        it(`is in a file of mode ${then} where it was ${mode?.toString(8) ?? "not there"}`, async () => {
            const before = umask(0o022);
            try {
                if (mode !== undefined) writeFileSync(file, "");
                if (mode !== undefined) chmodSync(file, mode);
                const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
                const root = { password: {} };
                const world = await begin([{ id: PAYMENTS, name: "payments", root }], { environment });

                await world.run.create(desired(PAYMENTS));

                assert.equal((statSync(file).mode & 0o777).toString(8), then);
                assert.equal(linesOf(readFileSync(file, "utf8")).length, 2);
            } finally {
                umask(before);
            }
        });
    }

    it("stops the writes if it cannot be kept, and says that this is why", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: join(folder, "missing", "record.jsonl") };
        const root = { password: {}, accessKeys: [{ id: KEY }] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }], { environment });

        const { properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));
        const restored = await world.run
            .delete(PAYMENTS, stored(PAYMENTS))
            .then(() => assert.fail("it succeeded"), String);

        assert.deepEqual(
            world.requests.actions().filter((action) => WRITES.test(action)),
            [],
        );
        assert.deepEqual(properties.accessKeys, [KEY]);
        assert.equal(properties.loginProfile, "present");
        assert.match(reasons.join("\n"), /missing\/record\.jsonl/);
        assert.doesNotMatch(reasons.join("\n"), /AWS (said|answered)/);
        assert.doesNotMatch(restored, /AWS (said|answered)/);
    });

    it("and everything else that leaves the provider is free of secret keys and session tokens", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }], {
            environment,
            caller: "role",
        });
        const handedOut = world.simulator.environment("role");
        assert.match(handedOut["AWS_SECRET_ACCESS_KEY"] ?? "", SECRETS);
        assert.match(handedOut["AWS_SESSION_TOKEN"] ?? "", SECRETS);
        world.organization.failAlways("DeleteAccessKey", accessDenied());

        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        const failure = await partialFailure(world.run.update(PAYMENTS, props, desired(PAYMENTS)));
        await world.run.delete(PAYMENTS, stored(PAYMENTS));

        const said = [props, failure.properties, failure.reasons, failure.message, await world.endRun()];
        assert.doesNotMatch(JSON.stringify(said), SECRETS);
        assert.doesNotMatch(readFileSync(file, "utf8"), SECRETS);
    });
});

function linesOf(text: string): Line[] {
    return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
}
