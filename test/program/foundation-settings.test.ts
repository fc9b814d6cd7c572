import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settingsFrom } from "./harness";

const KEY = "aws-root-credentials:foundation";

describe("The setting foundation", () => {
    it("is off unless it is enabled, whatever else it contains", async () => {
        assert.equal("foundation" in (await settingsFrom({})), false);
        for (const off of [{ enabled: false }, { enabled: false, denyRootUser: ["r-abcd"] }])
            assert.equal("foundation" in (await settingsFrom({ [KEY]: JSON.stringify(off) })), false);
    });

    it("accepts accounts that the CLI stored as numbers", async () => {
        const given = {
            enabled: true,
            delegatedAdministrator: 222233334444,
            rootSessions: true,
            denyRootUser: ["r-abcd", "ou-abcd-12345678", 111122223333],
        };

        assert.deepEqual((await settingsFrom({ [KEY]: JSON.stringify(given) })).foundation, {
            delegatedAdministrator: "222233334444",
            rootSessions: true,
            denyRootUser: ["r-abcd", "ou-abcd-12345678", "111122223333"],
        });
    });

    for (const [what, given, expectation] of [
        ["no object", "on", /foundation is "on": expected an object with enabled/],
        ["a list", [], /foundation is \[\]: expected an object/],
        ["no key enabled", { rootSessions: true }, /foundation\.enabled is missing: expected true or false/],
        ["a word for on", { enabled: "yes" }, /foundation\.enabled is "yes": expected true or false/],
        [
            "a name for the delegate",
            { enabled: true, delegatedAdministrator: "security" },
            /foundation\.delegatedAdministrator is "security": expected an account id of 12 digits, in quotes/,
        ],
        [
            "a feature that it would switch off",
            { enabled: true, rootSessions: false },
            /foundation\.rootSessions is false: expected true; to leave the feature as it is, leave this out/,
        ],
        [
            "a target outside a list",
            { enabled: true, denyRootUser: "r-abcd" },
            /foundation\.denyRootUser is "r-abcd": expected a list of roots, units and accounts/,
        ],
        [
            "a unit's name",
            { enabled: true, denyRootUser: ["r-abcd", "Workloads"] },
            /foundation\.denyRootUser\[1\] is "Workloads": expected the id of a root/,
        ],
        [
            "a target twice",
            { enabled: true, denyRootUser: ["111122223333", "r-abcd", 111122223333] },
            /foundation\.denyRootUser\[2\] is 111122223333: expected one entry for each target, and denyRootUser\[0\] names the same/,
        ],
        [
            "an unknown key",
            { enabled: true, denyRootUsers: [] },
            /foundation\.denyRootUsers; expected one of enabled, delegatedAdministrator, rootSessions, denyRootUser.*did you mean denyRootUser/,
        ],
    ] as const) {
        it(`ends the program if it contains ${what}`, async () => {
            const value = typeof given === "string" ? given : JSON.stringify(given);
            await assert.rejects(settingsFrom({ [KEY]: value }), (error: unknown) => {
                assert.ok(pulumi.RunError.isInstance(error), String(error));
                assert.match(error.message, expectation);
                return true;
            });
        });
    }
});
