/**
 * Runs in the process that Pulumi starts for dynamic providers, driven over gRPC as the engine does.
 *
 * The process takes a second to start, mostly for loading the SDKs, so the runs of one suite share it. It evaluates the
 * provider's text whenever the text changes. So each run has its own text, which sets the run's variables, unloads the
 * package's modules, and ends with the text that stacks store.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { StandInEngine } from "./engine";
import { MODULES, PROJECT_ROOT, type RootCredentialInputs, type RootCredentialOutputs } from "./package";
import { PartialFailure, type Host, type Properties, type Run } from "./run";
import { ROOT_CREDENTIALS_PROVIDER } from "./stored";
import { environmentWith } from "./surroundings";

/** A process for the runs of one suite. The first run starts it. */
export function providerProcess(): Host {
    let started: Promise<ProviderProcess> | undefined;
    return {
        name: "in Pulumi's provider process",
        identity: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        async start(environment) {
            const process = await (started ??= ProviderProcess.start());
            return process.run(environment);
        },
        stop: async () => (await started)?.stop(),
    };
}

/** The process itself. By default, each run has its own folder for temporary files. */
export class ProviderProcess {
    private runs = 0;
    private printed = "";

    private constructor(
        private readonly child: ChildProcess,
        private readonly client: ResourceProviderClient,
        private readonly folder: string,
        readonly engine: StandInEngine,
    ) {}

    /** @param given an engine that several processes share. By default, the process has its own engine. */
    static async start(given?: StandInEngine): Promise<ProviderProcess> {
        const engine = given ?? (await StandInEngine.start());
        const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
        const child = spawn(process.execPath, [script, engine.address], {
            cwd: PROJECT_ROOT,
            env: environmentWith({}),
            stdio: ["ignore", "pipe", "pipe"],
        });
        let complaints = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
        const [port] = (await Promise.race([
            once(createInterface(child.stdout), "line"),
            once(child, "close").then(() => assert.fail(`the provider process ended at once: ${complaints}`)),
        ])) as [string];
        const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        await answerTo(client.configure.bind(client), new wire.ConfigureRequest().setArgs(struct({})));
        const started = new ProviderProcess(
            child,
            client,
            mkdtempSync(join(tmpdir(), "provider-process-")),
            engine,
        );
        const listen = (text: string) => void (started.printed += text);
        child.stdout.setEncoding("utf8").on("data", listen);
        child.stderr.on("data", listen);
        return started;
    }

    /** @param preamble code that the process runs at the beginning of the run */
    run(environment: Record<string, string>, preamble = ""): Run {
        const name = join(this.folder, `run-${++this.runs}`);
        // The variables are not in the text, because the text is in every answer.
        const variables = environmentWith({ TMPDIR: mkdtempSync(`${name}-`), ...environment });
        writeFileSync(`${name}.json`, JSON.stringify(variables));
        return new ProcessRun(this.client, newRun(`${name}.json`, preamble), () => this.endOfRun(name));
    }

    async hasEnded(): Promise<void> {
        if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
    }

    /** The situation after the engine is killed: no process answers calls, listens or reads output. */
    async loseEngine(): Promise<void> {
        this.engine.stop();
        this.client.close();
        this.child.stdout?.destroy();
        this.child.stderr?.destroy();
        await this.hasEnded();
    }

    /** Stops the process with a signal, or continues it. */
    signal(signal: "SIGSTOP" | "SIGCONT"): void {
        this.child.kill(signal);
    }

    async stop(): Promise<void> {
        this.client.close();
        this.child.kill("SIGKILL");
        await this.hasEnded();
        this.engine.stop();
        rmSync(this.folder, { recursive: true });
    }

    /** The output until the process prints, on both its streams, that the run has ended. */
    private async endOfRun(name: string): Promise<string> {
        const mark = `the end of ${name}\n`;
        const last = `process.stdout.write(${JSON.stringify(mark)});process.stderr.write(${JSON.stringify(mark)});exports.handler=()=>({})`;
        const request = new wire.CheckRequest().setOlds(struct({})).setNews(struct({ __provider: last }));
        await answerTo(this.client.check.bind(this.client), request);
        while (this.printed.split(mark).length < 3) await new Promise((next) => setImmediate(next));
        const said = this.printed.replaceAll(mark, "");
        this.printed = "";
        return said;
    }
}

