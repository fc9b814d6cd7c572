import assert from "node:assert/strict";
import { emptyBody, htmlBody, missingResult, truncatedBody, type Fault } from "../../simulator";
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

/** HTTP 200, and not what it should be. */
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

/** On the module alone, so that waiting costs nothing: there is a case for each action and each answer. */
describe("HTTP 200 with an answer that is none", () => {
    let world: World;

    beforeEach(async () => {
        world = await World.begin(imported, { accounts: ACCOUNTS }, {});
        providerModule("pace").pace.pause = () => Promise.resolve();
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

    /** Whatever is called absent is absent on the server, and an account is called clean only if it is. */
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
