import assert from "node:assert/strict";
import {
    emptyBody,
    htmlBody,
    missingResult,
    refusal,
    truncatedBody,
    connectionReset,
    type Fault,
} from "../../simulator";
import type { PolicyOutputs } from "../../../provider/resource-policies/declaration";
import { joinedRun } from "../harness/package";
import type { PartialFailure } from "../harness/run";
import { BUCKET, onStage, PAYMENTS, policyOf, REGION, statements, type KindName, type Stage } from "./stage";

type Action = Parameters<Stage["organization"]["failAlways"]>[0];

const KINDS: { kind: KindName; read: Action; put: Action; remove: Action; service: string }[] = [
    {
        kind: "bucket",
        read: "GetBucketPolicy",
        put: "PutBucketPolicy",
        remove: "DeleteBucketPolicy",
        service: "s3",
    },
    {
        kind: "queue",
        read: "GetQueueAttributes",
        put: "SetQueueAttributes",
        remove: "SetQueueAttributes",
        service: "sqs",
    },
];

for (const { kind, read, put, remove, service } of KINDS) {
    const { lock, harmless, undecided, allow } = statements(kind);
    const writes = ({ simulator }: Stage) => [put, remove].flatMap((action) => simulator.requests.of(action));
    const wroteNothing = (stage: Stage) => assert.deepEqual(writes(stage), []);

    describe(`The unlocked policy of a ${kind}`, () => {
        it("loses the statement that locks, keeps the others, and is saved in the outputs", () =>
            onStage(kind, policyOf(harmless, lock, allow), async (stage) => {
                const outputs = await stage.up();

                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless, allow)));
                assert.equal(outputs.savedPolicy, policyOf(harmless, lock, allow));
                assert.equal(outputs.currentPolicy, stage.now());
                assert.deepEqual(outputs.lockedBy, []);
                assert.equal(outputs.auditError, "");
                assert.equal(outputs.locatedIn, REGION);
                assert.equal(outputs.lastChange?.change, 'removed statement "Lock"');
                assert.match(outputs.lastChange?.session ?? "", /^ASIA/);
            }));

        it("has every removed statement named in lastChange", () =>
            onStage(
                kind,
                policyOf(...["A", "B", "C", "D", "E"].map((Sid) => ({ ...lock, Sid })), allow),
                async (stage) => {
                    const { lastChange } = await stage.up();

                    assert.equal(
                        lastChange?.change,
                        'removed statement "A", statement "B", statement "C", statement "D" and statement "E"',
                    );
                },
            ));

        it("is deleted if every statement locks", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const outputs = await stage.up();

                assert.equal(stage.now(), undefined);
                assert.equal(outputs.currentPolicy, "");
            }));

        for (const policy of [undefined, policyOf(harmless, allow)]) {
            it(`is not written if ${policy ? "it locks nobody" : "there is none"}`, () =>
                onStage(kind, policy, async (stage) => {
                    const outputs = await stage.up();

                    wroteNothing(stage);
                    assert.deepEqual(outputs.lockedBy, []);
                    assert.equal(outputs.savedPolicy, undefined);
                }));
        }

        it("is not written while a statement is undecided, and is unlocked after the operator has decided", () =>
            onStage(kind, policyOf(lock, undecided), async (stage) => {
                const failure = await failureOf(stage.up());

                assert.match(
                    failure.reasons.join(),
                    /cannot tell whether statement "ThroughTheEndpoint" locks.*Sid in remove or in keep/s,
                );
                wroteNothing(stage);
                assert.doesNotMatch(failure.reasons.join(), /\.\./);
                const stored = failure.properties as never;
                stage.nextRun();
                const { inputs } = await stage.read(stored);
                assert.match(inputs?.auditError ?? "", /^cannot tell whether statement "ThroughTheEndpoint"/);

                await stage.upAgain(stored, { keep: ["ThroughTheEndpoint"] });
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(undecided)));
            }));

        it("loses an undecided statement that is named in remove", () =>
            onStage(kind, policyOf(harmless, undecided), async (stage) => {
                await stage.up({ remove: ["ThroughTheEndpoint"] });

                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
            }));

        it("is deleted with mode delete, whatever its statements are", () =>
            onStage(kind, policyOf(harmless, undecided), async (stage) => {
                const outputs = await stage.up({ mode: "delete" });

                assert.equal(stage.now(), undefined);
                assert.equal(outputs.policyIs, "absent");
                assert.equal(outputs.savedPolicy, policyOf(harmless, undecided));
            }));

        it("is replaced by a declared policy once", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const outputs = await stage.up({ policy: { Version: "2012-10-17", Statement: [harmless] } });

                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
                assert.equal(outputs.policyIs, "as declared");
                stage.simulator.requests.clear();
                await stage.upAgain(outputs, { policy: policyOf(harmless) });
                wroteNothing(stage);
            }));

        it("is unlocked again after a new lock, and the text read by the refresh is saved", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const stored = await stage.up();
                stage.lock(policyOf(allow, lock));

                const outputs = await stage.upAgain(stored);

                assert.equal(outputs.savedPolicy, policyOf(allow, lock));
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(allow)));
            }));

        it("is kept in earlier if a run is killed after replacing it", () =>
            onStage(kind, policyOf(harmless), async (stage) => {
                const stored = await stage.up();
                stage.lock(policyOf(undecided, allow));
                stage.nextRun();
                const { props: refreshed } = await stage.read(stored);
                await stage.upAgain(refreshed, { remove: ["ThroughTheEndpoint"] }); // killed: nothing is stored
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(allow)));
                stage.nextRun();

                const { props } = await stage.read(refreshed);

                assert.deepEqual(props.earlier, [policyOf(harmless), policyOf(undecided, allow)]);
                assert.equal(
                    props.savedPolicy,
                    undefined,
                    "it is unknown whether this stack has replaced it",
                );
            }));

        it("is not replaced by a declared policy that locks because of the owner's organization", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const Condition = { StringNotEquals: { "aws:PrincipalOrgID": "o-another123" } };
                const policy = policyOf({ ...lock, Sid: "Perimeter", Condition });
                assert.deepEqual(await stage.check({ policy }), []);

                const failure = await failureOf(stage.up({ policy }));

                assert.match(
                    failure.reasons.join(),
                    /the declared policy would lock everybody out: statement "Perimeter"/,
                );
                wroteNothing(stage);
            }));

        it("is not written if it differs from the saved one", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const { organization } = stage;
                let asked = 0;
                // Between the backup's read and the next read.
                organization.onlooker = {
                    arrives: ({ action }) => {
                        if (action === read && ++asked === 2) stage.lock(policyOf(lock, allow));
                        return undefined;
                    },
                };

                await assert.rejects(
                    stage.up(),
                    /is not the one that was saved .*Run again: the new one is saved now/,
                );

                wroteNothing(stage);
            }));

        it("is not written if it is changed right before the write", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                let asked = 0;
                stage.organization.onlooker = {
                    arrives: ({ action }) => {
                        if (action === read && ++asked === 3) stage.lock(policyOf(lock, allow));
                        return undefined;
                    },
                };

                await assert.rejects(
                    stage.up(),
                    /was changed after it was saved, by somebody else or by an earlier run; nothing was changed now/,
                );

                wroteNothing(stage);
            }));

        /** Another writer writes between the last read and the write. The next `shown` reads show their policy. */
        const meanwhile = (stage: Stage, theirs: string, shown: number) => {
            let written: string | undefined;
            let reads = 0;
            stage.organization.onlooker = {
                arrives({ action }) {
                    if (action === read && written !== undefined)
                        stage.lock(reads++ < shown ? theirs : written);
                    return undefined;
                },
                leaves({ action }) {
                    if (action === put || action === remove) written = stage.now() ?? "";
                },
            };
        };

        it("of another writer is kept and reported if AWS shows it after it was replaced", () =>
            onStage(kind, policyOf(lock, allow), async (stage) => {
                const theirs = policyOf(lock, allow, harmless);
                meanwhile(stage, theirs, 1);

                const failed = await stage.up().then(
                    () => assert.fail("up succeeds"),
                    (error: PartialFailure) => error,
                );

                assert.match(
                    failed.message,
                    /AWS agreed \(removed statement "Lock"\).*showed a policy that is neither the old one nor the one written.*earlier.*CloudTrail.*docs\/unlock\.md/,
                );
                const stored = failed.properties as object as PolicyOutputs;
                assert.deepEqual(stored.earlier, [policyOf(lock, allow), theirs]);
                assert.equal(stored.savedPolicy, policyOf(lock, allow));
                assert.deepEqual(JSON.parse(stored.currentPolicy), JSON.parse(policyOf(allow)));
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(allow)));
                stage.organization.onlooker = undefined;
                assert.deepEqual((await stage.upAgain(stored)).earlier, stored.earlier);
            }));

        it("of another writer is reported and accepted if it replaced the written one and locks nobody", () =>
            onStage(kind, policyOf(lock, allow), async (stage) => {
                const theirs = policyOf(allow, harmless);
                meanwhile(stage, theirs, Infinity);

                const outputs = await stage.up();

                assert.equal(outputs.currentPolicy, theirs);
                assert.match(stage.printed(), /AWS shows another policy than the one that was written/);
            }));

        const absences = kind === "bucket" ? ["NoSuchBucketPolicy", "NoSuchBucket"] : ["QueueDoesNotExist"];
        const unreadable: [string, () => Fault][] = [
            ["an empty answer", emptyBody],
            ["an answer without its content", missingResult],
            ["half an answer", truncatedBody],
            ["a page of HTML", htmlBody],
            ["a denial", () => refusal("AccessDenied", "Access Denied", 403)],
            ["a broken connection", connectionReset],
            ...absences.map((code): [string, () => Fault] => [
                `${code} with HTTP 500`,
                () => refusal(code, "It does not exist.", 500),
            ]),
        ];
        for (const [what, fault] of unreadable) {
            it(`is unknown after ${what}`, () =>
                onStage(kind, policyOf(lock, allow), async (stage) => {
                    const stored = await stage.up();
                    stage.organization.failAlways(read, fault());
                    stage.nextRun();

                    const { inputs, props } = await stage.read(stored);

                    assert.deepEqual(inputs?.lockedBy, ["unknown"]);
                    assert.notEqual(inputs?.auditError, "");
                    assert.equal(props.currentPolicy, stored.currentPolicy, "the known policy is not lost");
                }));
        }

        it("is unknown while the feature RootSessions is off, even if other features are on", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                stage.organization.setFeature("RootSessions", false);
                stage.nextRun();

                const { inputs, props } = await stage.read(stored);

                assert.match(inputs?.auditError ?? "", /RootSessions is off/);
                assert.match(props.auditErrorDetail, /aws iam enable-organizations-root-sessions/);
                await assert.rejects(
                    stage.up(),
                    /RootSessions is off.*aws iam enable-organizations-root-sessions/,
                );
            }));

        it("is unlocked while the feature RootCredentialsManagement is off", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.setFeature("RootCredentialsManagement", false);

                await stage.up();

                assert.equal(stage.now(), undefined);
            }));

        it("fails with the name of the SCP that denies the root session", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.attachScp(PAYMENTS, {
                    name: "deny",
                    policyId: "p-deny1234",
                    actions: [`${service}:*`],
                });

                await assert.rejects(stage.up(), /blocked by SCP p-deny1234/);
            }));

        it("fails with the name of the RCP that denies the root session", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.attachRcp(PAYMENTS, {
                    name: "deny",
                    policyId: "p-rcp12345",
                    actions: [`${service}:*`],
                });

                await assert.rejects(stage.up(), /blocked by RCP p-rcp12345/);
            }));

        it("leaves the stack if its resource was deleted, and fails if its resource never existed", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                if (kind === "bucket") stage.organization.buckets.remove(BUCKET);
                else stage.organization.queues.remove(PAYMENTS, REGION, "orders");
                stage.nextRun();

                const { id } = await stage.read(stored);

                assert.equal(id, undefined);
                await assert.rejects(
                    stage.up(),
                    /does not exist; remove it from the program|has no bucket of that name/,
                );
            }));

        it("leaves the stack if its account has left the organization", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                stage.organization.leave(PAYMENTS);
                stage.nextRun();

                assert.equal((await stage.read(stored)).id, undefined);
            }));

        it("fails check in a run without refresh", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                stage.nextRun();

                assert.match((await stage.check({}, stored)).join(), /was not inspected in this run/);
            }));
    });

    describe(`The policy of a ${kind} whose declaration is deleted`, () => {
        const locked = policyOf(lock, allow);
        const restoring = { onDelete: "restore-policy" as const };

        it("stays as it is by default", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up();
                const before = stage.now();
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), before);
            }));

        it("is put back byte for byte with restore-policy", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), locked);
            }));

        it("is not put back while the program still declares it", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                const before = stage.now();

                await stage.delete(stored);

                assert.equal(stage.now(), before);
            }));

        it("is not put back over a policy that somebody else has written since", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                stage.lock(policyOf(harmless));
                stage.nextRun();

                await assert.rejects(stage.delete(stored), /somebody else has changed it/);

                assert.equal(stage.now(), policyOf(harmless));
            }));

        it("is not put back if this stack has changed nothing", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const stored = await stage.up(restoring);
                stage.lock(policyOf(harmless));
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), policyOf(harmless));
            }));

        it("is deleted if there was none before this stack's own", () =>
            onStage(kind, undefined, async (stage) => {
                const stored = await stage.up({ ...restoring, policy: policyOf(harmless) });
                assert.equal(stage.now(), policyOf(harmless));
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), undefined);
            }));

        it("is not put back if another writer removed the lock", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const stored = await stage.up(restoring);
                stage.lock(locked);
                stage.nextRun();
                // The refresh of an `up` that then fails.
                const { props: seenLocked } = await stage.read(stored);
                stage.lock(undefined);
                stage.nextRun();
                const { props: seenOpen } = await stage.read(seenLocked);
                stage.nextRun();

                await stage.delete(seenOpen);

                assert.equal(stage.now(), undefined);
                assert.deepEqual(seenOpen.earlier, [policyOf(allow), locked]);
            }));

        it("is put back to the one before this stack's first change, after several changes", () =>
            onStage(kind, locked, async (stage) => {
                const one = await stage.up({ ...restoring, policy: policyOf(allow) });
                const other = await stage.upAgain(one, { ...restoring, policy: policyOf(harmless) });
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
                stage.nextRun();

                await stage.delete(other);

                assert.equal(stage.now(), locked);
                assert.deepEqual(other.earlier, [locked, policyOf(allow)]);
            }));

        it("is put back after the resource was renamed", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                stage.nextRun();
                await stage.read(stored);

                const renamed = await stage.up(restoring);
                await stage.delete(stored);

                assert.equal(renamed.savedPolicy, locked);
                assert.notEqual(stage.now(), locked);
                stage.nextRun();
                await stage.delete(renamed);
                assert.equal(stage.now(), locked);
            }));

        it("keeps its whole history, including the backup's, after the resource was renamed", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up();
                stage.lock(policyOf(allow, harmless));
                stage.nextRun();
                await stage.read({ ...stored, earlier: [policyOf(undecided)] });
                await stage.readBackup(["saved before"]);
                stage.lock(policyOf(harmless)); // after the refresh

                const renamed = await stage.up();

                assert.deepEqual(
                    new Set(renamed.earlier),
                    new Set([
                        "saved before",
                        policyOf(undecided),
                        stored.currentPolicy,
                        policyOf(allow, harmless),
                    ]),
                );
                assert.equal(renamed.savedPolicy, locked);
            }));

        it("is printed with all saved texts", async () => {
            await onStage(kind, locked, async (stage) => {
                const stored = await stage.up();
                stage.nextRun();
                await stage.delete(stored);

                assert.ok(stage.printed().includes(locked));
            });
        });

        it("is not put back if more than five policies leave the program in one run", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                const before = stage.now();
                stage.nextRun();
                await stage.read(stored);
                const { policies } = await joinedRun();
                const inspected = {
                    accountId: PAYMENTS,
                    resource: "logs",
                    onDelete: "restore-policy" as const,
                    locatedIn: REGION,
                    currentPolicy: "",
                    savedPolicy: locked,
                };
                for (let other = 1; other <= 5; other++)
                    policies.addInspected(`${PAYMENTS}/${other}`, inspected);
                policies.addDeclared(`${PAYMENTS}/still-declared`);

                await assert.rejects(
                    stage.delete(stored),
                    /6 policies would leave the program and be put back/,
                );

                assert.equal(stage.now(), before);
            }));

        it("is not changed if AWS refuses the write", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                const before = stage.now();
                stage.organization.failAlways(put, refusal("AccessDenied", "no", 403));
                stage.nextRun();

                await assert.rejects(stage.delete(stored), new RegExp(`${service}:${put} was refused`));

                assert.equal(stage.now(), before);
            }));
    });
}

