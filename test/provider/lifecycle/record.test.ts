import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { umask } from "node:process";
import { promisify } from "node:util";
import { accessDenied, answerLost, type RootSeed, serverError } from "../../simulator";
import { describeLifecycle, desired, partialFailure, SECRETS, stored } from "../harness";
import { MODULES } from "../harness/package";

const run = promisify(execFile);

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

/** One line of the write log. */
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

    it("has a line before and a line after each write, and the terminal has a sentence for each account", async () => {
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
        const done = lines.filter(({ event }) => event === "done");
        const ids = done.map(({ requestId }) => requestId ?? "");
        const [removing, opening] = [done[0]?.session, done.at(-1)?.session];
        assert.deepEqual((await world.endRun()).trimEnd().split("\n"), [
            `account ${PAYMENTS}: removed access key ${KEY}, password, MFA device ${DEVICE} in root session ${removing} (requests ${ids.slice(0, 3).join(", ")})`,
            `account ${PAYMENTS}: password recovery is allowed again in root session ${opening} (request ${ids.at(-1)}). Whoever reads the root user's mailbox can set a new password; ` +
                "the old password, access keys, signing certificates and MFA devices cannot be brought back",
        ]);
    });

    it("does not prove a removal that no second listing confirms, and the terminal names it", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: { accessKeys: [{ id: KEY }] } }], {
            environment,
        });
        const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
        world.organization.failAlways("ListAccessKeys", accessDenied());

        await partialFailure(world.run.update(PAYMENTS, props, desired(PAYMENTS)));

        const [, done] = linesOf(readFileSync(file, "utf8"));
        const printed = await world.endRun();
        assert.equal(done?.event, "done");
        assert.doesNotMatch(printed, /removed/);
        assert.ok(
            printed.includes(
                `AWS agreed to remove access key ${KEY} in root session ${done.session} (request ${done.requestId}), but a second listing does not confirm it`,
            ),
            printed,
        );
    });

    it("has the number of attempts of each write, and whether AWS answered", async () => {
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
        it(`is a file of mode ${then} if it was ${mode?.toString(8) ?? "not there"}`, async () => {
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

    it("stops the writes if it cannot be written, and the failure names that cause", async () => {
        writeFileSync(file, "");
        const unwritable = join(file, "record.jsonl");
        const root = { password: {}, accessKeys: [{ id: KEY }] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }], {
            environment: { ROOT_CREDENTIALS_RECORD_FILE: unwritable },
        });
        const ways = [
            world.run.create(desired(PAYMENTS)),
            world.run.update(PAYMENTS, stored(PAYMENTS), desired(PAYMENTS)),
            world.run.delete(PAYMENTS, stored(PAYMENTS)),
        ];

        for (const way of ways) {
            const message = await way.then(() => assert.fail("it succeeded"), String);
            assert.ok(
                message.includes(`cannot be kept in ${unwritable} (ROOT_CREDENTIALS_RECORD_FILE is "`),
                message,
            );
            assert.match(
                message,
                /ENOTDIR: not a directory.* Make the file writable, or set ROOT_CREDENTIALS_RECORD_FILE/,
            );
        }
        assert.deepEqual(
            world.requests.actions().filter((action) => WRITES.test(action) || action === "AssumeRoot"),
            [],
        );
    });

    it("stops further writes once it cannot be written any more", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: join(folder, "records", "record.jsonl") };
        const root = { password: {}, accessKeys: [{ id: KEY }] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }], { environment });
        let sessions = 0;
        world.organization.onlooker = {
            leaves: ({ action }) => {
                if (action === "AssumeRoot" && ++sessions === 2) writeFileSync(join(folder, "records"), "");
            },
        };

        const { properties, reasons } = await partialFailure(world.run.create(desired(PAYMENTS)));

        assert.deepEqual(
            world.requests.actions().filter((action) => WRITES.test(action)),
            [],
        );
        assert.deepEqual([properties.accessKeys, properties.loginProfile], [[KEY], "present"]);
        assert.match(reasons.join("\n"), /EEXIST: file already exists.* was not tried in account/);
        assert.doesNotMatch(reasons.join("\n"), /AWS (said|answered)/);
    });

    it("contains no secret keys or session tokens, and neither does any other output of the provider", async () => {
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

it("The record of writes keeps the lines of several processes apart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "record-"));
    try {
        const file = join(folder, "records", "record.jsonl");
        const environment = { ...process.env, ROOT_CREDENTIALS_RECORD_FILE: file };
        const each = `
            const { logWrite } = require(${JSON.stringify(join(MODULES, "aws/write-log"))});
            const answer = { requestId: "r", result: "done" };
            const write = { accountId: "${PAYMENTS}", session: String(process.pid) };
            const all = Array.from({ length: 300 }, (_, n) =>
                logWrite({ ...write, id: String(n) }, async () => answer, "x".repeat(n % 2 ? 20_000 : 10)));
            Promise.all(all);`;
        await Promise.all([1, 2, 3].map(() => run(process.execPath, ["-e", each], { env: environment })));

        const lines = linesOf(readFileSync(file, "utf8"));
        assert.equal(lines.length, 3 * 2 * 300);
        assert.equal(
            new Set(lines.map(({ session, id, event }) => `${session} ${id} ${event}`)).size,
            lines.length,
        );
        assert.equal(new Set(lines.map(({ session }) => session)).size, 3);
        if (process.platform !== "win32") assert.equal(statSync(join(folder, "records")).mode & 0o777, 0o700);
    } finally {
        rmSync(folder, { recursive: true });
    }
});

function linesOf(text: string): Line[] {
    return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
}
