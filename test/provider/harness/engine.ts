/** A stand-in for the part of Pulumi's engine that the provider's process calls. */
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";

export class StandInEngine {
    private constructor(
        private readonly server: grpc.Server,
        readonly address: string,
    ) {}

    /**
     * @param options.answers false if the engine does not answer
     * @param options.port the port of an earlier engine. Default: a free port
     * @param options.runsProgram whether a program has registered its root resource
     */
    static async start({
        answers = true,
        port: wanted = 0,
        runsProgram = false,
    } = {}): Promise<StandInEngine> {
        const server = new grpc.Server();
        const notHere: grpc.handleUnaryCall<unknown, unknown> = (_, answer) =>
            answer({ code: grpc.status.UNIMPLEMENTED });
        const handlers = Object.fromEntries(Object.keys(EngineService).map((method) => [method, notHere]));
        server.addService(EngineService, {
            ...handlers,
            ...(answers && {
                getRootResource: (_: unknown, answer: grpc.sendUnaryData<GetRootResourceResponse>) =>
                    answer(null, new GetRootResourceResponse().setUrn(runsProgram ? "urn:pulumi:stack" : "")),
            }),
        });
        const port = await new Promise<number>((resolve, reject) => {
            const insecure = grpc.ServerCredentials.createInsecure();
            server.bindAsync(`127.0.0.1:${wanted}`, insecure, (error, bound) =>
                error ? reject(error) : resolve(bound),
            );
        });
        return new StandInEngine(server, `127.0.0.1:${port}`);
    }

    get port(): number {
        return Number(this.address.split(":")[1]);
    }

    /** Ends as a killed engine does: connections break, and its address refuses new ones. */
    stop(): void {
        this.server.forceShutdown();
    }
}
