import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settingsFrom } from "./harness";

describe("The stack's settings", () => {
    it("have defaults: recovery is allowed, and the provider chooses the limit", async () => {
        assert.deepEqual(await settingsFrom({}), { onDelete: "allow-recovery" });
        assert.deepEqual(
            await settingsFrom({
                "aws-root-credentials:onDelete": "allow-recovery",
                "aws-root-credentials:maxRemovals": "automatic",
            }),
            { onDelete: "allow-recovery" },
        );
    });

    it("are taken as given", async () => {
        const config = {
            "aws-root-credentials:onDelete": "retain",
            "aws-root-credentials:maxRemovals": "0",
            "aws:region": "eu-west-1",
        };

        assert.deepEqual(await settingsFrom(config), { onDelete: "retain", maxRemovals: 0 });
    });

    it("end the program where one is unknown, naming it and those there are", async () => {
        await assert.rejects(
            settingsFrom({ "aws-root-credentials:onDelte": "retain" }),
            runError(/no setting aws-root-credentials:onDelte; expected one of onDelete, maxRemovals/),
        );
    });

    for (const [key, value, expectation] of [
        ["onDelete", "delete", /onDelete is "delete": expected allow-recovery or retain/],
        ["maxRemovals", "many", /maxRemovals is "many": expected a whole number from 0, or automatic/],
        ["maxRemovals", "-1", /maxRemovals is "-1": expected a whole number from 0/],
        ["maxRemovals", "1.5", /maxRemovals is "1.5": expected a whole number from 0/],
        ["maxRemovals", "", /maxRemovals is "": expected a whole number from 0/],
    ] as const) {
        it(`end the program where ${key} is "${value}", with what was expected`, async () => {
            await assert.rejects(
                settingsFrom({ [`aws-root-credentials:${key}`]: value }),
                runError(expectation),
            );
        });
    }

    it("are complained about all at once, a sentence each", async () => {
        const config = {
            "aws-root-credentials:onDelete": "no",
            "aws-root-credentials:maxRemovals": "no",
            "aws-root-credentials:color": "red",
        };

        await assert.rejects(settingsFrom(config), (error: Error) => error.message.split("\n").length === 3);
    });
});

/** An error that Pulumi prints as its sentence, without a stack. */
function runError(message: RegExp): (error: unknown) => boolean {
    return (error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(error.message, message);
        return true;
    };
}
