import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { EvidenceReport, WriteInEvidence } from "../../../provider/report/evidence";
import {
    accessDenied,
    answerLost,
    connectionReset,
    type Fault,
    type RequestLog,
    type RootSeed,
    serverError,
    truncatedBody,
} from "../../simulator";
import { describeLifecycle, desired, partialFailure, stored } from "../harness";
import { providerModule } from "../harness/package";
import { BUCKET_ARN, onStage, policyOf, QUEUE_ARN, REGION, statements } from "../resource-policies/stage";
import { CONTROLS_AS_PUBLISHED } from "./controls-as-published";
import { everything, isReport, quiet, RECORD } from "./documents";

const { readEvidence } = providerModule("report/evidence");
const { CONTROLS } = providerModule("report/controls");
const { evidenceMarkdown } = providerModule("report/formats/evidence-markdown");
const { html } = providerModule("report/formats/html");
const { markdown } = providerModule("report/formats/markdown");
const { json } = providerModule("report/formats/json");

const PAYMENTS = "111122223333";
const ALL_KINDS: RootSeed = {
    password: {},
    accessKeys: [{ id: "AKIAROOTKEY000000001" }, { id: "AKIAROOTKEY000000002" }],
    signingCertificates: [{ id: "CERTIFICATE0000000000001" }],
    mfaDevices: [{ serial: `arn:aws:iam::${PAYMENTS}:mfa/root-account-mfa-device` }],
};

describeLifecycle("The evidence of a run", (begin) => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "evidence-"));
        file = join(folder, "record.jsonl");
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    /** A removal of which one write is refused, and the recovery of the account. */
    async function played() {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }], { environment });
        world.organization.failAlways("DeleteSigningCertificate", accessDenied());
        await partialFailure(world.run.create(desired(PAYMENTS)));
        world.organization.clearFaults();
        await world.run.delete(PAYMENTS, stored(PAYMENTS));
        return { record: readFileSync(file, "utf8"), requests: world.requests };
    }

    it("has the same writes as AWS's trail", async () => {
        const { record, requests } = await played();

        const evidence = readEvidence([{ name: "record.jsonl", text: record }]);

        assert.deepEqual(
            evidence.writes.map(({ result, action, id }) => [result, action, id]),
            [
                ["done", "iam:DeleteAccessKey", "AKIAROOTKEY000000001"],
                ["done", "iam:DeleteAccessKey", "AKIAROOTKEY000000002"],
                ["failed", "iam:DeleteSigningCertificate", "CERTIFICATE0000000000001"],
                ["done", "iam:DeleteLoginProfile", "password"],
                ["done", "iam:DeactivateMFADevice", `arn:aws:iam::${PAYMENTS}:mfa/root-account-mfa-device`],
                ["done", "iam:CreateLoginProfile", "password"],
            ],
        );
        assert.deepEqual(evidence.damaged, []);
        for (const write of evidence.writes) foundInTrail(write, requests);
        assert.match(evidence.writes[2]?.error ?? "", /^AccessDenied: User: /);
        assert.deepEqual(
            evidence.controls.map(({ id, removed, opened }) => [id, removed, opened]),
            [
                ["IAM.4", 2, 0],
                ["IAM.6", 1, 1],
                ["IAM.9", 1, 1],
                ["2.1.1", 4, 1],
            ],
        );
        isReport(json({ ...quiet(), evidence }));
    });

    it("has every complete line of a record that a kill cut off", async () => {
        const { record } = await played();
        const whole = readEvidence([{ name: "record.jsonl", text: record }]);
        const lines = record.trimEnd().split("\n");
        const [outcome = "", attempt = ""] = [lines.at(-1), lines.at(-2)];

        for (let left = 1; left <= attempt.length + outcome.length; left++) {
            const text = record.slice(0, record.length - 2 - attempt.length - outcome.length + left);
            const evidence = readEvidence([{ name: "record.jsonl", text }]);
            const told = evidence.writes.at(-1);
            const cut = text.split("\n").at(-1) ?? "";
            const isCut = cut !== "" && cut !== attempt && cut !== outcome;

            assert.deepEqual(
                evidence.damaged.map(({ line, text: rest }) => [line, rest]),
                isCut ? [[text.split("\n").length, cut]] : [],
            );
            if (isCut) assert.match(evidence.damaged[0]?.because ?? "", /^cut off/);
            const isTold = left >= attempt.length;
            assert.equal(evidence.writes.length, whole.writes.length - (isTold ? 0 : 1));
            if (isTold) assert.equal(told?.result, text.endsWith(outcome) ? "done" : "unknown");
        }
    });

    it("has the writes after a line that a kill cut off", async () => {
        const { record } = await played();
        const lines = record.trimEnd().split("\n");
        for (const kept of [1, 5, 9, 30, 100]) {
            const cut = lines[1]?.slice(0, kept) ?? "";
            const text = [lines[0], cut + lines[2], ...lines.slice(3)].join("\n");

            const evidence = readEvidence([{ name: "record.jsonl", text }]);

            assert.deepEqual(
                evidence.writes.map(({ result }) => result),
                ["unknown", "done", "failed", "done", "done", "done"],
            );
            assert.deepEqual(
                evidence.damaged.map(({ file: name, line, text: rest }) => [name, line, rest]),
                [["record.jsonl", 2, cut]],
            );
        }
    });
});

