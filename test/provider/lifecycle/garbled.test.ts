import assert from "node:assert/strict";
import {
    doubledFlags,
    doubledMember,
    emptyBody,
    emptyFlags,
    emptyPage,
    htmlBody,
    missingResult,
    paddedList,
    refusal,
    renamedMembers,
    summaryWithoutQuotas,
    truncatedBody,
    type Fault,
} from "../../simulator";
import { desired, stored, World, PartialFailure, type RootCredentialOutputs } from "../harness";
import { imported } from "../harness/imported";
import { providerModule } from "../harness/package";

const DIRTY = "111122223333";
const CLEAN = "444455556666";
const ROOT = { password: {}, accessKeys: [{}, {}], signingCertificates: [{}], mfaDevices: [{}] };
const ACCOUNTS = [
    { id: DIRTY, name: "payments", root: ROOT },
    { id: CLEAN, name: "logs" },
];

const LOOKS = [
    "AssumeRoot",
    "GetCallerIdentity",
    "GetAccountSummary",
    "ListAccessKeys",
    "ListSigningCertificates",
    "ListMFADevices",
    "GetLoginProfile",
    "GetUser",
    "GetAccessKeyLastUsed",
] as const;
const WRITES = [
    "DeleteAccessKey",
    "DeleteSigningCertificate",
    "DeleteLoginProfile",
    "DeactivateMFADevice",
] as const;
const ACTIONS = [...LOOKS, ...WRITES, "*"] as const;

/** Unusable bodies of answers with HTTP 200. */
const GARBLES: Record<string, () => Fault> = {
    "an empty body": emptyBody,
    "a page of HTML": htmlBody,
    "half an answer": truncatedBody,
    "an answer without its content": missingResult,
    "an answer in which every value is empty": () => ({
        kind: "garbled",
        carriedOut: true,
        garble: (body) => body.replace(/>[^<>]+</g, "><"),
    }),
};

/** A list that is marked as incomplete, a list without that mark, and a list whose members are unusable. */
const BROKEN_LISTS: Record<string, () => Fault> = {
    "an empty page that is not the last, without a marker": () => emptyPage({ isTruncated: "true" }),
    "an empty page that is not the last, with an empty marker": () =>
        emptyPage({ isTruncated: "true", marker: "" }),
    "an empty page that does not say whether it is the last": () => emptyPage({}),
    "an empty page that says neither yes nor no": () => emptyPage({ isTruncated: "" }),
    "a list with an empty member": paddedList,
    "a list with a member that stands there twice": doubledMember,
    "a list whose members have another name": renamedMembers,
};

const LISTS = [
    ["ListAccessKeys", { kind: "accessKeys", one: /access key/, removal: "DeleteAccessKey" }],
    [
        "ListSigningCertificates",
        { kind: "signingCertificates", one: /certificate/, removal: "DeleteSigningCertificate" },
    ],
    ["ListMFADevices", { kind: "mfaDevices", one: /MFA device/, removal: "DeactivateMFADevice" }],
] as const;

const BROKEN_SUMMARIES: Record<string, () => Fault> = {
    "flags without a value": emptyFlags,
    "flags that stand there twice": doubledFlags,
    "zeros without quotas": summaryWithoutQuotas,
};

