/**
 * Runs a job of a workflow as GitHub's runner does. GitHub's own library evaluates its expressions, and bash runs its `run:`
 * blocks unchanged. Stand-ins replace the actions that the tests need.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { workflow, WORKFLOWS, type Step, type WorkflowName } from "./files";
import type { GithubState } from "./fake-gh";
import { VARIABLES, type Environment, type Platform } from "./platform";

const REPOSITORY = "my-org/root-credentials";
/** The run's address in comments and issues. */
export const RUN = `https://github.com/${REPOSITORY}/actions/runs/4711`;
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
/** Tokens of repositories created since July 2026 have names with ids. */
const SUBJECT = "repo:my-org@123456/root-credentials@456789";

export interface Event {
    name: "pull_request" | "push" | "schedule" | "workflow_dispatch";
    fork?: boolean;
    inputs?: { recovery: boolean };
}

export interface Circumstances {
    passphrase?: string;
    /** Cancels the run in this step when `at` returns true. */
    cancel?: { step: string; at: () => boolean };
}

export interface JobRun {
    conclusion: "success" | "failure" | "cancelled" | "skipped";
    /** The names of the executed steps. */
    steps: string[];
    output: string;
    summary: string;
    /** The role that the job assumed. */
    role?: string;
}

export class Github {
    /** The jobs that have run to their end, as `up.yml: plan`. */
    readonly played = new Set<string>();
    /** Outputs of jobs for the jobs that need them, by a key such as `prod plan`. */
    private readonly outputs = new Map<string, Environment>();
    private readonly artifacts: string;
    private readonly state: string;

    constructor(private readonly platform: Platform) {
        const { project } = platform.stack;
        this.artifacts = mkdtempSync(join(project, ".artifacts-"));
        this.state = join(project, ".github-state.json");
        this.write({ comments: [], issues: [], writes: [] });
        platform.command("gh", `exec node "${join(__dirname, "fake-gh.js")}" "$@"`);
    }

    read(): GithubState {
        return JSON.parse(readFileSync(this.state, "utf8")) as GithubState;
    }

    write(state: GithubState): void {
        writeFileSync(this.state, JSON.stringify(state));
    }

    artifact(name: string, file: string): string {
        return readFileSync(join(this.artifacts, name, file), "utf8");
    }

    /** Adds a file to an artifact, as an upload would. */
    rewrite(name: string, file: string, content: string): void {
        writeFileSync(join(this.artifacts, name, file), content);
    }

    async play(
        name: WorkflowName,
        jobName: string,
        stack: string,
        event: Event,
        { passphrase, cancel }: Circumstances = {},
    ): Promise<JobRun> {
        const { project, environment } = this.platform.stack;
        const { env: shared = {}, jobs, defaults, on } = workflow(name);
        const job = jobs[jobName] ?? assert.fail(jobName);
        assert.equal(defaults?.run.shell, "bash");
        const evaluate = await evaluator();
        const steps: Record<string, { outputs: Environment }> = {};
        const status = { failed: false, cancelled: false };
        const needs = job.needs && {
            [job.needs]: { outputs: this.outputs.get(`${stack} ${job.needs}`) ?? {} },
        };
        const ofTheRun = {
            github: {
                repository: REPOSITORY,
                token: "ghs_token",
                workspace: project,
                server_url: "https://github.com",
                run_id: 4711,
                event: {
                    pull_request: {
                        number: 12,
                        title: "$(touch pwned)",
                        head: {
                            sha: COMMIT,
                            repo: { full_name: event.fork ? "somebody/root-credentials" : REPOSITORY },
                        },
                    },
                },
            },
            inputs: event.inputs ?? {},
            matrix: { stack },
            secrets: {
                PULUMI_CONFIG_PASSPHRASE: passphrase ?? environment["PULUMI_CONFIG_PASSPHRASE"] ?? "",
            },
            vars: { ...VARIABLES, PULUMI_BACKEND_URL: environment["PULUMI_BACKEND_URL"] ?? "" },
        };
        const ofTheJob = "workflow_call" in on ? { ...ofTheRun, ...handedOver(name) } : ofTheRun;
        const contexts = () => ({ ...ofTheJob, needs: needs ?? {}, steps });
        const filled = (values: Step["with"] = {}): Environment =>
            Object.fromEntries(
                Object.entries(values).map(([key, value]) => [
                    key,
                    evaluate.template(String(value), contexts()),
                ]),
            );
        const wanted = (condition = "success()") => evaluate.condition(condition, contexts(), status);

        if (!wanted(job.if)) return { conclusion: "skipped", steps: [], output: "", summary: "" };
        this.emptyWorkspace();
        const files = {
            GITHUB_OUTPUT: join(project, ".output"),
            GITHUB_STEP_SUMMARY: join(project, ".summary"),
        };
        writeFileSync(files.GITHUB_STEP_SUMMARY, "");
        const exported: Environment = {};
        const ran: string[] = [];
        let role: string | undefined;
        let output = "";
        for (const step of job.steps) {
            if (!wanted(step.if)) continue;
            ran.push(step.name ?? step.run ?? step.uses ?? "");
            try {
                if (step.uses)
                    Object.assign(exported, this.use(step.uses, filled(step.with), token(event, job)));
                role ??= filled(step.with)["role-to-assume"];
                if (!step.run) continue;
                writeFileSync(files.GITHUB_OUTPUT, "");
                const cancelAt = cancel?.step === step.name ? cancel?.at : undefined;
                const scripted = await this.platform.run(
                    step.run,
                    ["--noprofile", "--norc", "-eo", "pipefail"],
                    {
                        ...{
                            CI: "true",
                            GITHUB_REPOSITORY: REPOSITORY,
                            GH_STATE: this.state,
                            ...files,
                            ...exported,
                        },
                        ...filled(shared),
                        ...filled(job.env),
                        ...filled(step.env),
                    },
                    cancelAt,
                );
                if (cancelAt) status.cancelled = true;
                output += scripted.output;
                if (step.id) steps[step.id] = { outputs: outputs(readFileSync(files.GITHUB_OUTPUT, "utf8")) };
                if (scripted.exitCode !== 0) throw new Error(`${step.name} ended with ${scripted.exitCode}`);
            } catch (error) {
                status.failed = true;
                output += `\n${String(error)}\n`;
            }
        }
        const summary = readFileSync(files.GITHUB_STEP_SUMMARY, "utf8");
        const conclusion = status.cancelled ? "cancelled" : status.failed ? "failure" : "success";
        if (conclusion === "success") this.played.add(`${name}.yml: ${jobName}`);
        this.outputs.set(`${stack} ${jobName}`, filled(job.outputs));
        return { conclusion, steps: ran, output, summary, ...(role && { role }) };

        /** A called workflow gets inputs and secrets from the calling job, and no matrix. */
        function handedOver(callee: WorkflowName) {
            const [caller] = WORKFLOWS.flatMap((each) => Object.values(workflow(each).jobs)).filter(
                ({ uses }) => uses === `./.github/workflows/${callee}.yml`,
            );
            const values = (of: Environment = {}) =>
                Object.entries(of).map(([key, value]) => [key, evaluate.template(value, ofTheRun)] as const);
            const { inputs = {} } = (on["workflow_call"] ?? {}) as {
                inputs?: Record<string, { type: string }>;
            };
            return {
                inputs: Object.fromEntries(
                    values(caller?.with).map(([key, value]) => [
                        key,
                        inputs[key]?.type === "boolean" ? value === "true" : value,
                    ]),
                ),
                secrets: Object.fromEntries(values(caller?.secrets)),
                matrix: {},
            };
        }

        function token(
            { name: event }: Event,
            { environment: guard }: { environment?: string },
        ): Environment {
            const context =
                guard === undefined
                    ? event === "pull_request"
                        ? "pull_request"
                        : "ref:refs/heads/main"
                    : `environment:${evaluate.template(guard, contexts())}`;
            return {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": `${SUBJECT}:${context}`,
            };
        }
    }

