import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./machine.js";

const GIB = 1024 ** 3;
const MACHINE = { totalMemory: 16 * GIB, backend: "file:///state" };

type Settings = (
    environment: Record<string, string>,
    machine: { totalMemory: number; backend?: string; unlocks?: boolean },
) => Record<string, string>;

describe("The settings of npm run preview and npm run up", () => {
    let settings: Settings;
    before(async () => {
        const url = pathToFileURL(path.join(ROOT, "scripts/pulumi-settings.mjs")).href;
        ({ settings } = (await import(url)) as { settings: Settings });
    });

    it("suit many accounts", () => {
        assert.deepEqual(settings({}, MACHINE), {
            PULUMI_PARALLEL: "256",
            PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
            PULUMI_SKIP_CHECKPOINTS: "true",
            NODE_OPTIONS: "--max-old-space-size=5734",
        });
    });

    it("keep variables that are set", () => {
        const environment = {
            PULUMI_PARALLEL: "16",
            PULUMI_SKIP_CHECKPOINTS: "false",
            NODE_OPTIONS: "--max-old-space-size=2048 --enable-source-maps",
        };

        assert.deepEqual(settings(environment, MACHINE), {
            PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
        });
    });

    it("keep Node's other options", () => {
        const { NODE_OPTIONS } = settings({ NODE_OPTIONS: "--enable-source-maps" }, MACHINE);

        assert.equal(NODE_OPTIONS, "--enable-source-maps --max-old-space-size=5734");
    });

    for (const backend of ["https://api.pulumi.com", "http://pulumi.example.com", undefined]) {
        it(`keep checkpoints on the backend ${backend}`, () => {
            const machine = { totalMemory: GIB, ...(backend && { backend }) };

            assert.equal(settings({}, machine).PULUMI_SKIP_CHECKPOINTS, undefined);
        });
    }

    for (const backend of ["s3://bucket?region=eu-central-1", "gs://bucket", "azblob://container"]) {
        it(`skip checkpoints on ${backend}`, () => {
            assert.equal(settings({}, { ...MACHINE, backend }).PULUMI_SKIP_CHECKPOINTS, "true");
        });
    }

    it("keep checkpoints if policies are unlocked, unless the record of writes is kept", () => {
        const machine = { ...MACHINE, unlocks: true };
        const recording = { ROOT_CREDENTIALS_RECORD_FILE: "record.jsonl" };

        assert.equal(settings({}, machine).PULUMI_SKIP_CHECKPOINTS, undefined);
        assert.equal(settings(recording, machine).PULUMI_SKIP_CHECKPOINTS, "true");
    });
});
