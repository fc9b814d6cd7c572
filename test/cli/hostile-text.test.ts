import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { accessDenied, startSimulator, type Simulator } from "../simulator";
import { assertFit, HOSTILE } from "../hostile-text";
import { rootCredentials } from "./command";

const SAMPLES = Object.entries(HOSTILE).map(([what, text], index) => ({
    id: String(111122223333 + index),
    what,
    text,
}));

/** `@` and `#` call nobody, and addresses are no links: Markdown has a zero-width space there. Tables have CRLF. */
const OWN = {
    text: /$^/g,
    markdown: /(?<=[@#:.])\u200b/g,
    csv: /\r/g,
    html: /\t/g,
    json: /$^/g,
    sarif: /$^/g,
};

describe("Hostile text in an audit", function () {
    this.timeout(120_000);
    let simulator: Simulator;

    before(async () => {
        simulator = await startSimulator({
            seed: {
                accounts: SAMPLES.map(({ id, text }) => ({
                    id,
                    name: text,
                    unit: text,
                    root: {
                        password: {},
                        accessKeys: [
                            { lastUsed: "2026-01-01T00:00:00Z", lastUsedService: text, lastUsedRegion: text },
                        ],
                        mfaDevices: [
                            { serial: `arn:aws:iam::${id}:mfa/${text.replace(/[^\w+=,.@:/-]/g, "")}` },
                        ],
                    },
                })),
            },
        });
        for (const { id, text } of SAMPLES)
            simulator.organization.failAlways("ListSigningCertificates", accessDenied(text), {
                accountId: id,
            });
    });
    after(() => simulator?.close());

    for (const [format, own] of Object.entries(OWN))
        it(`is only text in the format ${format}`, async () => {
            const { exitCode, stdout, stderr } = await rootCredentials(
                ["audit", "--full", "--format", format],
                {
                    environment: simulator.environment(),
                },
            );

            assert.equal(exitCode, 1, stderr);
            assertFit(stderr, "standard error");
            assertFit(stdout, format, own);
            for (const { id } of SAMPLES) assert.ok(stdout.includes(id), id);
            if (format === "html") assert.doesNotMatch(stdout, /<img src=x/);
            if (format === "markdown")
                assert.doesNotMatch(
                    stdout.replace(/^```text$[^]*?^```$/gm, "").replace(/`[^`\n]+`/g, ""),
                    /\[x\]\(|@everyone/,
                );
            if (format !== "csv") return;
            const rows: string[][] = parse(stdout);
            const cells = rows.flat();
            assert.deepEqual(
                cells.filter((cell) => /^\s*[=+@-]/.test(cell)),
                [],
            );
        });

    it("is escaped in the error of a listing of units", async () => {
        const all = SAMPLES.map(({ text }) => text).join("");
        simulator.organization.failAlways("ListRoots", accessDenied(all));

        const { stderr } = await rootCredentials(["audit"], { environment: simulator.environment() });

        assert.match(stderr, /accounts are shown without their organizational units/);
        assertFit(stderr, "standard error");
    });
});