/** These tests use only the module, so that waiting takes no time. They have a case for each action and each answer. */
describe("An unusable answer with HTTP 200", () => {
    let world: World;

    beforeEach(async () => {
        world = await World.begin(imported, { accounts: ACCOUNTS }, {});
        providerModule("process/timeouts").timeouts.pause = () => Promise.resolve();
    });
    afterEach(() => world.close());

    for (const action of ACTIONS) {
        for (const [garble, fault] of Object.entries(GARBLES)) {
            const what = `to ${action === "*" ? "every call" : action}: ${garble}`;

            it(`${what}, is never taken for "clean" by an audit`, async () => {
                world.organization.failAlways(action, fault());

                const { props } = await world.run.read(DIRTY, stored(DIRTY));

                assertTrue(props, DIRTY);
                if (action === "*") {
                    const { props: others } = await world.run.read(CLEAN, stored(CLEAN));
                    assert.equal(others.loginProfile, "unknown");
                    assert.notEqual(others.auditError, "");
                }
            });

            it(`${what}, makes a removal neither write elsewhere nor report what it did not see`, async () => {
                const { props } = await world.run.read(DIRTY, stored(DIRTY));
                const others = structuredClone([world.rootOf(CLEAN), world.operator]);
                world.requests.clear();
                world.organization.failAlways(action, fault());

                const outcome = await settled(world.run.update(DIRTY, props, desired(DIRTY)));

                assertTrue(outcome, DIRTY);
                assert.deepEqual([world.rootOf(CLEAN), world.operator], others);
                const writes = world.requests.entries.filter((call) =>
                    /^(Delete|Deactivate)/.test(call.action),
                );
                assert.deepEqual(
                    writes.filter(({ callerAccountId }) => callerAccountId !== DIRTY),
                    [],
                );
                if (["AssumeRoot", "GetCallerIdentity", "*"].includes(action)) assert.deepEqual(writes, []);
            });
        }
    }

    for (const [broken, fault] of Object.entries(BROKEN_LISTS)) {
        for (const [action, { kind, one, removal }] of LISTS) {
            it(`to ${action}: ${broken}, is reported as unknown by an audit of either mode and by a removal`, async () => {
                const before = (await world.run.read(DIRTY, stored(DIRTY))).props;
                world.organization.failAlways(action, fault());

                for (const audit of ["summary", "full"] as const) {
                    const { props } = await world.run.read(DIRTY, { ...stored(DIRTY), audit });
                    assert.deepEqual(props[kind], ["unknown"], audit);
                    assert.match(props.auditError, /^AWS's answer was incomplete/);
                }
                // AWS accepts the removal and does not carry it out.
                world.organization.failAlways(removal, htmlBody());
                const removed = await settled(world.run.update(DIRTY, before, desired(DIRTY)));
                assert.deepEqual(removed[kind], ["unknown"]);
                assert.doesNotMatch(JSON.stringify(removed.lastRemoval?.removed), one);
            });
        }
    }

    for (const [broken, fault] of Object.entries(BROKEN_SUMMARIES)) {
        it(`to GetAccountSummary: ${broken}, makes an audit list every kind`, async () => {
            world.organization.failAlways("GetAccountSummary", fault());

            const { props } = await world.run.read(DIRTY, stored(DIRTY));

            assertTrue(props, DIRTY);
            assert.equal(props.loginProfile, "present");
            assert.equal(props.auditError, "");
            assert.equal((await world.run.read(CLEAN, stored(CLEAN))).props.auditError, "");
        });
    }

    it("to GetLoginProfile: NoSuchEntity with HTTP 500, is reported as unknown", async () => {
        const { props: before } = await world.run.read(DIRTY, stored(DIRTY));
        const broken = refusal("NoSuchEntity", "Login Profile for User null cannot be found.", 500);
        world.organization.failAlways("GetLoginProfile", broken);

        const { props } = await world.run.read(DIRTY, stored(DIRTY));

        assert.equal(props.loginProfile, "unknown");
        assert.match(props.auditError, /HTTP 500 \(iam:GetLoginProfile\)/);
        const removed = await settled(world.run.update(DIRTY, before, desired(DIRTY)));
        assert.equal(removed.loginProfile, "unknown");
        assert.equal(removed.mfaDevices.length, 1, "no MFA device goes while a password may remain");
    });

    it("to DeleteAccessKey: NoSuchEntity with HTTP 500, is no removal", async () => {
        const { props: before } = await world.run.read(DIRTY, stored(DIRTY));
        world.organization.failAlways("DeleteAccessKey", refusal("NoSuchEntity", "No such key.", 500));

        const removed = await settled(world.run.update(DIRTY, before, desired(DIRTY)));

        assert.equal(removed.accessKeys.length, 2);
        assert.match(removed.auditError, /HTTP 500 \(iam:DeleteAccessKey\)/);
    });

    /** A credential is reported absent only if the server has none, and an account is reported clean only if it is. */
    function assertTrue(outcome: RootCredentialOutputs, accountId: string): void {
        const { password, accessKeys, signingCertificates, mfaDevices } = world.rootOf(accountId);
        if (outcome.loginProfile === "absent") assert.equal(password, undefined);
        for (const [reported, held] of [
            [outcome.accessKeys, accessKeys.map(({ id }) => id)],
            [outcome.signingCertificates, signingCertificates.map(({ id }) => id)],
            [outcome.mfaDevices, mfaDevices.map(({ serial }) => serial)],
        ] as const) {
            if (!reported.includes("unknown")) assert.deepEqual([...held].sort(), [...reported].sort());
        }
        const unknown = [
            outcome.loginProfile,
            outcome.accessKeys,
            outcome.signingCertificates,
            outcome.mfaDevices,
        ];
        if (unknown.flat().includes("unknown")) assert.notEqual(outcome.auditError, "");
    }
});

async function settled(update: Promise<{ outs: RootCredentialOutputs }>): Promise<RootCredentialOutputs> {
    try {
        return (await update).outs;
    } catch (error) {
        if (error instanceof PartialFailure) return error.properties;
        throw error;
    }
}
