import assert from "node:assert/strict";
import { expiredToken, htmlBody, type Fault } from "../simulator";
import { describeLifecycle, desired, partialFailure, SECRETS, stored } from "./harness";

const PAYMENTS = "111122223333";
const ROOT = { accessKeys: [{ id: "AKIAROOTKEY000000001" }], password: {} };

/** Answers of AssumeRoot that hold the session's credentials, each broken in its own way. */
const BROKEN: Record<string, (body: string) => string> = {
    "cut off in the secret key": (body) => body.slice(0, body.indexOf("</SecretAccessKey>") - 5),
    "cut off in the token": (body) => body.slice(0, body.indexOf("</SessionToken>") - 5),
    "cut off in a tag": (body) => body.slice(0, body.indexOf("</SessionToken>") + 4),
    "with a tag that is the token": (body) =>
        body.replace(/<SessionToken>(.*)<\/SessionToken>/, (_, token) => `<${token}>`),
    "with the token where a time should be": (body) =>
        body.replace(/<Expiration>.*<\/Expiration>/, `<Expiration>${tokenIn(body)}</Expiration>`),
    "in a page of HTML": (body) => `<html><body><p>Saved you this:<pre>${body}</body></html>`,
    "in JSON": (body) => JSON.stringify({ body }),
};

function tokenIn(body: string): string {
    return /<SessionToken>(.*)<\/SessionToken>/.exec(body)?.[1] ?? assert.fail("no token to misplace");
}

// The harness searches all results, errors and output of a run for secrets when its world is closed.
describeLifecycle("A response with a root session's credentials", (begin) => {
    for (const [how, garble] of Object.entries(BROKEN)) {
        it(`${how}, is not quoted, and counts as incomplete`, async () => {
            const world = await begin([{ id: PAYMENTS, name: "payments", root: ROOT }], { caller: "role" });
            const broken: Fault = {
                kind: "garbled",
                carriedOut: true,
                garble(body) {
                    const given = garble(body);
                    assert.match(given, SECRETS);
                    return given;
                },
            };
            world.organization.failAlways("AssumeRoot", broken);

            const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));
            const failure = await partialFailure(world.run.create(desired(PAYMENTS)));
            await assert.rejects(
                world.run.delete(PAYMENTS, stored(PAYMENTS)),
                /AWS's answer was incomplete\..*IncompleteAnswer: AWS answered without session credentials/,
            );

            assert.equal(props.auditError, "AWS's answer was incomplete (sts:AssumeRoot)");
            assert.equal(failure.properties.loginProfile, "unknown");
            assert.ok(world.rootOf(PAYMENTS).password);
        });
    }

    it("is not quoted if the session fails later", async () => {
        const world = await begin([{ id: PAYMENTS, name: "payments", root: ROOT }], { caller: "role" });
        for (const fault of [expiredToken(), htmlBody()]) {
            world.organization.clearFaults();
            world.organization.failAlways("GetAccountSummary", fault);
            world.organization.failAlways("ListAccessKeys", fault);

            const { props } = await world.run.read(PAYMENTS, stored(PAYMENTS));

            assert.notEqual(props.auditError, "");
        }
    });
});
