/** Answers that say "nothing is there" and are not whole, in a clean stack whose accounts have got a key since. */
import assert from "node:assert/strict";
import { emptyFlags, emptyPage } from "../simulator";
import { Stack, totalsOf } from "./stack";

const ACCOUNTS = ["111122223333", "222233334444"];

describe("an account that got an access key since the last up", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over({ accounts: ACCOUNTS.map((id) => ({ id, name: `account ${id}` })) });
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        for (const id of ACCOUNTS) stack.organization.createRootAccessKey(id);
    });
    afterEach(() => stack.organization.clearFaults());
    after(() => stack?.close());

    it("is dirty in a preview although the flags of its summary are empty", async () => {
        stack.organization.failAlways("GetAccountSummary", emptyFlags());

        const preview = await stack.preview("--expect-no-changes");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), { clean: 0, drifted: 2, unreadable: 0 });
    });

    it("is unknown in a preview and an up of full audits whose lists say that they are not whole", async () => {
        await stack.pulumi("config set audit full");
        for (const call of ["ListAccessKeys", "ListSigningCertificates", "ListMFADevices"] as const)
            stack.organization.failAlways(call, emptyPage({ isTruncated: "true" }));

        const preview = await stack.preview("--expect-no-changes");
        const up = await stack.up("--skip-preview --continue-on-error");

        assert.equal(preview.exitCode, 7, preview.output);
        assert.partialDeepStrictEqual(totalsOf(preview), { clean: 0, drifted: 0, unreadable: 2 });
        assert.notEqual(up.exitCode, 0, up.output);
        assert.match(
            up.output,
            /AWS's answer is not plausible: the list AccessKeyMetadata does not say that it is complete/,
        );
        assert.equal(stack.left().length, 2);
    });
});