describeLifecycle("The evidence of a write whose answer was lost", (begin) => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "evidence-"));
        file = join(folder, "record.jsonl");
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    const evidence = () => readEvidence([{ name: "record.jsonl", text: readFileSync(file, "utf8") }]);

    it("has a query that finds the attempt that AWS carried out", async () => {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const root = { accessKeys: [{ id: "AKIAROOTKEY000000001" }] };
        const world = await begin([{ id: PAYMENTS, name: "payments", root }], { environment });
        world.organization.failNext("DeleteAccessKey", answerLost());

        await world.run.create(desired(PAYMENTS));

        const told = evidence();
        const [write] = told.writes;
        assert.ok(write);
        assert.deepEqual([told.writes.length, write.result, write.attempts], [1, "already gone", 2]);
        assert.match(
            write.because ?? "",
            /the last of 2 attempts; an earlier attempt has probably made the write/,
        );
        assert.match(
            evidenceMarkdown(told),
            /\*\*already gone\*\* \(.* an earlier attempt has probably made the write/,
        );
        const found = inAthena(write.check.athena, world.requests);
        assert.deepEqual(
            found.map(({ action, errorCode, requestId }) => [
                action,
                errorCode,
                requestId === write.requestId,
            ]),
            [
                ["DeleteAccessKey", undefined, false],
                ["DeleteAccessKey", "NoSuchEntity", true],
            ],
        );
        isReport(json({ ...quiet(), evidence: told }));
    });

    it("never calls an opened account closed", async () => {
        const CreateLoginProfile: [string, Fault, number, string, boolean][] = [
            ["the first answer was lost", answerLost(), 1, "already present", true],
            ["every answer was lost", answerLost(), Number.POSITIVE_INFINITY, "unknown", true],
            ["the answer could not be read", truncatedBody(), Number.POSITIVE_INFINITY, "unknown", true],
            ["nothing arrived", connectionReset(), Number.POSITIVE_INFINITY, "unknown", false],
            ["AWS failed", serverError(503), Number.POSITIVE_INFINITY, "unknown", false],
            ["AWS refused", accessDenied(), Number.POSITIVE_INFINITY, "failed", false],
        ];
        for (const [what, fault, times, result, opened] of CreateLoginProfile) {
            rmSync(file, { force: true });
            const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
            const world = await begin([{ id: PAYMENTS, name: "payments" }], { environment });
            world.organization.failNext("CreateLoginProfile", fault, { times });

            await world.run.delete(PAYMENTS, stored(PAYMENTS)).catch(() => undefined);

            const told = evidence();
            const [write] = told.writes;
            assert.equal(write?.result, result, what);
            assert.equal(world.rootOf(PAYMENTS).password !== undefined, opened, what);
            assert.equal(told.totals.perhapsOpened, result === "unknown" ? 1 : 0, what);
            assert.equal(
                /Recovery perhaps allowed: 1 write/.test(evidenceMarkdown(told)),
                result === "unknown",
                what,
            );
            assert.equal(write.error === undefined, result === "already present", what);
            isReport(json({ ...quiet(), evidence: told }));
            await world.endRun();
        }
    });
});

