/** A sentence for each setting that is wrong: its name, its value, what is expected, and the command that helps. */
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { didYouMean } from "../did-you-mean";
import { knownKeys, SETTINGS } from "./schema";

export function invalidSettings(
    project: string,
    given: Record<string, unknown>,
    error: z.ZodError | undefined,
): string[] {
    return (error?.issues ?? []).flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) => unknownKey(project, issue.path, key));
        }
        const value = issue.path.reduce<unknown>(
            (within, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key],
            given,
        );
        const found = value === undefined ? "missing" : JSON.stringify(value);
        return [
            `the setting ${project}:${formatPath(issue.path)} is ${found}: ${issue.message}; see pulumi config`,
        ];
    });
}

/** Known settings in another namespace. No program reads them, so an intended guard would be off. */
export function misplacedSettings(project: string, config: Record<string, unknown>): string[] {
    return Object.keys(config).flatMap((key) => {
        const [namespace = "", name = ""] = key.split(":");
        const meant = SETTINGS.find((setting) => setting.toLowerCase() === name.toLowerCase());
        if (namespace === project || meant === undefined) return [];
        return [
            `there is no setting ${key}; expected ${project}:${meant} (pulumi config rm ${key} removes it)`,
        ];
    });
}

/**
 * Refuses secrets, because the state holds settings as inputs of resources in plain text. Pulumi does not tell which
 * entry of a list is secret. The CLI masks secrets in its output, but reports and other readers of the state do not.
 */
export function secretSettings(project: string, config: Record<string, unknown>): string[] {
    // Pulumi's types lack this function. An inline program (Automation API) lacks the environment variable that lists secrets.
    const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
    return Object.keys(config)
        .filter((key) => key.startsWith(`${project}:`) && isConfigSecret(key))
        .map(
            (key) =>
                `the setting ${key} is a secret, or holds one: expected plain text, because the stack's state stores it as plain text. ` +
                "Nothing was changed. Set it again with pulumi config set --plaintext, without the secret text",
        );
}

/** `exceptions[0].until`, as `pulumi config set --path` takes it. */
function formatPath(path: PropertyKey[]): string {
    return path
        .map((key, at) => (typeof key === "number" ? `[${key}]` : `${at > 0 ? "." : ""}${String(key)}`))
        .join("");
}

/** An unknown key is an error, because a misspelt guard would be off unnoticed. */
function unknownKey(project: string, path: PropertyKey[], key: string): string {
    const known = knownKeys(path);
    const setting = path.length === 0 ? key : `${formatPath(path)}.${key}`;
    const remove = path.length === 0 ? key : `--path '${setting}'`;
    return (
        `there is no setting ${project}:${setting}; expected one of ${known.join(", ")}${didYouMean(key, known)}; ` +
        `pulumi config rm ${remove} removes it`
    );
}
