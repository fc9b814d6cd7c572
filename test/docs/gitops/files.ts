/** Reads the files of docs/gitops. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { PROJECT_ROOT } from "../../temporary-project";

export const FOLDER = join(PROJECT_ROOT, "docs", "gitops");

export const WORKFLOWS = ["preview", "drift", "up", "up-stack"] as const;
export type WorkflowName = (typeof WORKFLOWS)[number];

export function text(file: string): string {
    return readFileSync(join(FOLDER, file), "utf8");
}

export function json(file: string): unknown {
    return JSON.parse(text(file));
}

export function yaml(file: string): unknown {
    // A warning of YAML is an error here, because people copy these files.
    return parse(text(file), { strict: true, logLevel: "error" });
}

export function yamlDocuments(file: string): unknown[] {
    return parseAllDocuments(text(file), { strict: true }).map((document) => {
        if ("errors" in document && document.errors[0]) throw document.errors[0];
        return document.toJS() as unknown;
    });
}

export interface Step {
    name?: string;
    id?: string;
    if?: string;
    uses?: string;
    run?: string;
    with?: Record<string, string | boolean | number>;
    env?: Record<string, string>;
    "timeout-minutes"?: number;
}

export interface Job {
    if?: string;
    needs?: string;
    environment?: string;
    permissions: Record<string, string>;
    strategy?: { "fail-fast": boolean; matrix: { stack: string[] } };
    concurrency?: { group: string; "cancel-in-progress": boolean };
    "timeout-minutes": number;
    env?: Record<string, string>;
    outputs?: Record<string, string>;
    steps: Step[];
    /** The workflow that the job calls instead of steps of its own. */
    uses?: string;
    with?: Record<string, string>;
    secrets?: Record<string, string>;
}

export interface Workflow {
    name: string;
    on: Record<string, unknown>;
    permissions: Record<string, string>;
    defaults?: { run: { shell: string } };
    env?: Record<string, string>;
    jobs: Record<string, Job>;
}

export function workflow(name: WorkflowName): Workflow {
    const parsed = yaml(`github/${name}.yml`) as Workflow;
    for (const job of Object.values(parsed.jobs)) job.steps ??= [];
    return parsed;
}