/** The writes that the query finds in a trail of all requests. */
function inAthena(query: string, requests: RequestLog) {
    const [written = ""] = query.split("UNION ALL");
    const among = (column: string, value = "") => {
        const [, list] = new RegExp(`${column} IN \\(([^)]*)\\)`).exec(written) ?? [];
        return list === undefined || list.includes(`'${value}'`);
    };
    const [, from = "", to = ""] = /eventtime BETWEEN '(.*)' AND '(.*)'/.exec(written) ?? [];
    return requests.entries.filter(({ time, accessKeyId, action, requestId }) => {
        const eventtime = time.toISOString().replace(/\.\d+Z$/, "Z");
        return (
            among("useridentity.accesskeyid", accessKeyId) &&
            among("eventname", action) &&
            among("requestid", requestId) &&
            from <= eventtime &&
            eventtime <= to
        );
    });
}

/** The search terms for CloudTrail match the requests that the server saw. */
function foundInTrail(write: WriteInEvidence, requests: RequestLog): void {
    const { check, accountId, session, operator, requestId } = write;
    const opened = requests.of("AssumeRoot").find(({ issuedAccessKeyId }) => issuedAccessKeyId === session);
    assert.equal(opened?.target, accountId);
    assert.equal(opened.callerArn, operator);
    const made = requests
        .of(check.eventName)
        .filter(
            ({ accessKeyId, status }) =>
                accessKeyId === session &&
                (status !== undefined && status < 300) === (write.result === "done"),
        );
    assert.ok(made.every(({ callerAccountId }) => callerAccountId === accountId));
    const [request] = made.filter((each) => requestId === undefined || each.requestId === requestId);
    assert.ok(request, `${write.action} of ${session} is in the trail`);
    assert.equal(check.eventSource, `${request.service}.amazonaws.com`);
    if (check.region !== undefined) assert.equal(request.region, check.region);
    const { attempted = "", answered = "" } = write;
    assert.ok(attempted <= answered);
    assert.ok(check.inMemberAccount.includes(`AttributeKey=AccessKeyId,AttributeValue=${session}`));
    assert.ok(check.inMemberAccount.includes(`--region ${check.region ?? "REGION_OF_THE_BUCKET"}`));
    assert.ok(check.inCallerAccount.includes(session) && check.inCallerAccount.includes("AssumeRoot"));
    for (const value of [session, check.eventName, operator.split(":")[4] ?? "?"])
        assert.ok(check.athena.includes(`'${value}'`), value);
    assert.ok(inAthena(check.athena, requests).includes(request));
    assert.equal(Date.parse(check.eventHistoryUntil) - Date.parse(answered), 90 * 86_400_000);
}

function withoutLines({ writes, totals, controls }: EvidenceReport) {
    return { writes: writes.map((write) => ({ ...write, lines: [] })), totals, controls };
}

for (const kind of ["bucket", "queue"] as const) {
    it(`The evidence of an unlocked ${kind} has the policy before the write`, () => {
        const { lock, allow } = statements(kind);
        const policy = policyOf(lock, allow);
        return onStage(kind, policy, async (stage) => {
            await stage.up();

            const { writes, controls } = readEvidence([{ name: "record.jsonl", text: stage.record() }]);

            assert.deepEqual(
                writes.map(({ result, before, id, check }) => [result, before, id, check.region]),
                [
                    [
                        "done",
                        policy,
                        kind === "bucket" ? BUCKET_ARN : QUEUE_ARN,
                        kind === "bucket" ? undefined : REGION,
                    ],
                ],
            );
            for (const write of writes) foundInTrail(write, stage.simulator.requests);
            assert.deepEqual(controls, []);
        });
    });
}

