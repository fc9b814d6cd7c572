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

    describe(`Unlocking a ${kind}`, () => {
        it("takes out what locks, keeps the rest, and remembers what it replaced", () =>
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

        it("names every statement that goes, however many", () =>
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

        it("deletes a policy of which nothing is left", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const outputs = await stage.up();

                assert.equal(stage.now(), undefined);
                assert.equal(outputs.currentPolicy, "");
            }));

        for (const policy of [undefined, policyOf(harmless, allow)]) {
            it(`changes nothing where ${policy ? "the policy locks nobody" : "there is no policy"}`, () =>
                onStage(kind, policy, async (stage) => {
                    const outputs = await stage.up();

                    wroteNothing(stage);
                    assert.deepEqual(outputs.lockedBy, []);
                    assert.equal(outputs.savedPolicy, undefined);
                }));
        }

        it("changes nothing where it cannot tell, says so, and does once somebody has decided", () =>
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

        it("takes out a statement that somebody has read", () =>
            onStage(kind, policyOf(harmless, undecided), async (stage) => {
                await stage.up({ remove: ["ThroughTheEndpoint"] });

                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
            }));

        it("deletes the whole policy if that is declared, whatever it says", () =>
            onStage(kind, policyOf(harmless, undecided), async (stage) => {
                const outputs = await stage.up({ mode: "delete" });

                assert.equal(stage.now(), undefined);
                assert.equal(outputs.policyIs, "absent");
                assert.equal(outputs.savedPolicy, policyOf(harmless, undecided));
            }));

        it("puts a declared policy in its place, once", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const outputs = await stage.up({ policy: { Version: "2012-10-17", Statement: [harmless] } });

                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
                assert.equal(outputs.policyIs, "as declared");
                stage.simulator.requests.clear();
                await stage.upAgain(outputs, { policy: policyOf(harmless) });
                wroteNothing(stage);
            }));

        it("finds a new lock, and replaces what this run has seen and nothing else", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const stored = await stage.up();
                stage.lock(policyOf(allow, lock));

                const outputs = await stage.upAgain(stored);

                assert.equal(outputs.savedPolicy, policyOf(allow, lock));
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(allow)));
            }));

        it("keeps what a run has replaced that could not remember it, whatever was declared before", () =>
            onStage(kind, policyOf(harmless), async (stage) => {
                const stored = await stage.up();
                stage.lock(policyOf(undecided, allow));
                stage.nextRun();
                const { props: refreshed } = await stage.read(stored);
                await stage.upAgain(refreshed, { remove: ["ThroughTheEndpoint"] }); // killed: nothing of it is stored
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(allow)));
                stage.nextRun();

                const { props } = await stage.read(refreshed);

                assert.deepEqual(props.earlier, [policyOf(harmless), policyOf(undecided, allow)]);
                assert.equal(
                    props.savedPolicy,
                    undefined,
                    "whether this stack has replaced it, nobody knows",
                );
            }));

        it("does not put a policy that locks, where only the owner's own organization tells", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const Condition = { StringNotEquals: { "aws:PrincipalOrgID": "o-another123" } };
                const policy = policyOf({ ...lock, Sid: "Perimeter", Condition });
                assert.deepEqual(await stage.check({ policy }), []);

                const failure = await failureOf(stage.up({ policy }));

                assert.match(
                    failure.reasons.join(),
                    /the declared policy would shut everybody out: statement "Perimeter"/,
                );
                wroteNothing(stage);
            }));

        it("writes nothing if the policy is another one than the one that was saved", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const { organization } = stage;
                let asked = 0;
                // Between the backup's look and the next.
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

        it("writes nothing if the policy is changed at the last moment", () =>
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

        /** Somebody else writes between the last read and the write; `shown` reads after it show their policy. */
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

        it("says that it has replaced the policy of another writer, and keeps it, where AWS shows it once more", () =>
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

        it("says that AWS shows another policy than the one written, where that locks nobody", () =>
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
            it(`takes ${what} for no policy that it could know`, () =>
                onStage(kind, policyOf(lock, allow), async (stage) => {
                    const stored = await stage.up();
                    stage.organization.failAlways(read, fault());
                    stage.nextRun();

                    const { inputs, props } = await stage.read(stored);

                    assert.deepEqual(inputs?.lockedBy, ["unknown"]);
                    assert.notEqual(inputs?.auditError, "");
                    assert.equal(props.currentPolicy, stored.currentPolicy, "what was known is not lost");
                }));
        }

        it("is unknown while the feature RootSessions is off, whatever else is on", () =>
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

        it("works while the feature RootCredentialsManagement is off", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.setFeature("RootCredentialsManagement", false);

                await stage.up();

                assert.equal(stage.now(), undefined);
            }));

        it("names the SCP that denies the root session", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.attachScp(PAYMENTS, {
                    name: "deny",
                    policyId: "p-deny1234",
                    actions: [`${service}:*`],
                });

                await assert.rejects(stage.up(), /blocked by SCP p-deny1234/);
            }));

        it("names the RCP that guards the account", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                stage.organization.attachRcp(PAYMENTS, {
                    name: "deny",
                    policyId: "p-rcp12345",
                    actions: [`${service}:*`],
                });

                await assert.rejects(stage.up(), /blocked by RCP p-rcp12345/);
            }));

        it("drops what does not exist any more, and fails for what never did", () =>
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

        it("drops the policy of an account that has left", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                stage.organization.leave(PAYMENTS);
                stage.nextRun();

                assert.equal((await stage.read(stored)).id, undefined);
            }));

        it("does not answer for a run that did not look", () =>
            onStage(kind, policyOf(lock), async (stage) => {
                const stored = await stage.up();
                stage.nextRun();

                assert.match((await stage.check({}, stored)).join(), /was not looked at in this run/);
            }));
    });

    describe(`Deleting the declaration of a ${kind}`, () => {
        const locked = policyOf(lock, allow);
        const restoring = { onDelete: "restore-policy" as const };

        it("leaves the policy as it is, unless told otherwise", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up();
                const before = stage.now();
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), before);
            }));

        it("puts the old one back, byte for byte", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), locked);
            }));

        it("puts nothing back that the program still declares", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                const before = stage.now();

                await stage.delete(stored);

                assert.equal(stage.now(), before);
            }));

        it("puts nothing back over what somebody else has written since", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                stage.lock(policyOf(harmless));
                stage.nextRun();

                await assert.rejects(stage.delete(stored), /somebody else has changed it/);

                assert.equal(stage.now(), policyOf(harmless));
            }));

        it("puts nothing back where nothing was changed", () =>
            onStage(kind, policyOf(allow), async (stage) => {
                const stored = await stage.up(restoring);
                stage.lock(policyOf(harmless));
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), policyOf(harmless));
            }));

        it("takes away again what was put where nothing was", () =>
            onStage(kind, undefined, async (stage) => {
                const stored = await stage.up({ ...restoring, policy: policyOf(harmless) });
                assert.equal(stage.now(), policyOf(harmless));
                stage.nextRun();

                await stage.delete(stored);

                assert.equal(stage.now(), undefined);
            }));

        it("puts back no lock that it has not removed itself", () =>
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

        it("puts back what was there before its own, however often that has changed", () =>
            onStage(kind, locked, async (stage) => {
                const one = await stage.up({ ...restoring, policy: policyOf(allow) });
                const other = await stage.upAgain(one, { ...restoring, policy: policyOf(harmless) });
                assert.deepEqual(JSON.parse(stage.now() ?? ""), JSON.parse(policyOf(harmless)));
                stage.nextRun();

                await stage.delete(other);

                assert.equal(stage.now(), locked);
                assert.deepEqual(other.earlier, [locked, policyOf(allow)]);
            }));

        it("puts it back after the resource has got another name", () =>
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

        it("loses nothing of another name's past, its backup's included", () =>
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

        it("tells what goes with it", async () => {
            await onStage(kind, locked, async (stage) => {
                const stored = await stage.up();
                stage.nextRun();
                await stage.delete(stored);

                assert.ok(stage.printed().includes(locked));
            });
        });

        it("puts no more than five back because the program no longer declares them", () =>
            onStage(kind, locked, async (stage) => {
                const stored = await stage.up(restoring);
                const before = stage.now();
                stage.nextRun();
                await stage.read(stored);
                const { policies } = await joinedRun();
                const told = {
                    accountId: PAYMENTS,
                    resource: "logs",
                    onDelete: "restore-policy" as const,
                    locatedIn: REGION,
                    currentPolicy: "",
                    savedPolicy: locked,
                };
                for (let other = 1; other <= 5; other++) policies.addInspected(`${PAYMENTS}/${other}`, told);
                policies.addDeclared(`${PAYMENTS}/still-declared`);

                await assert.rejects(
                    stage.delete(stored),
                    /6 policies would leave the program and be put back/,
                );

                assert.equal(stage.now(), before);
            }));

        it("fails where AWS does not let it, and changes nothing", () =>
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

describe("Unlocking a queue", () => {
    const { lock, harmless } = statements("queue");

    it("waits until AWS shows what was written", () =>
        onStage("queue", policyOf(lock, harmless), async (stage) => {
            stage.organization.queues.lagReads = 4;

            const outputs = await stage.up();

            assert.deepEqual(outputs.lockedBy, []);
            assert.deepEqual(JSON.parse(outputs.currentPolicy), JSON.parse(policyOf(harmless)));
        }));

    it("does not claim what AWS does not show", () =>
        onStage("queue", policyOf(lock), async (stage) => {
            stage.organization.queues.lagReads = 100;

            await assert.rejects(
                stage.up(),
                /was changed \(removed statement "Lock"\), but that was not seen afterwards.*Run again/,
            );
        }));

    it("asks the region's endpoint, and never the host in the queue's URL", () =>
        onStage("queue", policyOf(lock), async (stage) => {
            await stage.up();

            assert.ok(
                stage.simulator.requests.of("GetQueueAttributes").every(({ region }) => region === REGION),
            );
        }));
});

describe("Unlocking a bucket", () => {
    const { lock } = statements("bucket");

    it("asks AWS for its region, and not if it is declared", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            await stage.up({ region: REGION });
            assert.deepEqual(stage.simulator.requests.of("ListBuckets"), []);

            await stage.up();
            assert.ok(stage.simulator.requests.of("ListBuckets").length > 0);
        }));

    it("finds one that was made anew in another region", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            const stored = await stage.up();
            const { buckets } = stage.organization;
            buckets.remove(BUCKET);
            buckets.create(PAYMENTS, { name: BUCKET, region: "ap-south-1", policy: policyOf(lock) });

            const outputs = await stage.upAgain(stored);

            assert.equal(outputs.locatedIn, "ap-south-1");
            assert.equal(stage.now(), undefined);
        }));

    it("says so where the declared region is another one", () =>
        onStage("bucket", policyOf(lock), async (stage) => {
            await assert.rejects(
                stage.up({ region: "us-east-1" }),
                /the bucket is in another region.*Leave the bucket's region out/,
            );
        }));

    it("does not touch the bucket of another account, even where its policy lets root in", () =>
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