    /** Replaces an action. Returns the variables that it sets for later steps. */
    private use(action: string, inputs: Environment, claims: Environment): Environment {
        const { project } = this.platform.stack;
        switch (action.replace(/@.*/, "")) {
            case "actions/checkout":
            case "actions/setup-node":
                return {};
            case "aws-actions/configure-aws-credentials": {
                const { "role-to-assume": role = "", "aws-region": region = "" } = inputs;
                return { ...this.platform.assumeRole(role, claims), AWS_REGION: region };
            }
            case "actions/upload-artifact": {
                const folder = join(this.artifacts, inputs["name"] ?? "");
                rmSync(folder, { recursive: true, force: true });
                for (const file of (inputs["path"] ?? "").trim().split("\n")) {
                    if (existsSync(join(project, file)))
                        cpSync(join(project, file), join(folder, basename(file)));
                    else assert.equal(inputs["if-no-files-found"], "ignore", `${file} is not there`);
                }
                return {};
            }
            case "actions/download-artifact": {
                mkdirSync(join(project, inputs["path"] ?? ""), { recursive: true });
                cpSync(join(this.artifacts, inputs["name"] ?? ""), join(project, inputs["path"] ?? ""), {
                    recursive: true,
                });
                return {};
            }
            default:
                throw new Error(`${action} is not known here`);
        }
    }

    /** Every job starts on a new machine. */
    private emptyWorkspace(): void {
        const left = [
            "approved",
            "plan.json",
            "planned-at",
            "preview.json",
            "removals.jsonl",
            "report.md",
            "report.html",
            "report.json",
        ];
        for (const file of [
            ...left,
            "comment.md",
            "comments.json",
            "evidence.json",
            "evidence.md",
            "issue.md",
            "issues.json",
        ])
            rmSync(join(this.platform.stack.project, file), { recursive: true, force: true });
    }
}

function outputs(lines: string): Environment {
    return Object.fromEntries(
        lines
            .trim()
            .split("\n")
            .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
}

/** The job's status, for success(), failure() and cancelled(). */
interface Status {
    failed: boolean;
    cancelled: boolean;
}

async function evaluator() {
    const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");

    function evaluate(expression: string, contexts: object, { failed, cancelled }: Status) {
        const status = (name: string, value: boolean) => ({
            name,
            minArgs: 0,
            maxArgs: 0,
            call: () => new data.BooleanData(value),
        });
        const functions = [
            status("cancelled", cancelled),
            status("always", true),
            status("failure", failed && !cancelled),
            status("success", !failed && !cancelled),
        ];
        const { tokens } = new Lexer(expression).lex();
        const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
        const known = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<
            typeof data.Dictionary
        >;
        return new Evaluator(parsed, known, new Map(functions.map((each) => [each.name, each]))).evaluate();
    }

    return {
        template: (text: string, contexts: object) =>
            text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
                evaluate(expression.trim(), contexts, { failed: false, cancelled: false }).coerceString(),
            ),
        /** A condition without a status function includes success(). */
        condition(text: string, contexts: object, status: Status): boolean {
            const expression = text.replace(/^\$\{\{(.*)\}\}$/, "$1").trim();
            if (
                (status.failed || status.cancelled) &&
                !/\b(always|cancelled|failure|success)\(\)/.test(expression)
            )
                return false;
            return evaluate(expression, contexts, status).coerceString() === "true";
        },
    };
}