describe("Evidence from files of records", () => {
    const lines = RECORD.trimEnd().split("\n");
    const read = (...texts: string[]) =>
        readEvidence(texts.map((text, index) => ({ name: `file${index}`, text })));

    it("counts a line of several files once, and reads a file that is given twice once", () => {
        const [first = ""] = lines;
        const text = `${RECORD}${first.slice(0, 200)}`;
        const once = read(text);
        const file = { name: "record.jsonl", text };

        const twice = readEvidence([file, file]);
        const grown = read(RECORD, text);

        assert.deepEqual([once.totals.writes, once.totals.damaged], [3, 1]);
        assert.deepEqual(withoutLines(twice), withoutLines(once));
        assert.deepEqual([twice.files.length, twice.damaged.length], [1, 1]);
        assert.deepEqual(withoutLines(grown), withoutLines(once));
        assert.deepEqual(
            grown.writes[0]?.lines.map((each) => `${each.file}:${each.line}`),
            ["file0:1", "file1:1", "file0:2", "file1:2"],
        );
    });

    it("has project, stack and run of each write, if the record has them", () => {
        const run = { project: "aws-root-credentials", stack: "prod", run: "5c0f7d7e" };
        const [write] = read([line("attempt", run), line("done", run)].join("\n")).writes;
        const without = read([line("attempt"), line("done")].join("\n"));

        assert.deepEqual([write?.project, write?.stack, write?.run], Object.values(run));
        const evidence = read([line("attempt", run), line("done", run)].join("\n"));
        for (const text of [evidenceMarkdown(evidence), html({ ...quiet(), evidence })])
            assert.ok(text.includes("aws-root-credentials/prod, run 5c0f7d7e"), text);
        assert.ok(!("stack" in (without.writes[0] ?? {})));
        isReport(json({ ...quiet(), evidence }));
        isReport(json({ ...quiet(), evidence: without }));
    });

    it("takes no text in a policy or an error for a record", () => {
        const hostile = [
            line("attempt", { before: JSON.stringify({ Statement: [{ Sid: lines[1] }] }) }),
            line("failed", { error: `AccessDenied: ${lines[1]}` }),
        ];
        const { writes, damaged } = read(hostile.join("\n"));
        assert.deepEqual([writes.map(({ id }) => id), damaged], [["AKIAZ3MEXQ7RTBWL5NJU"], []]);

        const forged = line("done", { id: "AKIAFORGED", requestId: "made-up" });
        const other = read(`${lines[2]}\n    Sid: ${forged}\n`);
        assert.deepEqual([other.writes.length, other.damaged.map((each) => each.line)], [1, [2]]);
    });

    it("is read fast, even if many lines are cut off", () => {
        const cut = line("attempt", { requestId: "x".repeat(400) }).slice(0, -1);
        for (const text of [`${cut}\n`.repeat(16_000), cut.repeat(16_000), '{"time":"'.repeat(200_000)])
            assert.equal(read(`${lines[0]}\n${text}`).writes.length, 1);
    });

    it("escapes every text in commands and queries", () => {
        const hostile = "us-east-1; touch /tmp/owned; $(touch /tmp/owned) `touch /tmp/owned` ' \" \n";
        const { writes } = read(
            line("attempt", {
                action: "sqs:SetQueueAttributes",
                kind: "queuePolicy",
                id: `arn:aws:sqs:${hostile}:111122223333:orders`,
                caller: `arn:aws:iam::9' OR '1'='1:role/${hostile}`,
            }),
        );
        const [write] = writes;
        assert.ok(write);
        const { region, inMemberAccount, inCallerAccount, athena } = write.check;

        assert.equal(region, undefined);
        for (const command of [inMemberAccount, inCallerAccount]) {
            const [first, ...words] = wordsInShell(command);
            assert.deepEqual([first, words.slice(0, 2)], ["aws", ["cloudtrail", "lookup-events"]]);
            assert.ok(!words.join(" ").includes("touch"));
        }
        assert.equal(wordsInShell(inMemberAccount)[4], "REGION_OF_THE_QUEUE");
        assert.ok(athena.includes("recipientaccountid IN ('9'' OR ''1''=''1')"));
        assert.equal(
            athena
                .replace(/'([^']|'')*'/g, "")
                .match(/OR|'/g)
                ?.join(),
            "OR",
            "of ORDER BY alone",
        );
        for (const [field, value] of [
            ["session", "ASIARTX3GSDSRLFN'; DROP TABLE cloudtrail_logs; --"],
            ["session", "$(touch /tmp/owned)"],
            ["session", "ASIA"],
            ["action", "sqs:Set' OR '1'='1"],
            ["action", "iam:x; touch /tmp/owned"],
            ["action", "DeleteAccessKey"],
            ["accountId", "111122223333\n; touch /tmp/owned"],
        ] as const) {
            const { damaged } = read(`${RECORD}${line("attempt", { [field]: value })}`);
            assert.match(damaged[0]?.because ?? "", new RegExp(`${field} is not `), value);
        }
        for (const real of ["us-east-1", "us-gov-west-1", "ap-southeast-5", "eu-isoe-west-1"]) {
            const id = `arn:aws:sqs:${real}:111122223333:orders`;
            const { writes: ofQueue } = read(line("attempt", { action: "sqs:SetQueueAttributes", id }));
            assert.equal(ofQueue[0]?.check.region, real);
        }
    });

    it("limits its query to the time of the writes", () => {
        const [write] = read(lines.slice(0, 2).join("\n")).writes;
        assert.match(
            write?.check.athena ?? "",
            /(AND eventtime BETWEEN '2026-11-20T07:00:00Z' AND '2026-11-20T09:00:00Z'\n[^]*){2}/,
        );
        assert.match(evidenceMarkdown(read(RECORD)), /may be partitioned/);
    });

    it("calls a write failed only if AWS refused it", () => {
        const answers: [Record<string, unknown>, string, RegExp | undefined][] = [
            [{ error: "AccessDenied: no", status: 403, requestId: "r" }, "failed", undefined],
            [{ error: "DeleteConflictException: no", status: 409, requestId: "r" }, "failed", undefined],
            [{ error: "AccessDenied: no" }, "unknown", /the answer was lost/],
            [{ error: "AccessDenied: no", status: 403, requestId: "r", attempts: 3 }, "unknown", /last of 3/],
            [{ error: "Error: no", status: 403 }, "unknown", /may not be from AWS/],
            [{ error: "ServiceFailureException: no", status: 503, requestId: "r" }, "unknown", /503/],
            [{ error: "SyntaxError: no", status: 200, requestId: "r" }, "unknown", /could not be read/],
            [{ error: "TimeoutError: socket hang up" }, "unknown", /the answer was lost/],
            [{ error: "Error: socket hang up" }, "unknown", /the answer was lost/],
        ];
        for (const [answer, result, because] of answers) {
            const [write] = read([line("attempt"), line("failed", answer)].join("\n")).writes;
            const name = JSON.stringify(answer);
            assert.deepEqual([write?.result, write?.error], [result, answer["error"]], name);
            if (because) assert.match(write?.because ?? "", because, name);
            else assert.equal(write?.because, undefined, name);
        }
    });

    it("reports every unreadable line of a file, with the reason", () => {
        const [first = ""] = lines;
        const odd = [
            "not a record",
            "[]",
            first.replace('"session"', '"sesion"'),
            first.replace("2026-11-20T08", "yesterday"),
            first.replace('"attempt"', '"postponed"'),
            first.replace('"111122223333"', '"1111"'),
        ];

        const { damaged, writes } = read(`${odd.join("\n")}\n\n${first}\r\n`);

        assert.deepEqual(
            damaged.map(({ line, because }) => `${line} ${because}`),
            [
                "1 no JSON, and so no line of the record",
                "2 no line of the record: time is missing, or no text",
                "3 no line of the record: session is missing, or no text",
                '4 no line of the record: "yesterday:00:00.000Z" is no time in UTC',
                '5 not known to this version: the event "postponed"',
                "6 no line of the record: accountId is not 12 digits",
            ],
        );
        assert.equal(writes.length, 1);
    });

    it("refuses a file without records by its name", () => {
        for (const text of ["", "\n", "Updating (prod):\n", '{"version":1}'])
            assert.throws(
                () => read(RECORD, text),
                /^InvalidInput: file1 holds no record.*ROOT_CREDENTIALS_RECORD_FILE, by default \.root-credentials\/record\.jsonl beside Pulumi\.yaml/,
            );
    });

    it("pairs lines by their order in one file, and by time across files", () => {
        const [attempt = "", done = ""] = lines;
        const earlier = done.replace("08:00:00.150Z", "07:59:00.000Z");

        const [write, ...others] = read(`${attempt}\n${earlier}`).writes;
        const [late] = read(done, attempt).writes;

        assert.deepEqual([write?.result, write?.answered, others], ["done", "2026-11-20T07:59:00.000Z", []]);
        assert.deepEqual([late?.result, late?.attempted], ["done", "2026-11-20T08:00:00.000Z"]);
    });

    it("pairs lines by time if their order leaves more lines without a partner", () => {
        const [attempt = "", done = ""] = lines;

        const { writes, totals } = read(`${done}\n${attempt}`);

        assert.deepEqual(
            writes.map(({ result, attempted, answered }) => [result, attempted, answered]),
            [["done", "2026-11-20T08:00:00.000Z", "2026-11-20T08:00:00.150Z"]],
        );
        assert.equal(totals.withoutAttempt, 0);
    });

    it("reports missing first lines if there are more answers than attempts", () => {
        const [attempt = "", done = ""] = lines;

        const evidence = read([attempt, done, done.replace("08:00:00.150Z", "08:00:09.000Z")].join("\n"));

        assert.deepEqual([evidence.totals.writes, evidence.totals.withoutAttempt], [2, 1]);
        assert.match(
            evidenceMarkdown(evidence),
            /\*\*The first line of 1 write is missing, so lines of the records are lost/,
        );
    });

    it("calls a write with a lost answer unknown, also after a retry, and keeps an answer without its attempt", () => {
        const [attempt = "", done = ""] = lines;
        const again = [attempt, done].map((line) => line.replace("08:00:00", "08:00:05"));

        assert.deepEqual(
            read([attempt, ...again].join("\n")).writes.map(({ result, attempted }) => [result, attempted]),
            [
                ["unknown", "2026-11-20T08:00:00.000Z"],
                ["done", "2026-11-20T08:00:05.000Z"],
            ],
        );
        const [alone] = read(done).writes;
        assert.deepEqual([alone?.result, alone?.attempted], ["done", undefined]);
        assert.match(evidenceMarkdown(read(done)), /the line before the write is missing/);
    });

    it("has every line of all files exactly once in the report", () => {
        fc.assert(
            fc.property(fc.array(plan(), { minLength: 1, maxLength: 12 }), copies(), (plans, spread) => {
                const records = plans.flatMap(recordsOf);
                const files = spread(records);
                const evidence = readEvidence(files);

                const told = evidence.writes.flatMap(({ lines: own }) =>
                    own.map(({ file, line }) => `${file}:${line}`),
                );
                const stand = files.flatMap(({ name, text }) =>
                    text
                        .split("\n")
                        .flatMap((line, index) =>
                            line.includes('"event":') ? [`${name}:${index + 1}`] : [],
                        ),
                );
                assert.deepEqual(told.sort(), stand.sort());
                assert.deepEqual(evidence.damaged, []);
                assert.deepEqual(
                    evidence.writes.map(({ result }) => result).sort(),
                    plans
                        .flatMap(({ outcomes, killed }) => [...outcomes, ...(killed ? ["unknown"] : [])])
                        .sort(),
                );
                assert.deepEqual(withoutLines(readEvidence([...files].reverse())), withoutLines(evidence));
                const { writes, damaged, accounts, perhapsOpened, withoutAttempt, ...counts } =
                    evidence.totals;
                assert.deepEqual([perhapsOpened, withoutAttempt], [0, 0]);
                assert.equal(
                    writes,
                    Object.values(counts).reduce((sum, each) => sum + each),
                );
                assert.equal(damaged, 0);
                assert.equal(accounts, new Set(evidence.writes.map(({ accountId }) => accountId)).size);
            }),
            { numRuns: 200 },
        );
    });
});

