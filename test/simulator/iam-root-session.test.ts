import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-iam";
import { type RootSeed, type Simulator, startSimulator } from "./index";
import { type Refused, type Task, refusalOf, rootSession } from "./sdk-clients";

const ACCOUNT = "111122223333";
const AUDIT = "IAMAuditRootUserCredentials";
const DELETE = "IAMDeleteRootUserCredentials";
const CREATE = "IAMCreateRootUserPassword";
const S3 = "S3UnlockBucketPolicy";
const SQS = "SQSUnlockQueuePolicy";

/** One call of every action, and the tasks that leave it open. Nothing exists, so an open call may find nothing. */
const OPEN_TO: Record<string, { send: (iam: aws.IAMClient) => Promise<unknown>; tasks: Task[] }> = {
    ListAccessKeys: {
        send: (iam) => iam.send(new aws.ListAccessKeysCommand({})),
        tasks: [AUDIT, DELETE],
    },
    ListSigningCertificates: {
        send: (iam) => iam.send(new aws.ListSigningCertificatesCommand({})),
        tasks: [AUDIT, DELETE],
    },
    ListMFADevices: {
        send: (iam) => iam.send(new aws.ListMFADevicesCommand({})),
        tasks: [AUDIT, DELETE],
    },
    GetLoginProfile: {
        send: (iam) => iam.send(new aws.GetLoginProfileCommand({})),
        tasks: [AUDIT, DELETE, CREATE],
    },
    GetUser: { send: (iam) => iam.send(new aws.GetUserCommand({})), tasks: [AUDIT, DELETE] },
    GetAccessKeyLastUsed: {
        send: (iam) => iam.send(new aws.GetAccessKeyLastUsedCommand({ AccessKeyId: "AKIAAAAAAAAAAAAAAAAA" })),
        tasks: [AUDIT, DELETE],
    },
    GetAccountSummary: { send: (iam) => iam.send(new aws.GetAccountSummaryCommand({})), tasks: [AUDIT] },
    DeleteAccessKey: {
        send: (iam) => iam.send(new aws.DeleteAccessKeyCommand({ AccessKeyId: "AKIAAAAAAAAAAAAAAAAA" })),
        tasks: [DELETE],
    },
    DeleteSigningCertificate: {
        send: (iam) => iam.send(new aws.DeleteSigningCertificateCommand({ CertificateId: "A".repeat(24) })),
        tasks: [DELETE],
    },
    DeleteLoginProfile: {
        send: (iam) => iam.send(new aws.DeleteLoginProfileCommand({})),
        tasks: [DELETE],
    },
    DeactivateMFADevice: {
        send: (iam) => iam.send(new aws.DeactivateMFADeviceCommand({ SerialNumber: "GAHT00000001" })),
        tasks: [DELETE],
    },
    DeleteVirtualMFADevice: {
        send: (iam) =>
            iam.send(
                new aws.DeleteVirtualMFADeviceCommand({
                    SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/root-account-mfa-device`,
                }),
            ),
        tasks: [],
    },
    CreateLoginProfile: {
        send: (iam) => iam.send(new aws.CreateLoginProfileCommand({})),
        tasks: [CREATE],
    },
    ListOrganizationsFeatures: {
        send: (iam) => iam.send(new aws.ListOrganizationsFeaturesCommand({})),
        tasks: [],
    },
    DisableOrganizationsRootSessions: {
        send: (iam) => iam.send(new aws.DisableOrganizationsRootSessionsCommand({})),
        tasks: [],
    },
    CreateAccessKey: { send: (iam) => iam.send(new aws.CreateAccessKeyCommand({})), tasks: [] },
    UpdateAccessKey: {
        send: (iam) =>
            iam.send(
                new aws.UpdateAccessKeyCommand({ AccessKeyId: "AKIAAAAAAAAAAAAAAAAA", Status: "Inactive" }),
            ),
        tasks: [],
    },
    ListUsers: { send: (iam) => iam.send(new aws.ListUsersCommand({})), tasks: [] },
    ListVirtualMFADevices: { send: (iam) => iam.send(new aws.ListVirtualMFADevicesCommand({})), tasks: [] },
    GenerateCredentialReport: {
        send: (iam) => iam.send(new aws.GenerateCredentialReportCommand({})),
        tasks: [],
    },
};

describe("iam inside a root session", () => {
    let simulator: Simulator;

    async function start(root: RootSeed = {}): Promise<void> {
        simulator = await startSimulator({
            now: new Date("2026-09-12T10:00:00Z"),
            seed: { accounts: [{ id: ACCOUNT, name: "payments", joined: "2024-02-03T04:05:06Z", root }] },
        });
    }

    afterEach(() => simulator.close());

    const session = async (task: Task) => (await rootSession(simulator, ACCOUNT, task)).iam;
    const root = () => simulator.organization.account(ACCOUNT).root;

    for (const task of [AUDIT, DELETE, CREATE, S3, SQS] as const) {
        it(`${task} opens its own actions and no other`, async () => {
            await start();
            const iam = await session(task);

            for (const [action, { send, tasks }] of Object.entries(OPEN_TO)) {
                const refused = await send(iam).then(
                    () => undefined,
                    (error: Refused) => error,
                );
                if (tasks.includes(task)) {
                    assert.notEqual(refused?.name, "AccessDenied", `${action} is open`);
                } else {
                    assert.equal(refused?.name, "AccessDenied", `${action} is closed`);
                    assert.match(
                        refused?.message ?? "",
                        new RegExp(
                            `^User: arn:aws:iam::${ACCOUNT}:root is not authorized to perform: iam:${action} ` +
                                "on resource: .* with an explicit deny in a session policy$",
                        ),
                    );
                }
            }
        });
    }

    it("no task policy reaches IAM users of the account", async () => {
        await start();

        const refused = await refusalOf(
            (await session(DELETE)).send(new aws.ListAccessKeysCommand({ UserName: "ada" })),
        );
        assert.equal(refused.name, "AccessDenied");
        assert.match(
            refused.message,
            new RegExp(`on resource: arn:aws:iam::${ACCOUNT}:user/ada with an explicit`),
        );
    });

    describe("looking", () => {
        it("finds nothing in an account whose root user holds nothing", async () => {
            await start();
            const iam = await session(AUDIT);

            const { SummaryMap: summary } = await iam.send(new aws.GetAccountSummaryCommand({}));
            assert.equal(summary?.["AccountPasswordPresent"], 0);
            assert.equal(summary?.["AccountMFAEnabled"], 0);
            assert.equal(summary?.["AccountAccessKeysPresent"], 0);
            assert.equal(summary?.["AccountSigningCertificatesPresent"], 0);
            assert.deepEqual((await iam.send(new aws.ListAccessKeysCommand({}))).AccessKeyMetadata, []);
            assert.deepEqual((await iam.send(new aws.ListSigningCertificatesCommand({}))).Certificates, []);
            assert.deepEqual((await iam.send(new aws.ListMFADevicesCommand({}))).MFADevices, []);
            assert.deepEqual(await refusalOf(iam.send(new aws.GetLoginProfileCommand({}))), {
                name: "NoSuchEntityException",
                message: "Login Profile for User null cannot be found.",
                status: 404,
            });
        });

        it("shows every kind of credential, without user names", async () => {
            await start({
                password: { created: "2024-05-06T07:08:09Z", lastUsed: "2026-01-02T03:04:05Z" },
                accessKeys: [
                    { id: "AKIAIOSFODNN7EXAMPLE", status: "Inactive", created: "2024-06-01T00:00:00Z" },
                ],
                signingCertificates: [{ created: "2024-07-01T00:00:00Z" }],
                mfaDevices: [{ kind: "virtual" }, { kind: "passkey" }, { kind: "hardware" }],
            });
            const iam = await session(AUDIT);

            const { SummaryMap: summary } = await iam.send(new aws.GetAccountSummaryCommand({}));
            assert.deepEqual(
                Object.entries(summary ?? {}).filter(([key]) => key.startsWith("Account")),
                [
                    ["AccountPasswordPresent", 1],
                    ["AccountMFAEnabled", 1],
                    ["AccountAccessKeysPresent", 1],
                    ["AccountSigningCertificatesPresent", 1],
                ],
            );
            const { LoginProfile } = await iam.send(new aws.GetLoginProfileCommand({}));
            assert.deepEqual(LoginProfile, {
                CreateDate: new Date("2024-05-06T07:08:09Z"),
                PasswordResetRequired: false,
            });
            const { AccessKeyMetadata } = await iam.send(new aws.ListAccessKeysCommand({}));
            assert.deepEqual(AccessKeyMetadata, [
                {
                    AccessKeyId: "AKIAIOSFODNN7EXAMPLE",
                    Status: "Inactive",
                    CreateDate: new Date("2024-06-01T00:00:00Z"),
                },
            ]);
            const { Certificates: [certificate] = [] } = await iam.send(
                new aws.ListSigningCertificatesCommand({}),
            );
            assert.match(certificate?.CertificateId ?? "", /^[A-Z2-7]{24}$/);
            assert.equal(certificate?.UserName, undefined);
            const { MFADevices: devices = [] } = await iam.send(new aws.ListMFADevicesCommand({}));
            assert.deepEqual(
                devices.map(({ SerialNumber }) => SerialNumber?.replace(/[A-Z2-7]{26}$/, "*")),
                [
                    `arn:aws:iam::${ACCOUNT}:mfa/root-account-mfa-device`,
                    `arn:aws:iam::${ACCOUNT}:u2f/root-account-passkey-*`,
                    root().mfaDevices[2]?.serial,
                ],
            );
            assert.match(root().mfaDevices[2]?.serial ?? "", /^GAHT\d{8}$/);
        });

        it("leaves out of the summary what older answers of AWS left out", async () => {
            await start({ password: {} });
            simulator.organization.omittedSummaryKeys.add("AccountPasswordPresent");

            const { SummaryMap: summary } = await (
                await session(AUDIT)
            ).send(new aws.GetAccountSummaryCommand({}));
            assert.equal(summary?.["AccountPasswordPresent"], undefined);
            assert.equal(summary?.["AccountMFAEnabled"], 0);
        });

        it("GetUser describes the root user, with the password's last use if there is one", async () => {
            await start({ password: { lastUsed: "2026-01-02T03:04:05Z" } });
            const iam = await session(AUDIT);

            const known = {
                UserId: ACCOUNT,
                Arn: `arn:aws:iam::${ACCOUNT}:root`,
                CreateDate: new Date("2024-02-03T04:05:06Z"),
            };
            assert.deepEqual((await iam.send(new aws.GetUserCommand({}))).User, {
                ...known,
                PasswordLastUsed: new Date("2026-01-02T03:04:05Z"),
            });
            delete root().password;
            assert.deepEqual((await iam.send(new aws.GetUserCommand({}))).User, known);
        });

        it("GetAccessKeyLastUsed tells a key that was never used from one that was", async () => {
            await start({ accessKeys: [{ lastUsed: "2019-12-04T23:10:00Z", lastUsedService: "ec2" }, {}] });
            const iam = await session(AUDIT);
            const lastUse = async (index: number) =>
                (
                    await iam.send(
                        new aws.GetAccessKeyLastUsedCommand({ AccessKeyId: root().accessKeys[index]?.id }),
                    )
                ).AccessKeyLastUsed;

            assert.deepEqual(await lastUse(0), {
                LastUsedDate: new Date("2019-12-04T23:10:00Z"),
                ServiceName: "ec2",
                Region: "us-east-1",
            });
            assert.deepEqual(await lastUse(1), { ServiceName: "N/A", Region: "N/A" });
        });

        it("lists in pages", async () => {
            await start({ mfaDevices: Array.from({ length: 5 }, () => ({ kind: "hardware" }) as const) });
            simulator.organization.iamPageSize = 2;
            const iam = await session(AUDIT);

            const first = await iam.send(new aws.ListMFADevicesCommand({}));
            assert.equal(first.IsTruncated, true);
            assert.equal(first.MFADevices?.length, 2);
            const serials: (string | undefined)[] = [];
            for await (const page of aws.paginateListMFADevices({ client: iam }, {})) {
                serials.push(...(page.MFADevices ?? []).map(({ SerialNumber }) => SerialNumber));
            }
            assert.deepEqual(
                serials,
                root().mfaDevices.map(({ serial }) => serial),
            );
            const one = await iam.send(new aws.ListMFADevicesCommand({ MaxItems: 1 }));
            assert.equal(one.MFADevices?.length, 1);
            for (const wrong of [{ MaxItems: 0 }, { MaxItems: 1001 }, { Marker: "page two" }]) {
                assert.equal(
                    (await refusalOf(iam.send(new aws.ListMFADevicesCommand(wrong)))).name,
                    "ValidationError",
                );
            }
        });
    });

    describe("removing", () => {
        const everything: RootSeed = {
            password: {},
            accessKeys: [{}, { status: "Inactive" }],
            signingCertificates: [{}],
            mfaDevices: [{ kind: "virtual" }, { kind: "passkey" }],
        };

        async function removeEverything(iam: aws.IAMClient): Promise<void> {
            const { accessKeys, signingCertificates, mfaDevices } = root();
            for (const { id } of accessKeys)
                await iam.send(new aws.DeleteAccessKeyCommand({ AccessKeyId: id }));
            for (const { id } of signingCertificates) {
                await iam.send(new aws.DeleteSigningCertificateCommand({ CertificateId: id }));
            }
            await iam.send(new aws.DeleteLoginProfileCommand({}));
            for (const { serial } of mfaDevices) {
                await iam.send(new aws.DeactivateMFADeviceCommand({ SerialNumber: serial }));
            }
        }

        it("takes each credential away, as the state itself confirms", async () => {
            await start(everything);
            assert.equal(simulator.organization.rootCredentialsLeft().length, 6);

            await removeEverything(await session(DELETE));

            assert.deepEqual(simulator.organization.rootCredentialsLeft(), []);
            assert.deepEqual(root(), { accessKeys: [], signingCertificates: [], mfaDevices: [] });
        });

        it("refuses what is not there", async () => {
            await start();
            const iam = await session(DELETE);

            for (const action of [
                "DeleteAccessKey",
                "DeleteSigningCertificate",
                "DeleteLoginProfile",
                "DeactivateMFADevice",
            ]) {
                const refused = await refusalOf(OPEN_TO[action]?.send(iam) ?? Promise.resolve());
                assert.equal(refused.name, "NoSuchEntityException", action);
                assert.equal(refused.status, 404);
            }
        });

        it("may go on showing for a few reads what was deleted", async () => {
            await start(everything);
            simulator.organization.readLag.reads = 2;
            const iam = await session(DELETE);
            const keys = async () =>
                (await iam.send(new aws.ListAccessKeysCommand({}))).AccessKeyMetadata?.length;

            await removeEverything(iam);

            assert.deepEqual(simulator.organization.rootCredentialsLeft(), []);
            assert.deepEqual([await keys(), await keys(), await keys()], [2, 2, 0]);
            await iam.send(new aws.GetLoginProfileCommand({}));
            await iam.send(new aws.GetLoginProfileCommand({}));
            assert.equal(
                (await refusalOf(iam.send(new aws.GetLoginProfileCommand({})))).name,
                "NoSuchEntityException",
            );
            const { SummaryMap } = await (await session(AUDIT)).send(new aws.GetAccountSummaryCommand({}));
            assert.equal(SummaryMap?.["AccountMFAEnabled"], 1);
            assert.equal(SummaryMap?.["AccountAccessKeysPresent"], 0);
        });

        it("leaves every other account alone", async () => {
            await start(everything);
            simulator.organization.join({ id: "777788889999", name: "other", root: everything });

            await removeEverything(await session(DELETE));

            const left = simulator.organization.rootCredentialsLeft();
            assert.deepEqual(new Set(left.map(({ accountId }) => accountId)), new Set(["777788889999"]));
        });
    });

    describe("CreateLoginProfile", () => {
        it("allows recovery again, which looks like a password ever after", async () => {
            await start();
            const { LoginProfile } = await (
                await session(CREATE)
            ).send(new aws.CreateLoginProfileCommand({}));

            assert.deepEqual(LoginProfile, {
                CreateDate: new Date("2026-09-12T10:00:00Z"),
                PasswordResetRequired: false,
            });
            const { SummaryMap } = await (await session(AUDIT)).send(new aws.GetAccountSummaryCommand({}));
            assert.equal(SummaryMap?.["AccountPasswordPresent"], 1);
            assert.equal(SummaryMap?.["AccountMFAEnabled"], 0);
            await (await session(DELETE)).send(new aws.DeleteLoginProfileCommand({}));
            assert.deepEqual(simulator.organization.rootCredentialsLeft(), []);
        });

        it("refuses when there is a password already", async () => {
            await start({ password: {} });

            assert.deepEqual(
                await refusalOf((await session(CREATE)).send(new aws.CreateLoginProfileCommand({}))),
                {
                    name: "EntityAlreadyExistsException",
                    message: `Login Profile for account ${ACCOUNT} already exists.`,
                    status: 409,
                },
            );
        });

        it("refuses a password of the caller's choice", async () => {
            await start();

            const refused = await refusalOf(
                (await session(CREATE)).send(
                    new aws.CreateLoginProfileCommand({ Password: "correct horse" }),
                ),
            );
            assert.equal(refused.name, "ValidationError");
            assert.equal(root().password, undefined);
        });
    });
});
