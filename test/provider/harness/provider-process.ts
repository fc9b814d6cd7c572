/** Runs in the process that Pulumi starts for dynamic providers, driven over gRPC as the engine does. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { PROJECT_ROOT, type RootCredentialInputs, type RootCredentialOutputs } from "./package";
import { PartialFailure, type Host, type Properties, type Run } from "./run";
import { PROVIDER_STUB } from "./stored";
import { environmentWith } from "./surroundings";

const ENGINE = "127.0.0.1:1";

export const providerProcess: Host = {
    name: "in Pulumi's provider process",
    engine: ENGINE,

    async start(environment) {
        const child = spawn(
            process.execPath,
            [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), ENGINE],
            {
                cwd: PROJECT_ROOT,
                // Loading the SDKs is most of what a run costs.
                env: {
                    ...environmentWith(environment),
                    NODE_COMPILE_CACHE: join(PROJECT_ROOT, "node_modules/.cache/provider-process"),
                },
                stdio: ["ignore", "pipe", "pipe"],
            },
        );
        const printed: string[] = [];
        child.stderr.setEncoding("utf8").on("data", (text: string) => void printed.push(text));
        const lines = createInterface(child.stdout);
        const [port] = (await Promise.race([once(lines, "line"), endOf(child, printed)])) as [string];
        lines.on("line", (line) => void printed.push(`${line}\n`));
        const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        await answerTo(client.configure.bind(client), new wire.ConfigureRequest().setArgs(struct({})));
        return new ProcessRun(client, async () => {
            client.close();
            const closed = once(child, "close");
            child.kill("SIGKILL");
            await closed;
            return printed.join("");
        });
    },
};

async function endOf(child: ChildProcess, printed: string[]): Promise<never> {
    await once(child, "close");
    throw new Error(`the provider process ended at once: ${printed.join("")}`);
}

class ProcessRun implements Run {
    constructor(
        private readonly client: ResourceProviderClient,
        readonly end: () => Promise<string>,
    ) {}

    async check(olds: Properties, news: Properties) {
        const request = new wire.CheckRequest().setOlds(struct(olds)).setNews(provided(news));
        const answer = await answerTo(this.client.check.bind(this.client), request);
        const failures = answer.getFailuresList().map((failure) => failure.toObject());
        return { inputs: unprovided(answer.getInputs()), failures };
    }

    async diff(id: string, olds: Properties, news: Properties) {
        const request = new wire.DiffRequest().setId(id).setOlds(provided(olds)).setNews(provided(news));
        const answer = await answerTo(this.client.diff.bind(this.client), request);
        const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = wire.DiffResponse.DiffChanges;
        const changes = { [DIFF_NONE]: false, [DIFF_SOME]: true, [DIFF_UNKNOWN]: undefined }[
            answer.getChanges()
        ];
        return { ...(changes !== undefined && { changes }), replaces: answer.getReplacesList() };
    }

    async read(id: string, properties: Properties) {
        const request = new wire.ReadRequest().setId(id).setProperties(provided(properties));
        const answer = await answerTo(this.client.read.bind(this.client), request);
        const found = answer.getId();
        const inputs = answer.getInputs() && unprovided<RootCredentialInputs>(answer.getInputs());
        const props = unprovided<RootCredentialOutputs>(answer.getProperties());
        return { ...(found !== "" && { id: found }), props, ...(inputs && { inputs }) };
    }

    async create(inputs: Properties) {
        const request = new wire.CreateRequest().setProperties(provided(inputs));
        const answer = await answerTo(this.client.create.bind(this.client), request);
        return { id: answer.getId(), outs: unprovided<RootCredentialOutputs>(answer.getProperties()) };
    }

    async update(id: string, olds: Properties, news: Properties) {
        const request = new wire.UpdateRequest().setId(id).setOlds(provided(olds)).setNews(provided(news));
        const answer = await answerTo(this.client.update.bind(this.client), request);
        return { outs: unprovided<RootCredentialOutputs>(answer.getProperties()) };
    }

    async delete(id: string, properties: Properties) {
        const request = new wire.DeleteRequest().setId(id).setProperties(provided(properties));
        await answerTo(this.client.delete.bind(this.client), request);
    }
}

type Method<Request, Answer> = (
    request: Request,
    metadata: grpc.Metadata,
    options: Partial<grpc.CallOptions>,
    callback: (error: grpc.ServiceError | null, answer: Answer) => void,
) => grpc.ClientUnaryCall;

/** The engine waits for ever; a test that does so has found a method that never answers. */
const PATIENCE = 18_000;

function answerTo<Request, Answer>(method: Method<Request, Answer>, request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + PATIENCE };
        method(request, new grpc.Metadata(), options, (error, answer) => {
            if (error) reject(partialFailureIn(error) ?? new Error(error.details));
            else resolve(answer);
        });
    });
}

function partialFailureIn(error: grpc.ServiceError): PartialFailure | undefined {
    const [status] = error.metadata.get("grpc-status-details-bin");
    if (status === undefined) return undefined;
    const [detail] = Status.deserializeBinary(Buffer.from(status)).getDetailsList();
    const failure = detail?.unpack(
        (bytes) => wire.ErrorResourceInitFailed.deserializeBinary(bytes),
        "pulumirpc.ErrorResourceInitFailed",
    );
    assert.ok(failure, "the details of the error are a partial failure");
    const properties = failure.getProperties()?.toJavaScript() as unknown as RootCredentialOutputs;
    return new PartialFailure(failure.getId(), properties, failure.getReasonsList());
}

function struct(properties: Properties): Struct {
    return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

function provided(properties: Properties): Struct {
    return struct({ ...properties, __provider: PROVIDER_STUB });
}

/** The process adds the provider's text to whatever a method answers. */
function unprovided<T = Record<string, unknown>>(answered: Struct | undefined): T {
    const { __provider, ...properties } = answered?.toJavaScript() ?? {};
    assert.equal(__provider, PROVIDER_STUB);
    return properties as T;
}
