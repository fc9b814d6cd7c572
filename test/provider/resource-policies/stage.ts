/** Calls the providers of policies like the engine does, in a simulated organization. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyInputs, PolicyOutputs } from "../../../provider/resource-policies/declaration";
import type { GivenConfiguration } from "../../../provider/resource-policies/validate";
import type { MemberAccount, OrganizationSeed, Simulator } from "../../simulator";
import { freshProviderModule, providerModule } from "../harness/package";
import { inOrganization } from "../harness/surroundings";

export const PAYMENTS = "111122223333";
export const OTHER = "444455556666";
export const BUCKET = "payments-logs";
export const REGION = "eu-west-1";
export const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/${PAYMENTS}/orders`;

export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${PAYMENTS}:orders`;

/** Example statements for a policy of a bucket or queue. */
export function statements(kind: KindName) {
    const [service, Resource] = kind === "bucket" ? ["s3", BUCKET_ARN] : ["sqs", QUEUE_ARN];
    const everything = { Effect: "Deny", Principal: "*", Action: `${service}:*`, Resource };
    const unless = { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } };
    return {
        lock: { Sid: "Lock", ...everything },
        harmless: {
            Sid: "TlsOnly",
            ...everything,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        undecided: { Sid: "ThroughTheEndpoint", ...everything, Condition: unless },
        allow: {
            ...everything,
            Sid: "Others",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
        },
    };
}

/** Indented by three spaces, so that a rewritten policy differs from the original bytes. */
export function policyOf(...statements: object[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 3);
}

export type KindName = "bucket" | "queue";

export interface Stage {
    simulator: Simulator;
    organization: Simulator["organization"];
    account: MemberAccount;
    /** The policy in the simulator. */
    now(): string | undefined;
    lock(policy: string | undefined): void;
    /** Declares, saves and unlocks, as a first `up` does. */
    up(given?: Partial<GivenConfiguration>): Promise<PolicyOutputs>;
    /** Refreshes and updates, as a later `up` does, in a run of its own. */
    upAgain(stored: PolicyOutputs, given?: Partial<GivenConfiguration>): Promise<PolicyOutputs>;
    read(stored: PolicyOutputs): Promise<{ id?: string; props: PolicyOutputs; inputs?: PolicyInputs }>;
    delete(stored: PolicyOutputs): Promise<void>;
    /** Returns the failures of `check`. `stored` holds the outputs of a resource that is in the stack already. */
    check(given: Partial<GivenConfiguration>, stored?: PolicyOutputs): Promise<string[]>;
    /** Refreshes a backup that holds these texts. */
    readBackup(texts: string[]): Promise<void>;
    /** The log so far. */
    printed(): string;
    /** The record of writes so far. */
    record(): string;
    /** Starts a new run. */
    nextRun(): void;
}

/** Runs a test with an account that has one bucket or queue with this policy. */
export function onStage(
    kind: KindName,
    policy: string | undefined,
    work: (stage: Stage) => Promise<void>,
    seed: Partial<OrganizationSeed> = {},
): Promise<void> {
    const held = policy === undefined ? {} : { policy };
    const account = {
        id: PAYMENTS,
        name: "payments",
        buckets: kind === "bucket" ? [{ name: BUCKET, region: REGION, ...held }] : [],
        queues: kind === "queue" ? [{ name: "orders", region: REGION, ...held }] : [],
    };
    const accounts = [account, { id: OTHER, name: "other", buckets: [{ name: "others-logs" }] }];
    return inOrganization({ seed: { accounts, ...seed } }, async (simulator) => {
        const { organization } = simulator;
        const folder = mkdtempSync(join(tmpdir(), "policies-"));
        const record = (process.env.ROOT_CREDENTIALS_RECORD_FILE = join(folder, "record.jsonl"));
        const lines: string[] = [];
        const { log } = console;
        console.log = (line: string) => (lines.push(line), log(line));
        let provider = load(kind);
        const declared = (given: Partial<GivenConfiguration>): GivenConfiguration => ({
            accountId: PAYMENTS,
            onDelete: "retain",
            ...(kind === "bucket" ? { bucket: BUCKET } : { queueUrl: QUEUE_URL }),
            ...given,
        });
        const checked = async (olds: Partial<PolicyInputs>, given: Partial<GivenConfiguration>) => {
            const { inputs, failures = [] } = await provider.main.check(olds, declared(given));
            assert.deepEqual(failures, []);
            assert.ok(inputs);
            return inputs;
        };
        await work({
            simulator,
            organization,
            account: organization.account(PAYMENTS),
            now: () =>
                kind === "bucket"
                    ? organization.buckets.policyOf(BUCKET)
                    : organization.queues.policyOf(PAYMENTS, REGION, "orders"),
            lock(text) {
                if (kind === "bucket") organization.buckets.setPolicy(BUCKET, text);
                else organization.queues.setPolicy(PAYMENTS, REGION, "orders", text);
            },
            async up(given = {}) {
                const saved = await provider.backup.create(
                    (await provider.backup.check({}, declared(given))).inputs as never,
                );
                const before = (saved.outs as { savedPolicy: string }).savedPolicy;
                const { outs } = await provider.main.create(await checked({}, { ...given, before }));
                assert.ok(outs);
                return asStored(outs);
            },
            async upAgain(stored, given = {}) {
                provider = load(kind);
                const { id = "", props } = await provider.main.read(idOf(kind), stored);
                assert.ok(props);
                const { before } = stored;
                const inputs = await checked(props, { ...given, ...(before !== undefined && { before }) });
                const { changes } = await provider.main.diff(id, props, inputs);
                if (changes === false) return asStored(props);
                const { outs } = await provider.main.update(id, asStored(props), inputs);
                assert.ok(outs);
                return asStored(outs);
            },
            read: (stored) => provider.main.read(idOf(kind), stored) as ReturnType<Stage["read"]>,
            delete: (stored) => provider.main.delete(idOf(kind), stored),
            async check(given, stored) {
                const { failures = [] } = await provider.main.check(stored ?? {}, declared(given));
                return failures.map(({ property, reason }) => `${property}: ${reason}`);
            },
            async readBackup(earlier) {
                const props = { ...declared({}), policy: "", savedPolicy: "", savedAt: "", earlier };
                await provider.backup.read(idOf(kind), { ...props, organizationId: "o-simulated1" });
            },
            printed: () => lines.join("\n"),
            record: () => readFileSync(record, "utf8"),
            nextRun: () => void (provider = load(kind)),
        }).finally(() => rmSync(folder, { recursive: true }));
    });
}

function load(kind: KindName) {
    const main =
        kind === "bucket"
            ? freshProviderModule("lifecycle/bucket-policy")
            : freshProviderModule("lifecycle/queue-policy");
    const { timeouts } = providerModule("process/timeouts");
    Object.assign(timeouts, { pause: () => Promise.resolve() });
    return { main, backup: providerModule("lifecycle/policy-backup") };
}

export function idOf(kind: KindName): string {
    return kind === "bucket" ? `${PAYMENTS}/${BUCKET}` : `${PAYMENTS}/${REGION}/orders`;
}

/** A state holds JSON, so undefined properties are lost. */
function asStored<T>(outputs: T): T {
    return JSON.parse(JSON.stringify(outputs)) as T;
}
