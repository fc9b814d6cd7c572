import assert from "node:assert/strict";
import { wrongAccount } from "../../simulator";
import { desired, describeLifecycle, partialFailure, stored } from "../harness";

const PAYMENTS = "111122223333";
const LOGS = "444455556666";
const ROOT = { password: {}, accessKeys: [{}], signingCertificates: [{}], mfaDevices: [{}] };

describeLifecycle("A session of another account than the requested one", (begin) => {
    it("is detected before the inspection, and all kinds are unknown", async () => {
        const { run, organization, requests } = await begin([
            { id: PAYMENTS, name: "payments", root: ROOT },
            { id: LOGS, name: "logs" },
        ]);
        organization.failAlways("AssumeRoot", wrongAccount(LOGS), { accountId: PAYMENTS });

        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

        assert.match(props.auditError, /^AWS handed out a session of account 444455556666/);
        assert.equal(props.loginProfile, "unknown");
        assert.deepEqual(props.accessKeys, ["unknown"]);
        assert.deepEqual(
            requests.entries.filter(({ service }) => service === "iam").map(({ action }) => action),
            ["ListOrganizationsFeatures"],
        );
    });

    it("is detected before the first write even if its key names the right account", async () => {
        const { run, organization, requests, rootOf } = await beginTwo();
        organization.principals.ids.namedAccount = () => PAYMENTS;
        organization.failAlways("AssumeRoot", wrongAccount(LOGS), { accountId: PAYMENTS });
        const before = structuredClone([rootOf(PAYMENTS), rootOf(LOGS)]);

        const { properties, reasons } = await partialFailure(run.create(desired(PAYMENTS)));
        await assert.rejects(run.delete(PAYMENTS, stored(PAYMENTS)), /session of account 444455556666/);

        assert.match(reasons.join(), /session of account 444455556666.*Nothing was written/);
        assert.equal(properties.loginProfile, "unknown");
        assert.deepEqual([rootOf(PAYMENTS), rootOf(LOGS)], before);
        assert.deepEqual(
            requests.actions().filter((action) => /^(Create|Delete|Deactivate)/.test(action)),
            [],
        );
    });

    it("costs no more than one call to rule out if keys do not name their account", async () => {
        const { run, organization, requests } = await beginTwo();
        organization.principals.ids.namedAccount = () => "000000000000";
        await run.read(LOGS, stored(LOGS));
        requests.clear();

        const { props } = await run.read(PAYMENTS, stored(PAYMENTS));

        assert.equal(props.auditError, "");
        assert.equal(props.loginProfile, "present");
        assert.deepEqual(requests.actions().slice(0, 3), [
            "AssumeRoot",
            "GetCallerIdentity",
            "GetAccountSummary",
        ]);
        assert.equal(requests.of("GetCallerIdentity").length, 1);
    });

    async function beginTwo() {
        const world = await begin([
            { id: PAYMENTS, name: "payments", root: ROOT },
            { id: LOGS, name: "logs", root: ROOT },
        ]);
        const { run, organization, requests } = world;
        return { run, organization, requests, rootOf: (id: string) => world.rootOf(id) };
    }
});
