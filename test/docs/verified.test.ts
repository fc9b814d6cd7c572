/**
 * docs/verified.md: every row has its evidence and its consequences. The page's first audit runs unchanged, with the role of
 * the page, over a simulated organization.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DENY_ROOT, startSimulator, type OrganizationSeed, type Simulator } from "../simulator";
import { bareEnvironment, layOutProject, PROJECT_ROOT, projectEnvironment } from "../temporary-project";
import { policyFile } from "./policies/policy-file";
import { blocks, inShell, WITHOUT_NPX } from "./shell";
import { rowsUnder, tablesOf } from "./tables";

const DOCS = join(PROJECT_ROOT, "docs");
const PAGE = readFileSync(join(DOCS, "verified.md"), "utf8");

interface Behaviour {
    behaviour: string;
    standsOnIt: string;
    known: string;
    otherwise: string;
}

const BEHAVIOURS: Behaviour[] = tablesOf(PAGE)
    .filter(({ header }) => header[0] === "Behaviour")
    .flatMap(({ rows }) => rows)
    .map(([behaviour = "", standsOnIt = "", known = "", otherwise = ""]) => ({
        behaviour,
        standsOnIt,
        known,
        otherwise,
    }));

const REFERENCES = new Map(
    [...PAGE.matchAll(/^\[(\w+)\]: (\S+)$/gm)].map(([, name = "", target = ""]) => [name, target]),
);

describe("docs/verified.md", () => {
    it("has evidence for every behaviour, with a source unless it is assumed", () => {
        assert.ok(BEHAVIOURS.length > 50);
        for (const { behaviour, known } of BEHAVIOURS) {
            const source = {
                seen: /\]\[(\w+)\]/,
                documented: /\]\(https:\/\/docs\.aws\.amazon\.com\/|`@aws-sdk\/client-/,
                assumed: /^/,
            }[/^\w+/.exec(known)?.[0] ?? ""];
            assert.ok(source, `${behaviour}: ${known}`);
            assert.match(known, source, behaviour);
        }
    });

    it("names a public source for each observation", () => {
        const named = BEHAVIOURS.flatMap(({ known }) =>
            [...known.matchAll(/\]\[(\w+)\]/g)].map(([, name = ""]) => name),
        );
        assert.deepEqual([...new Set(named)].sort(), [...REFERENCES.keys()].sort());
        for (const [name, target] of REFERENCES) {
            if (target.startsWith("#")) assert.ok(PAGE.includes(`\n## The ${name}\n`), name);
            else assert.match(target, /^https:\/\/github\.com\//);
        }
    });

    it("states for every behaviour the effect if it differs, and the guard against a silent effect", () => {
        for (const { behaviour, otherwise } of BEHAVIOURS) {
            assert.match(otherwise, /^(unknown|refused|costs|silent)\b/, behaviour);
            if (/\bsilent\b/.test(otherwise)) assert.match(otherwise, /Guard: /, behaviour);
        }
    });

    it("has only commands that a test runs", () => {
        assert.equal(blocks(PAGE, "sh").length, 3);
    });

    it("explains exactly the exit codes of the command", () => {
        const rows = rowsUnder(PAGE, "Exit code");
        assert.deepEqual(rows.map(([code = ""]) => Number(code.replaceAll("`", ""))).sort(), [0, 1, 2, 7]);
    });

    it("names existing files for each behaviour", () => {
        for (const { behaviour, standsOnIt } of BEHAVIOURS) {
            const files = [...standsOnIt.matchAll(/\]\(([^)#]+)/g)].map(([, file = ""]) => file);
            assert.ok(files.length > 0, behaviour);
            for (const file of files) assert.ok(existsSync(join(DOCS, file)), file);
            assert.equal(standsOnIt.replaceAll(/\[[^\]]+\]\([^)]+\)|[,\s]/g, ""), "", behaviour);
        }
    });
});

const SECURITY = "444455556666";
const ONE = "111122223333";
const ROLE = `arn:aws:iam::${SECURITY}:role/RootCredentialsDrift`;

const CLEAN: OrganizationSeed = {
    delegatedAdministrators: [SECURITY],
    accounts: [
        { id: ONE, name: "payments", unit: "Workloads/Prod" },
        { id: SECURITY, name: "security" },
        { id: "999900001111", name: "closed-shop", state: "SUSPENDED", root: { password: {} } },
    ],
};
const DIRTY: OrganizationSeed = {
    ...CLEAN,
    accounts: [
        ...CLEAN.accounts,
        {
            id: "222233334444",
            name: "shop",
            unit: "Workloads/Prod",
            root: {
                password: {},
                accessKeys: [{}, { status: "Inactive" }],
                signingCertificates: [{}],
                mfaDevices: [{ kind: "hardware" }],
            },
        },
    ],
};
const BLOCKED: OrganizationSeed = {
    ...DIRTY,
    accounts: [...DIRTY.accounts, { id: "333344445555", name: "vault", scps: [DENY_ROOT] }],
};

interface ReportFile {
    accounts: { id: string; mark: string; credentials?: { id: string }[] }[];
}

describe("the first look of docs/verified.md", function () {
    this.timeout(120_000);
    const [one = "", all = "", full = ""] = blocks(PAGE, "sh");
    let simulator: Simulator;
    let folder: string;
    let project: string;

    /** The delegated administrator has the page's role. AWS may or may not open sessions in the role's own account. */
    async function organization(seed: OrganizationSeed, { intoItself = true } = {}): Promise<void> {
        simulator = await startSimulator({ seed });
        simulator.organization.attachIdentityPolicy(ROLE, policyFile("drift"));
        simulator.organization.delegateMayAssumeItself = intoItself;
    }

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "root-credentials-"));
        project = layOutProject(folder);
    });
    afterEach(async () => {
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
    });

    /** Runs a block of the page with the profile of the page. */
    function run(commands: string): Promise<string> {
        const [profile = ""] = blocks(PAGE, "ini");
        const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, ...endpoint } =
            simulator.environment(SECURITY);
        assert.ok(AWS_REGION); // the profile sets its own region
        const config = join(folder, "aws-config");
        const credentials = join(folder, "aws-credentials");
        writeFileSync(config, `${profile}\n`);
        writeFileSync(
            credentials,
            `[you]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
        );
        const environment = {
            ...bareEnvironment(),
            ...projectEnvironment(folder),
            ...endpoint,
            AWS_CONFIG_FILE: config,
            AWS_SHARED_CREDENTIALS_FILE: credentials,
        };
        return inShell({ project, environment }, WITHOUT_NPX + commands);
    }

    const report = (file: string) => JSON.parse(readFileSync(join(project, file), "utf8")) as ReportFile;
    const marks = (file: string) =>
        Object.fromEntries(report(file).accounts.map(({ id, mark }) => [id, mark]));
    const exitCode = (printed: string) => Number(/^exit code (\d+)$/m.exec(printed)?.[1] ?? 0);

    it("inspects only the named account", async () => {
        await organization(DIRTY);

        assert.equal(exitCode(await run(one)), 0);

        const targets = simulator.requests.of("AssumeRoot").map(({ target }) => target);
        assert.deepEqual([...new Set(targets)], [ONE]);
    });

    it("exits with 0 if nothing is found, and reports every account once", async () => {
        await organization(CLEAN);

        assert.equal(exitCode(await run(all)), 0);

        assert.deepEqual(marks("audit.json"), {
            [ONE]: "clean",
            [SECURITY]: "clean",
            "999900001111": "skipped",
            [simulator.organization.managementAccountId]: "skipped",
        });
        assert.match(readFileSync(join(project, "audit.md"), "utf8"), /payments/);
    });

    it("exits with 7 if root credentials are found, and finds the same with a full audit", async () => {
        await organization(DIRTY);

        assert.equal(exitCode(await run(all)), 7);
        const printed = await run(full);

        assert.equal(exitCode(printed), 7);
        assert.match(printed, /^true$/m);
        assert.equal(marks("audit.json")["222233334444"], "drifted");
        const held = report("audit.json").accounts.find(({ id }) => id === "222233334444")?.credentials ?? [];
        assert.equal(held.length, 5);
    });

    it("reports a difference between the two audits", async () => {
        await organization(CLEAN);
        await run(all);
        simulator.organization.setRootPassword(ONE);

        assert.match(await run(full), /^false$/m);
    });

    it("exits with 1 if an account is unreadable, whatever else is found", async () => {
        await organization(BLOCKED);

        assert.equal(exitCode(await run(all)), 1);

        assert.equal(marks("audit.json")["333344445555"], "unreadable");
        assert.equal(marks("audit.json")["222233334444"], "drifted");
    });

    it("names the delegated administrator's own account if AWS opens no session in it", async () => {
        await organization(CLEAN, { intoItself: false });

        assert.equal(exitCode(await run(all)), 1);

        assert.equal(marks("audit.json")[SECURITY], "unreadable");
        assert.match(readFileSync(join(project, "audit.md"), "utf8"), /the account is the caller's own/);
    });

    it("exits with 2 for a wrong command line, before any call to AWS", async () => {
        await organization(CLEAN);

        const printed = await run('npx root-credentials audit --no-such-option || echo "exit code $?"');

        assert.equal(exitCode(printed), 2);
        assert.equal(simulator.requests.total, 0);
    });

    it("causes exactly the events that the page lists, and changes nothing", async () => {
        await organization(BLOCKED, { intoItself: false });
        const { organization: aws, requests } = simulator;
        const before = aws.rootCredentialsLeft();
        await run(all);
        await run(full);
        // If AWS does not return the accounts' units, units are listed. If keys name other accounts, sessions are opened.
        aws.omittedAccountFields.add("Paths");
        aws.principals.ids.namedAccount = () => "000000000000";
        await run(all);

        const seen = new Set(
            requests.entries.map(({ action, callerAccountId }) => `${action} ${sideOf(callerAccountId)}`),
        );
        const listed = rowsUnder(PAGE, "Event").flatMap(([event = "", where = ""]) =>
            [
                /calling account|source profile/.test(where) && "caller",
                /member account/.test(where) && "member",
            ]
                .filter((side) => side !== false)
                .map((side) => `${event.replaceAll("`", "")} ${side}`),
        );
        assert.deepEqual([...seen].sort(), listed.sort());
        assert.deepEqual(aws.rootCredentialsLeft(), before);
        for (const { taskPolicyArn } of requests.of("AssumeRoot"))
            assert.match(taskPolicyArn ?? "", /\/IAMAuditRootUserCredentials$/);
    });

    function sideOf(accountId: string | undefined): "caller" | "member" {
        return accountId === SECURITY ? "caller" : "member";
    }
});
