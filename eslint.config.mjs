import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The layers may only look down: program -> provider -> AWS SDK. Nothing shipped sees `test/`. */
function mayNotImport(...patterns) {
    return { "no-restricted-imports": ["error", { patterns: [{ regex: patterns.join("|") }] }] };
}

export default defineConfig(
    { ignores: ["**/dist/", "**/node_modules/"] },
    eslint.configs.recommended,
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true } },
        rules: {
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "@typescript-eslint/no-non-null-assertion": "error",
            "@typescript-eslint/consistent-type-imports": "error",
            "@typescript-eslint/restrict-template-expressions": [
                "error",
                { allowNumber: true, allowBoolean: true },
            ],
            // `describe` and `it` of mocha return values nobody waits for.
            "@typescript-eslint/no-floating-promises": [
                "error",
                { allowForKnownSafeCalls: ["describe", "it"] },
            ],
        },
    },
    { files: ["provider/**/*.ts"], rules: mayNotImport("/program/", "/test/", "/scripts/") },
    { files: ["program/**/*.ts"], rules: mayNotImport("/test/", "/scripts/", "^@aws-sdk/") },
    {
        files: ["**/*.mjs", "**/*.js", "scripts/pulumi-cli/pulumi-language-nodejs"],
        languageOptions: {
            globals: {
                AbortController: "readonly",
                AbortSignal: "readonly",
                process: "readonly",
                console: "readonly",
                setTimeout: "readonly",
                setInterval: "readonly",
                clearInterval: "readonly",
                clearTimeout: "readonly",
                URL: "readonly",
                Buffer: "readonly",
                require: "readonly",
                module: "writable",
                __dirname: "readonly",
                __filename: "readonly",
            },
        },
    },
);
