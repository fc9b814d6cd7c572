#!/usr/bin/env node
// The command `root-credentials`. It lies here, and not among what is built, so that npm can link it before anything is built.
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

if (Number(process.versions.node.split(".")[0]) < 22) {
    console.error(
        `root-credentials needs Node 22 or newer, and this is ${process.version}. ` +
            "In this project, npx root-credentials finds the project's own Node.",
    );
    process.exit(1);
}
const command = join(__dirname, "../dist/cli/index.js");
if (!existsSync(command)) {
    console.error("root-credentials is not built yet: run npm run build first.");
    process.exit(1);
}
// Most of what a short command takes is loading the AWS SDK.
enableCompileCache?.();
require(command).main(process.argv.slice(2));
