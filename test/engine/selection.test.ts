/** What a changed selection does to the accounts that leave it, on the real engine. */
import assert from "node:assert/strict";
import { below, idOf, organizationOfSixty } from "../organization-of-sixty";
import { Stack, type Run } from "./stack";

/** Half of the organization. */
const DROPPED = [...below("Workloads/Prod"), ...below("Infrastructure"), ...below("Security")].map(idOf);
const KEEPS_THE_OTHERS = "Workloads/Prod Infrastructure Security".split(" ");

describe("A selection that shrinks", function () {
    this.timeout(180_000);
    let stack: Stack;

    before(async () => {
        stack = await Stack.over(organizationOfSixty);
        const up = await stack.up("--skip-preview");
        assert.equal(up.exitCode, 0, up.output);
        assert.equal(DROPPED.length, 30);
    });
    after(() => stack?.close());

    async function configure(key: string, value: string): Promise<void> {
        const { exitCode, output } = await stack.pulumi(`config set --path ${key} ${value}`);
        assert.equal(exitCode, 0, output);
    }

    async function nothingHasChanged(resources = 60): Promise<void> {
        assert.deepEqual(opened(), []);
        assert.equal((await stack.resources()).size, resources);
    }

    function opened(): (string | undefined)[] {
        return stack.simulator.requests.of("CreateLoginProfile").map(({ target }) => target);
    }

    function named({ output }: Run): string[] {
        return [...output.matchAll(/^ +(\d{12}) \S+ \(.*\): exclude\[\d\] \(organizationalUnit /gm)].map(
            ([, id]) => id ?? "",
        );
    }

    it("by one account too many is stopped, in preview and in up, with their names and what to do", async () => {
        for (const [index, unit] of KEEPS_THE_OTHERS.entries())
            await configure(`exclude[${index}].organizationalUnit`, unit);

        const preview = await stack.preview();
        const up = await stack.up("--skip-preview");

        for (const run of [preview, up]) {
            assert.notEqual(run.exitCode, 0);
            assert.match(
                run.output,
                /30 accounts would leave the program, and pulumi up would allow password recovery in all of them, but maxRemovals is 6:/,
            );
            assert.match(run.output, /Nothing was changed\..*pulumi config set maxRemovals 30/);
            assert.deepEqual(named(run), [...DROPPED].sort());
        }
        await nothingHasChanged();
    });

    it("in the run that changes onDelete is stopped: they would still be opened", async () => {
        await configure("onDelete", "retain");

        const preview = await stack.preview();
        const up = await stack.up("--skip-preview");

        for (const run of [preview, up]) {
            assert.notEqual(run.exitCode, 0);
            assert.match(
                run.output,
                /30 accounts would leave the program in the run that changes onDelete to retain, .* delete them with the value of the last up \(allow-recovery\):/,
            );
            assert.match(
                run.output,
                /Do it in two steps: change onDelete and run up, then drop the accounts/,
            );
            assert.deepEqual(named(run), [...DROPPED].sort());
        }
        await nothingHasChanged();
        await stack.pulumi("config rm onDelete");
    });

    it("goes through with the setting that the message names; the preview lists who is opened again", async () => {
        await stack.pulumi("config rm exclude");
        for (const [index, number] of [58, 59].entries())
            await configure(`exclude[${index}].account`, idOf(number));
        await configure("exclude[2].organizationalUnit", "Workloads/Prod");
        await configure("maxRemovals", "23");

        const preview = await stack.preview();

        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(
            preview.output,
            /warning: 23 accounts would leave the program, and pulumi up would allow their password recovery again:\n +100000000012 prod-12 \(Workloads\/Prod\): exclude\[2\] \(organizationalUnit Workloads\/Prod\)\n/,
        );
        assert.match(preview.output, /37 of 37 accounts inspected: 37 clean; 23 leaving, 1 skipped/);
        assert.match(preview.output, /- 23 to delete/);
        await nothingHasChanged();

        const up = await stack.up("--skip-preview");

        assert.equal(up.exitCode, 0, up.output);
        assert.equal(opened().length, 23);
        assert.equal((await stack.resources()).size, 37);
    });

    it("is left as it is where the last up was told to retain; the preview lists who nobody looks at any more", async () => {
        stack.simulator.requests.clear();
        await configure("onDelete", "retain");
        const told = await stack.up("--skip-preview");
        assert.equal(told.exitCode, 0, told.output);
        await configure("exclude[3].organizationalUnit", "Sandbox");
        await configure("maxRemovals", "0");

        const preview = await stack.preview();
        const up = await stack.up("--skip-preview");

        assert.equal(preview.exitCode, 0, preview.output);
        assert.match(
            preview.output,
            /12 accounts would leave the program \(onDelete: retain\): no run inspects or changes them any more:\n +100000000046 sandbox-46 \(Sandbox\): exclude\[3\]/,
        );
        assert.equal(up.exitCode, 0, up.output);
        await nothingHasChanged(25);
    });
});