/** A line of the record, with something else in it than usual. */
function line(event: string, more: Record<string, unknown> = {}): string {
    const write = {
        accountId: PAYMENTS,
        action: "iam:DeleteAccessKey",
        kind: "accessKeys",
        id: "AKIAZ3MEXQ7RTBWL5NJU",
        caller: "arn:aws:iam::999988887777:role/remove",
        session: "ASIARTX3GSDSRLFN2KPJ",
    };
    const time = event === "attempt" ? "2026-11-20T08:00:00.000Z" : "2026-11-20T08:00:00.150Z";
    return JSON.stringify({ time, event, ...write, ...more });
}

/** The words that a shell makes of a command; whatever else it does leaves its mark. */
function wordsInShell(command: string): string[] {
    const script = `printf '%s\\0' ${command}`;
    return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** One session's tries of one write: what each led to, and whether a kill ended one more. */
interface Plan {
    subject: number;
    account: number;
    outcomes: ("done" | "already gone" | "failed")[];
    killed: boolean;
}

let subjects = 0;

function plan(): fc.Arbitrary<Plan> {
    const outcomes = fc.array(fc.constantFrom("done" as const, "already gone" as const, "failed" as const), {
        maxLength: 3,
    });
    return fc
        .record({ account: fc.nat(2), outcomes, killed: fc.boolean() })
        .filter(({ outcomes: tries, killed }) => tries.length > 0 || killed)
        .map((each) => ({ ...each, subject: subjects++ }));
}

function recordsOf({ subject, account, outcomes, killed }: Plan): string[] {
    const write = {
        accountId: String(100000000000 + account),
        action: "iam:DeleteAccessKey",
        kind: "accessKeys",
        id: `AKIA${subject}`,
        caller: "arn:aws:iam::999988887777:role/remove",
        session: `ASIA${String(subject).padStart(16, "0")}`,
    };
    let at = Date.parse("2026-11-20T08:00:00Z");
    const line = (event: string, more = {}) =>
        JSON.stringify({ time: new Date((at += 1_000)).toISOString(), event, ...write, ...more });
    return [
        ...outcomes.flatMap((event) => [
            line("attempt"),
            line(
                event,
                event === "failed"
                    ? { error: 'AccessDenied: {"time":"', status: 403, requestId: `r-${subject}-${at}` }
                    : { requestId: `r-${subject}-${at}` },
            ),
        ]),
        ...(killed ? [line("attempt")] : []),
    ];
}

/** Every record is in one of two files, or in both, or twice in one. */
function copies(): fc.Arbitrary<(records: string[]) => { name: string; text: string }[]> {
    return fc
        .array(fc.constantFrom("first", "second", "both", "twice"), { minLength: 60, maxLength: 60 })
        .map((where) => (records) => {
            const place = (index: number) => where[index] ?? "first";
            const first = records.filter((_, index) => ["first", "both"].includes(place(index)));
            const second = records.flatMap((line, index) =>
                place(index) === "first" ? [] : place(index) === "twice" ? [line, line] : [line],
            );
            return [
                { name: "first.jsonl", text: first.join("\n") },
                { name: "second.jsonl", text: second.join("\n") },
            ].filter(({ text }) => text !== "");
        });
}

describe("The evidence in a report", () => {
    const evidence = readEvidence([{ name: "record.jsonl", text: `${RECORD}{"time":"2026-11-20T08:00:01` }]);

    it("is a table in Markdown with errors and ids as plain text", () => {
        const text = evidenceMarkdown(evidence);

        assert.match(text, /^3 writes in 1 account: 1 done, 1 failed, 1 outcome unknown\.$/m);
        assert.match(text, /\*\*The outcome of 1 write is unknown: the answer was lost/);
        assert.match(text, /\*\*1 line could not be read, and may belong to a write that is not listed here/);
        assert.ok(
            text.includes(
                "<code>AccessDenied&#58; &#60;b&#62;no&#60;&#47;b&#62; &#124; &#96;never&#96;</code>",
            ),
        );
        const table = text.split("\n").filter((line) => line.startsWith("|"));
        assert.ok(table.length > 8);
        for (const row of table) assert.ok([3, 4, 8].includes(row.split(" | ").length), row);
        assert.match(text, /eventname IN \('DeleteAccessKey', 'DeleteLoginProfile', 'PutBucketPolicy'\)/);
    });

    it("is shortened in Markdown to the room there is, and says so", () => {
        const many = readEvidence([
            {
                name: "record.jsonl",
                text: Array.from({ length: 2_000 }, (_, index) =>
                    RECORD.replaceAll("111122223333", String(100000000000 + (index % 700))).replaceAll(
                        "ASIA",
                        `ASIA${index}`,
                    ),
                ).join(""),
            },
        ]);
        assert.equal(many.totals.writes, 6_000);
        const full = evidenceMarkdown(many);
        const lengths = [full.length, full.length - 1, 60_000, 1_500].map((most) => {
            const text = evidenceMarkdown(many, most);
            assert.ok(text.length <= most, `${text.length} of ${most}`);
            assert.ok(
                text.includes(
                    "6,000 writes in 700 accounts: 2,000 done, 2,000 failed, 2,000 outcome unknown",
                ),
            );
            if (most < full.length) assert.ok(text.includes("the report as JSON, CSV or HTML has"));
            return text.length;
        });
        assert.deepEqual(
            [...new Set(lengths)].sort((a, b) => b - a),
            lengths,
        );
    });

    it("leaves room for the findings in a comment", () => {
        const text = Array.from({ length: 2_000 }, (_, index) =>
            RECORD.replaceAll("ASIA", `ASIA${index}`),
        ).join("");
        const many = readEvidence([{ name: "record.jsonl", text }]);

        const comment = markdown({ ...everything(), evidence: many });

        assert.ok(comment.length <= 60_000, `${comment.length} characters`);
        assert.ok(comment.includes("6,000 writes in 1 account") && comment.includes("AKIAZ3MEXQ7RTBWL5NJU"));
    });

    it("is a section of the HTML page with each query, everything escaped", () => {
        const page = html({ ...quiet(), evidence });

        assert.match(page, /<caption>Writes, by time<\/caption>/);
        assert.match(page, /<th scope="col">Result<\/th>/);
        assert.ok(page.includes("AccessDenied: &lt;b&gt;no&lt;/b&gt; | `never`"));
        assert.equal(page.match(/<summary>Find \w+ in CloudTrail<\/summary>/g)?.length, 3);
        assert.match(page, /<summary>The policy before<\/summary><pre>\{&quot;Statement&quot;/);
        assert.match(page, /<code>record\.jsonl:6<\/code>/);
    });
});

describe("The controls in evidence", () => {
    it("are the controls that their sources publish, with the related requirements", () => {
        const told = CONTROLS.flatMap(({ id, kinds, configRule = "", requirements }) =>
            Object.entries(Object.groupBy(requirements, ({ standard }) => standard)).map(
                ([standard, items = []]) => ({
                    control: id,
                    kinds: kinds.join(" "),
                    configRule,
                    standard,
                    items: items.map((each) => each.id).join(" "),
                }),
            ),
        );

        assert.deepEqual(told, CONTROLS_AS_PUBLISHED);
    });

    it("name a source each, and one for each requirement", () => {
        for (const { source, requirements, kinds, configRuleAnswer } of CONTROLS) {
            assert.ok(kinds.length > 0 && requirements.length > 0);
            const sources = [source, ...requirements.map((each) => each.source)];
            for (const address of [...sources, ...(configRuleAnswer ? [configRuleAnswer.source] : [])])
                assert.equal(new URL(address).protocol, "https:");
        }
    });

    it("mark sources that are third parties", () => {
        for (const control of CONTROLS)
            for (const { source, thirdParty = false } of [control, ...control.requirements])
                assert.equal(thirdParty, new URL(source).hostname !== "docs.aws.amazon.com", source);
        const text = evidenceMarkdown(readEvidence([{ name: "record.jsonl", text: RECORD }]));
        assert.match(text, /v7\.0\.0 \(according to a third party\) 2\.6/);
        assert.match(text, /Centralized root access .*\(according to a third party\) \|/);
        assert.match(text, /The sources about the CIS AWS Foundations Benchmark v7\.0\.0 are third parties/);
    });

    it("say that the AWS Config rules do not answer COMPLIANT without root credentials", () => {
        const evidence = readEvidence([{ name: "record.jsonl", text: RECORD }]);
        for (const { configRule, configRuleAnswer } of CONTROLS.filter(({ by }) => by.startsWith("AWS"))) {
            const answer = `${configRule} by itself: NOT_APPLICABLE where root credentials are not present`;
            assert.ok(configRuleAnswer?.source.endsWith(`/${configRule}.html`));
            for (const text of [evidenceMarkdown(evidence), html({ ...quiet(), evidence })])
                assert.ok(text.includes(answer), answer);
        }
    });
});
