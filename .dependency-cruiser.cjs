/**
 * The layers of the provider, from bottom to top. A folder may import from itself and from lines above its own.
 * `npm run lint` checks this. docs/architecture.md has the picture.
 */
const LAYERS = [
    ["process"],
    ["aws/errors"],
    ["aws"],
    ["organization"],
    ["credentials"],
    ["resource-policies", "report"],
    ["audit"],
    ["run", "cli"],
    ["lifecycle", "resources"],
    ["index.ts"],
];

/** Everything below `run` works without Pulumi, and so does the command line. */
const WITHOUT_PULUMI = LAYERS.slice(
    0,
    LAYERS.findIndex((layer) => layer.includes("run")),
)
    .flat()
    .concat("cli");

const PULUMI = "^@pulumi/|^@grpc/|node_modules/(@pulumi|@grpc|google-protobuf)/";
const AWS = "^@aws-sdk/|^@smithy/|node_modules/@(aws-sdk|smithy)/";

module.exports = {
    forbidden: [
        {
            name: "no-circle",
            comment: "Move what both files need to a file of its own, below both.",
            severity: "error",
            from: { path: "^(provider|program|scripts)/" },
            to: { circular: true },
        },
        ...LAYERS.flatMap((layer, index) =>
            layer.map((folder) => ({
                name: `${folder.replace("/", "-")}-imports-downwards-only`,
                comment: `provider/${folder} imports from itself and from lower layers.`,
                severity: "error",
                from: { path: inFolder(folder), ...(index > 0 && { pathNot: lowerPartOf(folder) }) },
                to: {
                    path: "^provider/(?!node_modules)",
                    pathNot: [inFolder(folder), ...LAYERS.slice(0, index).flat().map(inFolder)],
                },
            })),
        ),
        {
            name: "every-folder-is-a-layer",
            comment: "State a new folder of provider/ in LAYERS.",
            severity: "error",
            from: {
                path: "^provider/",
                pathNot: [...LAYERS.flat().map(inFolder), "^provider/(bin|assets)/"],
            },
            to: { path: ".*" },
        },
        {
            name: "no-pulumi-below-run-or-in-cli",
            comment: "The command line and everything below provider/run must not load Pulumi or gRPC.",
            severity: "error",
            from: { path: WITHOUT_PULUMI.map(inFolder) },
            to: { path: PULUMI },
        },
        {
            name: "cli-reaches-no-pulumi",
            comment: "The command root-credentials must start without Pulumi and gRPC.",
            severity: "error",
            from: { path: inFolder("cli") },
            to: { path: PULUMI, reachable: true },
        },
        {
            name: "no-aws-or-pulumi-in-report",
            comment: "provider/report is pure: data in, text out.",
            severity: "error",
            from: { path: inFolder("report") },
            to: { path: [AWS, PULUMI] },
        },
        {
            name: "report-imports-only-types-of-other-layers",
            comment: "Code of these layers would load the AWS SDK.",
            severity: "error",
            from: { path: inFolder("report") },
            to: { path: "^provider/(?!report/|process/|node_modules/)", dependencyTypesNot: ["type-only"] },
        },
        {
            name: "provider-imports-nothing-around-it",
            comment: "The package is used without the program, the scripts and the tests.",
            severity: "error",
            from: { path: "^provider/" },
            to: { path: "^(program|scripts|test)/" },
        },
        {
            name: "program-imports-the-package",
            comment: "The program uses what any program may use: the package, and no AWS client of its own.",
            severity: "error",
            from: { path: "^program/" },
            to: { path: ["^(scripts|test)/", "^provider/(?!dist/)", AWS] },
        },
    ],
    options: {
        doNotFollow: { path: "node_modules|^(provider/)?dist/" },
        exclude: { path: "^(provider/)?dist/" },
        tsPreCompilationDeps: true,
        tsConfig: { fileName: "tsconfig.json" },
        enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs", ".cjs", ".json"] },
    },
};

function inFolder(folder) {
    return folder.endsWith(".ts") ? `^provider/${folder}$` : `^provider/${folder}/`;
}

/** Files of `aws` are not those of `aws/errors`, which is a layer of its own. */
function lowerPartOf(folder) {
    return LAYERS.flat()
        .filter((other) => other.startsWith(`${folder}/`))
        .map(inFolder);
}
