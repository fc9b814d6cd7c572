/**
 * Runs a job of docs/gitops/gitlab/.gitlab-ci.yml as GitLab's runner does. gitlab-ci-local resolves `extends`
 * and decides which jobs an event starts. It also validates the file with GitLab's JSON schema. A small server replaces the API.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { BIN } from "../../temporary-project";
import { FOLDER } from "./files";
import { VARIABLES, type Environment, type Platform } from "./platform";

const FILE = join(FOLDER, "gitlab", ".gitlab-ci.yml");
const PROJECT = "7";
/** The job's address in notes and issues. */
export const JOB = "https://gitlab.com/my-group/root-credentials/-/jobs/4711";
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export interface GitlabJob {
    image: { name: string };
    timeout: string;
    variables: Record<string, string>;
    before_script: string[];
    script: string[];
    after_script?: string[];
    id_tokens: Record<string, { aud: string }>;
    resource_group?: string;
    environment?: { name: string };
    parallel?: { matrix: { STACK: string[] }[] };
    needs?: { job: string }[];
    artifacts?: { paths: string[]; access: string; when?: string };
}

const EVENTS = {
    "a merge request": {
        CI_PIPELINE_SOURCE: "merge_request_event",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: PROJECT,
    },
    "a fork's merge request": {
        CI_PIPELINE_SOURCE: "merge_request_event",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "8",
    },
    "a merge": { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main" },
    "a schedule": { CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main" },
    "a branch": { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "topic" },
} as const;

export type EventName = keyof typeof EVENTS;

const pipelines = new Map<string, Record<string, GitlabJob>>();

/** The jobs of the file with their inherited keys, by name. Throws if the file breaks GitLab's schema. */
export function pipeline(file: string): Record<string, GitlabJob> {
    const known = pipelines.get(file);
    if (known) return known;
    const expanded = parse(gitlabCiLocal(file, "--preview")) as Record<string, GitlabJob>;
    const jobs = Object.fromEntries(Object.entries(expanded).filter(([, job]) => Array.isArray(job.script)));
    pipelines.set(file, jobs);
    return jobs;
}

/** The jobs that an event starts, each with its `when`. */
export function started(event: EventName): Record<string, string> {
    const variables = {
        CI_COMMIT_BRANCH: "",
        CI_DEFAULT_BRANCH: "main",
        CI_PROJECT_ID: PROJECT,
        ...EVENTS[event],
    };
    const args = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
    const ignored = ["--ignore-predefined-vars", Object.keys(variables).join(",")];
    const printed = gitlabCiLocal(readFileSync(FILE, "utf8"), "--list-json", ...args, ...ignored);
    const jobs = JSON.parse(printed.slice(printed.indexOf("[\n"))) as { name: string; when: string }[];
    return Object.fromEntries(
        jobs.filter(({ when }) => when !== "never").map(({ name, when }) => [name, when]),
    );
}

function gitlabCiLocal(source: string, ...args: string[]): string {
    const folder = mkdtempSync(join(tmpdir(), "gitlab-ci-"));
    try {
        writeFileSync(join(folder, ".gitlab-ci.yml"), source);
        const options = { cwd: folder, encoding: "utf8", timeout: 60_000, stdio: "pipe" } as const;
        return execFileSync(join(BIN, "gitlab-ci-local"), args, options);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

interface Text {
    id: number;
    iid: number;
    author: { id: number };
    body?: string;
    description?: string;
    title?: string;
    state: string;
    confidential?: boolean;
}

export class Gitlab {
    readonly notes: Text[] = [];
    readonly issues: Text[] = [];
    readonly writes: string[] = [];
    /** The scripts that have run to their end. */
    readonly played = new Set<string>();
    private readonly kept = new Map<string, string>();

    private constructor(
        private readonly platform: Platform,
        private readonly jobs: Record<string, GitlabJob>,
        private readonly server: Server,
    ) {
        server.on("request", (request, response) => {
            void answerTo(request, this).then(({ status, body }) => {
                // Pages of one entry, so that a script has to read further pages.
                const page = Number(new URL(request.url ?? "", "http://gitlab").searchParams.get("page"));
                const paged = Array.isArray(body) ? body.slice(page - 1, page) : body;
                const next = Array.isArray(body) && body.length > page ? String(page + 1) : "";
                response.writeHead(status, { "content-type": "application/json", "x-next-page": next });
                response.end(JSON.stringify(paged));
            });
        });
    }

    static async begin(platform: Platform): Promise<Gitlab> {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new Gitlab(platform, pipeline(readFileSync(FILE, "utf8")), server);
    }

    /** Adds a file to a job's artifacts, as the job would. */
    rewrite(job: string, file: string, content: string): void {
        writeFileSync(join(this.kept.get(job) ?? assert.fail(job), file), content);
    }

    async play(
        name: string,
        stack: string,
        event: EventName,
        { passphrase }: { passphrase?: string } = {},
    ): Promise<{ failed: boolean; output: string }> {
        const { project, environment } = this.platform.stack;
        const job = this.jobs[name] ?? assert.fail(name);
        this.emptyWorkspace();
        for (const { job: needed } of job.needs ?? [])
            cpSync(this.kept.get(needed) ?? assert.fail(needed), project, { recursive: true });
        const given: Environment = {
            ...VARIABLES,
            PULUMI_BACKEND_URL: environment["PULUMI_BACKEND_URL"] ?? "",
            PULUMI_CONFIG_PASSPHRASE: passphrase ?? environment["PULUMI_CONFIG_PASSPHRASE"] ?? "",
            NOTE_TOKEN: TOKENS.note.secret,
            // A protected variable.
            ...("CI_COMMIT_BRANCH" in EVENTS[event] && { ISSUE_TOKEN: TOKENS.issue.secret }),
            CI: "true",
            CI_API_V4_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
            CI_JOB_ID: "4711",
            CI_JOB_URL: JOB,
            CI_COMMIT_SHA: COMMIT,
            CI_PROJECT_DIR: project,
            CI_PROJECT_ID: PROJECT,
            CI_MERGE_REQUEST_IID: "12",
            ...EVENTS[event],
            STACK: stack,
        };
        const own = Object.entries(job.variables).map(([key, value]) => [key, expand(value, given)] as const);
        const variables: Environment = { ...given, ...Object.fromEntries(own), AWS_ID_TOKEN: "token" };
        const branch = "CI_COMMIT_BRANCH" in EVENTS[event] ? "main" : "topic";
        const role = this.platform.assumeRole(variables["AWS_ROLE_ARN"] ?? "", {
            "gitlab.com:aud": job.id_tokens["AWS_ID_TOKEN"]?.aud ?? "",
            "gitlab.com:sub": `project_path:my-group/root-credentials:ref_type:branch:ref:${branch}`,
        });
        // The simulator lacks AssumeRoleWithWebIdentity, so the job gets the role's credentials.
        const run = (lines: string[]) =>
            this.platform.run(lines.join("\n"), ["-eo", "pipefail"], { ...variables, ...role });
        const scripted = await run([...job.before_script, ...job.script]);
        assert.equal(readFileSync(variables["AWS_WEB_IDENTITY_TOKEN_FILE"] ?? "", "utf8"), "token");
        const after = await run(job.after_script ?? []);
        const failed = scripted.exitCode !== 0;
        if (!failed) this.played.add(job.script.join("\n"));
        if (job.artifacts && (!failed || job.artifacts.when === "always"))
            this.keep(name, job.artifacts.paths);
        return { failed, output: scripted.output + after.output };
    }

    artifact(job: string, file: string): string {
        return readFileSync(join(this.kept.get(job) ?? assert.fail(job), file), "utf8");
    }

    close(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    private keep(job: string, paths: string[]): void {
        const { project } = this.platform.stack;
        const folder = mkdtempSync(join(project, ".artifacts-"));
        for (const path of paths)
            if (existsSync(join(project, path))) cpSync(join(project, path), join(folder, path));
        this.kept.set(job, folder);
    }

    /** Every job starts with a clean checkout. */
    private emptyWorkspace(): void {
        const left = [
            "plan.json",
            "planned-at",
            "preview.json",
            "removals.jsonl",
            "report.md",
            "report.html",
            "report.json",
            "evidence.md",
            "evidence.json",
        ];
        for (const file of left) rmSync(join(this.platform.stack.project, file), { force: true });
    }
}

/** Each token belongs to a user of its own and may only do its own task. */
const TOKENS = {
    note: { secret: "glpat-note", user: 98, list: "merge_requests/12/notes" },
    issue: { secret: "glpat-issue", user: 99, list: "issues" },
};

async function answerTo(
    request: IncomingMessage,
    gitlab: Gitlab,
): Promise<{ status: number; body: unknown }> {
    const token = Object.values(TOKENS).find(({ secret }) => secret === request.headers["private-token"]);
    if (!token) return { status: 401, body: { message: "401" } };
    const { pathname, searchParams } = new URL(request.url ?? "", "http://gitlab");
    if (pathname === "/user") return { status: 200, body: { id: token.user } };
    const [, list = "", iid] =
        /^\/projects\/7\/(merge_requests\/12\/notes|issues)(?:\/(\d+))?$/.exec(pathname) ?? [];
    const texts = { "merge_requests/12/notes": gitlab.notes, issues: gitlab.issues }[list];
    if (!texts) return { status: 404, body: { message: "404" } };
    if (list !== token.list) return { status: 403, body: { message: "403" } };
    if (request.method === "GET") {
        const state = searchParams.get("state") ?? "opened";
        return { status: 200, body: texts.filter((each) => each.state === state) };
    }
    let sent = "";
    for await (const chunk of request) sent += String(chunk);
    const fields = JSON.parse(sent) as Partial<Text> & { state_event?: string };
    gitlab.writes.push(`${request.method} ${pathname.replace("/projects/7/", "")}`);
    if (request.method === "POST") {
        const id = 100 + texts.length;
        texts.push({ id, iid: id, author: { id: token.user }, state: "opened", ...fields });
        return { status: 201, body: texts.at(-1) };
    }
    const text = texts.find((each) => each.iid === Number(iid));
    if (!text) return { status: 404, body: { message: "404" } };
    const { state_event, ...others } = fields;
    Object.assign(text, others, state_event === "close" && { state: "closed" });
    return { status: 200, body: text };
}

function expand(text: string, variables: Environment): string {
    return text.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? "");
}