describe("The unlocked policy of a queue", () => {
    const { lock, harmless } = statements("queue");

    it("is read until AWS shows the written policy", () =>
        onStage("queue", policyOf(lock, harmless), async (stage) => {
            stage.organization.queues.lagReads = 4;

            const outputs = await stage.up();

            assert.deepEqual(outputs.lockedBy, []);
            assert.deepEqual(JSON.parse(outputs.currentPolicy), JSON.parse(policyOf(harmless)));
        }));

    it("is not reported as unlocked if AWS never shows the written policy", () =>
        onStage("queue", policyOf(lock), async (stage) => {
            stage.organization.queues.lagReads = 100;

            await assert.rejects(
                stage.up(),
                /was changed \(removed statement "Lock"\), but a later read did not confirm it.*Run again/,
            );
        }));

    it("is requested from the region's endpoint instead of the host in the queue's URL", () =>
        onStage("queue", policyOf(lock), async (stage) => {
            await stage.up();

            assert.ok(
                stage.simulator.requests.of("GetQueueAttributes").every(({ region }) => region === REGION),
            );
        }));
});

describe("The unlocked policy of a bucket", () => {
    const { lock } = statements("bucket");

    it("is found by ListBuckets only if no region is declared", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            await stage.up({ region: REGION });
            assert.deepEqual(stage.simulator.requests.of("ListBuckets"), []);

            await stage.up();
            assert.ok(stage.simulator.requests.of("ListBuckets").length > 0);
        }));

    it("is found after the bucket was created again in another region", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            const stored = await stage.up();
            const { buckets } = stage.organization;
            buckets.remove(BUCKET);
            buckets.create(PAYMENTS, { name: BUCKET, region: "ap-south-1", policy: policyOf(lock) });

            const outputs = await stage.upAgain(stored);

            assert.equal(outputs.locatedIn, "ap-south-1");
            assert.equal(stage.now(), undefined);
        }));

    it("fails with the advice to leave the region out if the declared region is wrong", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            await assert.rejects(
                stage.up({ region: "us-east-1" }),
                /the bucket is in another region.*Leave the bucket's region out/,
            );
        }));

    it("of another account's bucket is not changed, even if that policy allows the root user", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            const open = {
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${PAYMENTS}:root` },
                Action: "s3:*",
                Resource: "arn:aws:s3:::others-logs",
            };
            stage.organization.buckets.setPolicy("others-logs", policyOf(open));

            await assert.rejects(
                stage.up({ bucket: "others-logs" }),
                /the account has no bucket of that name/,
            );
            await assert.rejects(
                stage.up({ bucket: "others-logs", region: "us-east-1", mode: "delete" }),
                /S3 denied the call without a reason.*Check the bucket's owner first/,
            );

            assert.equal(stage.organization.buckets.policyOf("others-logs"), policyOf(open));
        }));
});

async function failureOf(work: Promise<unknown>): Promise<PartialFailure> {
    try {
        await work;
    } catch (error) {
        assert.ok(error instanceof Error && "reasons" in error, String(error));
        return error as PartialFailure;
    }
    return assert.fail("it did not fail");
}
