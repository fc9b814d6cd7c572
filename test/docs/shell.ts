/** Runs the shell commands of a page unchanged on a stack over a simulated organization. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../engine/stack";
import { BIN } from "../temporary-project";

/** A page's fenced blocks in one language, without indentation. */
export function blocks(page: string, language: string): string[] {
    const fences = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm");
    return [...page.matchAll(fences)].map(([, indent = "", text = ""]) =>
        text.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim(),
    );
}

/**
 * A shell function in place of npx, which takes longer than many commands of Pulumi. It precedes a page's commands. Only the
 * README's commands run with npx itself.
 */
export const WITHOUT_NPX = `npx() { "${BIN}/$1" "\${@:2}"; }\n`;

/** Runs commands in bash in the stack's project without prompts. Returns the output, which includes the commands. */
export function inShell(
    stack: Pick<Stack, "project" | "environment">,
    commands: string,
    environment: NodeJS.ProcessEnv = stack.environment,
): Promise<string> {
    writeFileSync(join(stack.project, "commands.sh"), `set -ex\n${commands}`);
    const options = {
        cwd: stack.project,
        env: { ...environment, PULUMI_SKIP_CONFIRMATIONS: "true" },
        timeout: 150_000,
        killSignal: "SIGKILL",
    } as const;
    return new Promise((resolve, reject) => {
        execFile("bash", ["commands.sh"], options, (error, stdout, stderr) => {
            const printed = stdout + stderr;
            if (error) reject(new Error(`${error.message}\n${printed}`));
            else resolve(printed);
        });
    });
}
