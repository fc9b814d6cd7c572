import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { EvidenceReport, WriteInEvidence } from "../../../provider/report/evidence";
import { accessDenied, type RequestLog, type RootSeed } from "../../simulator";
import { describeLifecycle, desired, partialFailure, stored } from "../harness";
import { providerModule } from "../harness/package";
import { BUCKET_ARN, onStage, policyOf, QUEUE_ARN, REGION, statements } from "../unlock/stage";
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

    /** A removal of which one write is refused, and the recovery of the account: what was printed, and what was kept. */
    async function played() {
        const environment = { ROOT_CREDENTIALS_RECORD_FILE: file };
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ALL_KINDS }], { environment });
        world.organization.failAlways("DeleteSigningCertificate", accessDenied());
        await partialFailure(world.run.create(desired(PAYMENTS)));
        world.organization.clearFaults();
        await world.run.delete(PAYMENTS, stored(PAYMENTS));
        const log = await world.endRun();
        return { log, record: readFileSync(file, "utf8"), requests: world.requests };
    }

    it("is the same from the log, from the file, and from both, and is what AWS's own trail has", async () => {
        const { log, record, requests } = await played();
        const files = [
            { name: "up.log", text: log },
            { name: "record.jsonl", text: record },
        ];

        const evidence = readEvidence(files);

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
        for (const one of files) assert.deepEqual(withoutLines(readEvidence([one])), withoutLines(evidence));
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

    it("is what was written down, wherever a kill cut the last lines", async () => {
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
            if (isCut)
                assert.match(
                    evidence.damaged[0]?.because ?? "",
                    cut.startsWith('{"time":"') ? /^cut off/ : /^no JSON/,
                );
            const isTold = left >= attempt.length;
            assert.equal(evidence.writes.length, whole.writes.length - (isTold ? 0 : 1));
            if (isTold) assert.equal(told?.result, text.endsWith(outcome) ? "done" : "unknown");
        }
    });

    it("goes on behind a line that a kill cut off", async () => {
        const { record } = await played();
        const lines = record.trimEnd().split("\n");
        const cut = lines[1]?.slice(0, 100) ?? "";
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
        const log = `root-credentials-record ${lines[1]}`;
        const both = readEvidence([
            { name: "record.jsonl", text },
            { name: "up.log", text: log },
        ]);
        assert.deepEqual([both.damaged, both.writes[0]?.result], [[], "done"]);
    });
});

/** What a search for the write in CloudTrail goes by is what the server saw. */
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
    for (const value of [session, requestId ?? check.eventName, operator.split(":")[4] ?? "?"])
        assert.ok(check.athena.includes(`'${value}'`), value);
    assert.equal(Date.parse(check.eventHistoryUntil) - Date.parse(answered), 90 * 86_400_000);
}

function withoutLines({ writes, totals, controls }: EvidenceReport) {
    return { writes: writes.map((write) => ({ ...write, lines: [] })), totals, controls };
}

