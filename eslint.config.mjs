import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Text of AWS is made fit for a terminal in one place. */
function mayOnlyPrintIn(files, ignores, selector, message) {
    return { files, ignores, rules: { "no-restricted-syntax": ["error", { selector, message }] } };
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
    {
        files: ["provider/**/*.ts"],
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        {
                            regex: "^pulumi-aws-root-credentials|^[.]+/(.*/)?dist/",
                            message: "import the source file, so that the layers can be checked",
                        },
                    ],
                },
            ],
        },
    },
    mayOnlyPrintIn(
        ["provider/**/*.ts"],
        ["provider/process/log.ts", "provider/cli/**"],
        'CallExpression[callee.object.name="console"]',
        "print text by log() of provider/process/log.ts, which makes it fit for a terminal",
    ),
    mayOnlyPrintIn(
        ["program/**/*.ts"],
        ["program/log.ts"],
        'CallExpression[callee.object.property.name="log"], CallExpression[callee.object.name="console"]',
        "print text by program/log.ts, which makes it fit for a terminal",
    ),
    {
        files: ["provider/assets/*.js"],
        languageOptions: {
            sourceType: "script",
            globals: {
                document: "readonly",
                CSS: "readonly",
                addEventListener: "readonly",
            },
        },
    },
    {
        files: ["**/*.mjs", "**/*.js", "scripts/pulumi-cli/pulumi-language-nodejs"],
        ignores: ["provider/assets/"],
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