/** The provider's text for a new run. It sets the variables, unloads the package's modules, and ends with the text of stacks. */
function newRun(variables: string, preamble: string): string {
    return `{
        const variables = JSON.parse(require("node:fs").readFileSync(${JSON.stringify(variables)}, "utf8"));
        for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
        Object.assign(process.env, variables);
        for (const name of Object.keys(require.cache)) if (name.startsWith(${JSON.stringify(MODULES)})) delete require.cache[name];
        ${preamble}
    }
    ${ROOT_CREDENTIALS_PROVIDER}`;
}

class ProcessRun implements Run {
    constructor(
        private readonly client: ResourceProviderClient,
        /** The provider's text, which is in the properties of every call and every answer. */
        private readonly text: string,
        readonly end: () => Promise<string>,
    ) {}

    async check(olds: Properties, news: Properties) {
        const request = new wire.CheckRequest().setOlds(struct(olds)).setNews(this.provided(news));
        const answer = await answerTo(this.client.check.bind(this.client), request);
        const failures = answer.getFailuresList().map((failure) => failure.toObject());
        return { inputs: this.unprovided(answer.getInputs()), failures };
    }

    async diff(id: string, olds: Properties, news: Properties) {
        const request = new wire.DiffRequest()
            .setId(id)
            .setOlds(this.provided(olds))
            .setNews(this.provided(news));
        const answer = await answerTo(this.client.diff.bind(this.client), request);
        const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = wire.DiffResponse.DiffChanges;
        const changes = { [DIFF_NONE]: false, [DIFF_SOME]: true, [DIFF_UNKNOWN]: undefined }[
            answer.getChanges()
        ];
        return { ...(changes !== undefined && { changes }), replaces: answer.getReplacesList() };
    }

    async read(id: string, properties: Properties) {
        const request = new wire.ReadRequest().setId(id).setProperties(this.provided(properties));
        const answer = await answerTo(this.client.read.bind(this.client), request);
        const found = answer.getId();
        const inputs = answer.getInputs() && this.unprovided<RootCredentialInputs>(answer.getInputs());
        const props = this.unprovided<RootCredentialOutputs>(answer.getProperties());
        return { ...(found !== "" && { id: found }), props, ...(inputs && { inputs }) };
    }

    async create(inputs: Properties) {
        const request = new wire.CreateRequest().setProperties(this.provided(inputs));
        const answer = await this.storing(answerTo(this.client.create.bind(this.client), request));
        return { id: answer.getId(), outs: this.unprovided<RootCredentialOutputs>(answer.getProperties()) };
    }

    async update(id: string, olds: Properties, news: Properties) {
        const request = new wire.UpdateRequest()
            .setId(id)
            .setOlds(this.provided(olds))
            .setNews(this.provided(news));
        const answer = await this.storing(answerTo(this.client.update.bind(this.client), request));
        return { outs: this.unprovided<RootCredentialOutputs>(answer.getProperties()) };
    }

    async delete(id: string, properties: Properties) {
        const request = new wire.DeleteRequest().setId(id).setProperties(this.provided(properties));
        await answerTo(this.client.delete.bind(this.client), request);
    }

    private provided(properties: Properties): Struct {
        return struct({ ...properties, __provider: this.text });
    }

    /** The process adds the provider's text to each result. */
    private unprovided<T = Record<string, unknown>>(answered: Struct | undefined): T {
        const { __provider, ...properties } = answered?.toJavaScript() ?? {};
        assert.equal(__provider, this.text);
        return properties as T;
    }

    /** In a partial failure, the provider itself must add its text, because Pulumi could not read the resource without it. */
    private async storing<Answer>(answer: Promise<Answer>): Promise<Answer> {
        try {
            return await answer;
        } catch (error) {
            if (!(error instanceof PartialFailure)) throw error;
            const { __provider, ...properties } = error.properties;
            const text = __provider === this.text ? { __provider: ROOT_CREDENTIALS_PROVIDER } : {};
            throw new PartialFailure(error.id, { ...properties, ...text }, error.reasons);
        }
    }
}

type Method<Request, Answer> = (
    request: Request,
    metadata: grpc.Metadata,
    options: Partial<grpc.CallOptions>,
    callback: (error: grpc.ServiceError | null, answer: Answer) => void,
) => grpc.ClientUnaryCall;

/** The engine waits for ever. A test fails if a method does not answer. */
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