for (const kind of ["bucket", "queue"] as const) {
    it(`The evidence of an unlocked ${kind} has the policy that was there before`, () => {
        const { lock, allow } = statements(kind);
        const policy = policyOf(lock, allow);
        return onStage(kind, policy, async (stage) => {
            await stage.up();

            const { writes, controls } = readEvidence([{ name: "up.log", text: stage.printed() }]);

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

describe("The record of writes, read back", () => {
    const lines = RECORD.trimEnd().split("\n");
    const read = (...texts: string[]) =>
        readEvidence(texts.map((text, index) => ({ name: `file${index}`, text })));

    it("is found in the logs of pipelines, behind times and colours, among whatever else they have", () => {
        const logs: Record<string, (line: string) => string> = {
            "a terminal": (line) => `    root-credentials-record ${line}`,
            "GitHub Actions": (line) => `2026-11-20T08:00:01.1234567Z     root-credentials-record ${line}\r`,
            "GitLab CI": (line) =>
                `2026-11-20T08:00:01.123456Z 01O \u001b[0;m root-credentials-record ${line}\u001b[0m`,
            "the CLI's progress": (line) =>
                ` \u001b[38;5;2m+\u001b[0m  pulumi:pulumi:Stack prod \u001b[1mcreating\u001b[0m (1s) root-credentials-record ${line}`,
            "two in a line": (line) => `root-credentials-record ${line} root-credentials-record ${line}`,
        };
        const expected = withoutLines(read(RECORD));
        const noise = [
            "Updating (prod):",
            '{"time":"2026-11-20T08:00:00Z","level":"INFO","msg":"a line of another program"}',
            '{"time":"2026-11-20T08:0',
            "+ grep root-credentials-record up.log",
            "echo 'root-credentials-record {...}'",
            '    "root-credentials-record" lines tell what was done',
        ];
        for (const [name, printed] of Object.entries(logs)) {
            const text = lines.flatMap((line) => [...noise, printed(line)]).join("\n");
            const evidence = read(text);
            assert.deepEqual(withoutLines(evidence), expected, name);
            assert.deepEqual(evidence.damaged, [], name);
        }
    });

    it("is told of where it is cut, in a log too", () => {
        const [first = ""] = lines;
        for (const kept of [5, 30, 60, 200]) {
            const { damaged, writes } = read(
                `root-credentials-record ${lines[2]}\n  root-credentials-record ${first.slice(0, kept)}\n`,
            );
            assert.deepEqual(
                [writes.length, damaged.map(({ line, text }) => [line, text.replace(/^root-\S+ /, "")])],
                [1, [[2, first.slice(0, kept)]]],
            );
        }
    });

    it("leaves out no line of a file of records that it cannot read, and says what is wrong", () => {
        const [first = ""] = lines;
        const odd = [
            "not a record",
            "[]",
            first.replace('"session"', '"sesion"'),
            first.replace("2026-11-20T08", "yesterday"),
            first.replace('"attempt"', '"postponed"'),
            first.replace('"111122223333"', '"1111"'),
            `${first} and more`,
        ];

        const { damaged, writes } = read(`${odd.join("\n")}\n\n`);

        assert.deepEqual(
            damaged.map(({ line, because }) => `${line} ${because}`),
            [
                "1 no JSON, and so no line of the record",
                "2 no line of the record: time is missing, or no text",
                "3 no line of the record: session is missing, or no text",
                '4 no line of the record: "yesterday:00:00.000Z" is no time in UTC',
                '5 not known to this version: the event "postponed"',
                "6 no line of the record: accountId is not 12 digits",
                "7 no JSON, and so no line of the record",
            ],
        );
        assert.equal(writes.length, 1);
    });

    it("is refused where a file has nothing of it, and the file is named", () => {
        for (const text of ["", "\n", "Updating (prod):\n", '{"version":1}'])
            assert.throws(
                () => read(RECORD, text),
                /^Unusable: file1 holds no record.*ROOT_CREDENTIALS_RECORD_FILE.*root-credentials-record \{/,
            );
    });

    it("goes by the order of its lines where a clock was set back, and by time across files", () => {
        const [attempt = "", done = ""] = lines;
        const earlier = done.replace("08:00:00.150Z", "07:59:00.000Z");

        const [write, ...others] = read(`${attempt}\n${earlier}`).writes;
        const [late] = read(done, attempt).writes;

        assert.deepEqual([write?.result, write?.answered, others], ["done", "2026-11-20T07:59:00.000Z", []]);
        assert.deepEqual([late?.result, late?.attempted], ["done", "2026-11-20T08:00:00.000Z"]);
    });

    it("calls a write whose answer is lost unknown, also where it is tried again, and keeps an answer without its attempt", () => {
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

    it("has every line in the report exactly once, wherever and however often it stands", () => {
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
                const { writes, damaged, accounts, ...counts } = evidence.totals;
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
        session: `ASIA${subject}`,
    };
    let at = Date.parse("2026-11-20T08:00:00Z");
    const line = (event: string, more = {}) =>
        JSON.stringify({ time: new Date((at += 1_000)).toISOString(), event, ...write, ...more });
    return [
        ...outcomes.flatMap((event) => [
            line("attempt"),
            line(
                event,
                event === "failed" ? { error: 'Throttling: {"time":"' } : { requestId: `r-${subject}-${at}` },
            ),
        ]),
        ...(killed ? [line("attempt")] : []),
    ];
}

/** Every record is in the file, or in the log, or in both, and in a log it may be twice. */
function copies(): fc.Arbitrary<(records: string[]) => { name: string; text: string }[]> {
    return fc
        .array(fc.constantFrom("file", "log", "both", "twice"), { minLength: 60, maxLength: 60 })
        .map((where) => (records) => {
            const inFile = records.filter((_, index) => ["file", "both"].includes(where[index] ?? "file"));
            const inLog = records.flatMap((line, index) =>
                ["both", "twice", "log"].includes(where[index] ?? "file")
                    ? Array.from(
                          { length: where[index] === "twice" ? 2 : 1 },
                          () => `  root-credentials-record ${line}`,
                      )
                    : [],
            );
            const files = [
                { name: "record.jsonl", text: inFile.join("\n") },
                { name: "up.log", text: ["Updating (prod):", ...inLog].join("\n") },
            ];
            return files.filter(({ text }) => text.includes('"event":'));
        });
}

describe("Evidence, shown", () => {
    const evidence = readEvidence([{ name: "record.jsonl", text: `${RECORD}{"time":"2026-11-20T08:00:01` }]);

    it("is a table in Markdown in which no error and no id is anything but text", () => {
        const text = evidenceMarkdown(evidence);

        assert.match(text, /^3 writes in 1 account: 1 done, 1 failed, 1 outcome unknown\.$/m);
        assert.match(text, /\*\*Of 1 write the outcome is unknown: the process was killed/);
        assert.match(text, /\*\*1 line could not be read, and may be of a write that is not listed here/);
        assert.ok(
            text.includes(
                "<code>AccessDenied&#58; &#60;b&#62;no&#60;&#47;b&#62; &#124; &#96;never&#96;</code>",
            ),
        );
        const table = text.split("\n").filter((line) => line.startsWith("|"));
        assert.ok(table.length > 8);
        for (const row of table) assert.ok([3, 4, 7].includes(row.split(" | ").length), row);
        assert.match(
            text,
            /requestid|eventname IN \('DeleteAccessKey', 'DeleteLoginProfile', 'PutBucketPolicy'\)/,
        );
    });

    it("is told in fewer words where there is less room, and says so", () => {
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

    it("leaves a comment short enough, and what was found in it", () => {
        const text = Array.from({ length: 2_000 }, (_, index) =>
            RECORD.replaceAll("ASIA", `ASIA${index}`),
        ).join("");
        const many = readEvidence([{ name: "record.jsonl", text }]);

        const comment = markdown({ ...everything(), evidence: many });

        assert.ok(comment.length <= 60_000, `${comment.length} characters`);
        assert.ok(comment.includes("6,000 writes in 1 account") && comment.includes("AKIAZ3MEXQ7RTBWL5NJU"));
    });

    it("is a section of the HTML page, with each query, and everything escaped", () => {
        const page = html({ ...quiet(), evidence });

        assert.match(page, /<caption>Writes, by time<\/caption>/);
        assert.match(page, /<th scope="col">Result<\/th>/);
        assert.ok(page.includes("AccessDenied: &lt;b&gt;no&lt;/b&gt; | `never`"));
        assert.equal(page.match(/<summary>Find \w+ in CloudTrail<\/summary>/g)?.length, 3);
        assert.match(page, /<summary>The policy before<\/summary><pre>\{&quot;Statement&quot;/);
        assert.match(page, /<code>record\.jsonl:6<\/code>/);
    });
});

describe("The controls that evidence bears on", () => {
    it("each name a source, and requirements with theirs", () => {
        for (const { source, requirements, kinds } of CONTROLS) {
            assert.ok(kinds.length > 0 && requirements.length > 0);
            for (const address of [source, ...requirements.map((each) => each.source)])
                assert.equal(new URL(address).protocol, "https:");
        }
    });
});
