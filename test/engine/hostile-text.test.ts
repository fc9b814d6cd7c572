/** Text that member accounts choose, on the real engine: whatever it holds, what is printed is text on a line of ours. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessDenied } from "../simulator";
import { assertFit, HOSTILE } from "../hostile-text";
import { Stack, totalsOf } from "./stack";

const SAMPLES = Object.entries(HOSTILE).map(([what, text], index) => ({
    id: String(111122223333 + index),
    bucket: `bucket-${index}`,
    what,
    text,
}));

/** The first one locks, the others are undecided, and each quotes the sample in other words. */
function policyOf({ bucket, id, text }: (typeof SAMPLES)[number]): string {
    const common = {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    };
    const statements = [
        { ...common, Sid: text },
        { ...common, Condition: { StringNotEquals: { "aws:SourceVpce": text } } },
        { ...common, Condition: { StringNotLike: { "aws:SourceVpc": [text, "vpc-1"] } } },
        {
            ...common,
            Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${id}:role/${text}` } },
        },
    ];
    return JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);
}

/** Several errors of one resource; and a failed resource as Pulumi's SDK prints it, in colour. */
const ERRORS_OF_THE_ENGINE =
    // eslint-disable-next-line no-control-regex
    /^ *\t(?=\* )|\x1b\[36m<ref \*1>[^\n]* failed to register\] \{\n *promise: [^\n]*/gm;

describe("Hostile text on the engine", function () {
    this.timeout(600_000);
    let stack: Stack;
    let environment: NodeJS.ProcessEnv;

    before(async () => {
        stack = await Stack.over({
            accounts: SAMPLES.map((sample) => ({
                id: sample.id,
                name: sample.text,
                unit: sample.text,
                root: { password: { lastUsed: new Date().toISOString() }, accessKeys: [{}] },
                buckets: [{ name: sample.bucket, policy: policyOf(sample) }],
            })),
        });
        environment = {
            PULUMI_CONTINUE_ON_ERROR: "true",
            ROOT_CREDENTIALS_RECORD_FILE: join(stack.project, "record.jsonl"),
        };
        const unlock = SAMPLES.map(({ id, bucket, text }, index) => ({
            account: id,
            bucket,
            reason: text,
            onDelete: "restore-policy",
            // Every other policy loses what locks by itself, and stays undecided otherwise.
            ...(index % 2 === 0 && { mode: "delete" }),
        }));
        for (const [index, each] of unlock.entries())
            for (const [key, value] of Object.entries(each)) await set(`unlock[${index}].${key}`, value);
        await set("exceptions[0].account", SAMPLES[0]?.id ?? "");
        await set("exceptions[0].until", new Date(Date.now() + 86_400_000).toISOString());
        await set("exceptions[0].reason", Object.values(HOSTILE).slice(0, 7).join(""));
    });
    after(() => stack?.close());

    const set = async (path: string, value: string) => {
        const { exitCode, output } = await stack.run(["config", "set", "--path", path, "--", value]);
        assert.equal(exitCode, 0, output);
    };
    const fail = () => {
        for (const { id, text } of SAMPLES.slice(1, 4))
            stack.organization.failAlways("ListMFADevices", accessDenied(text), { accountId: id });
        for (const { id, text } of SAMPLES.slice(4))
            stack.organization.failAlways("DeleteAccessKey", accessDenied(text), { accountId: id });
    };
    it("is text in previews, in updates that fail, and in a destroy that puts policies back", async () => {
        fail();
        for (const command of [
            "preview --diff",
            "preview",
            "up --yes --skip-preview --diff",
            "preview --diff",
            "up --yes --skip-preview",
            "destroy --yes --skip-preview --continue-on-error",
        ]) {
            const run = await stack.pulumi(command, environment);
            const { output } = run;
            assertFit(output, command, ERRORS_OF_THE_ENGINE);
            assert.ok((JSON.stringify(run.report) ?? output).includes("bucket-0"), output);
            if (!command.startsWith("preview")) continue;
            assert.equal(totalsOf(run).accounts, SAMPLES.length, output);
        }
        const file = readFileSync(join(stack.project, "record.jsonl"), "utf8");
        const kept = file
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line) as { before?: string });
        const before = new Set(kept.flatMap((each) => each.before ?? []));
        for (const sample of SAMPLES.filter((_, index) => index % 2 === 0)) {
            assert.ok(
                before.has(policyOf(sample)),
                `${sample.what}: the record holds the old policy as it was`,
            );
            assert.equal(stack.organization.buckets.policyOf(sample.bucket), policyOf(sample), sample.what);
        }
    });
});
