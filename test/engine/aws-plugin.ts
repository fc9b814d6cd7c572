/**
 * What stands in for Pulumi's AWS plugin, several hundred megabytes that only Pulumi's own servers have: the six kinds of
 * resources of the foundation, over the simulated organization. The real engine attaches to it.
 *
 * It keeps to what the plugin's sources say: creating features switches on and never off, updating them does both, and
 * deleting switches off all that are declared; a delegate is registered once only.
 */
import { promisify } from "node:util";
import { version } from "@pulumi/aws/package.json";
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Organization } from "../simulator";

type Properties = Record<string, JavaScriptValue>;
type FeatureName = Parameters<Organization["setFeature"]>[0];

/** One kind of resource. `find` gives what there is under an id, if anything. */
interface Kind {
    create(inputs: Properties): string;
    find(id: string): Properties | undefined;
    update?(id: string, olds: Properties, news: Properties): void;
    remove(id: string, olds: Properties): void;
}

export class AwsPlugin {
    /** What was changed, in order: `create aws:iam/organizationsFeatures:OrganizationsFeatures`. */
    readonly changes: string[] = [];
    /** Policies by their ids. */
    readonly policies = new Map<string, Properties>();
    private port = 0;
    private readonly server = new grpc.Server();
    private readonly kinds: Record<string, Kind>;

    private constructor(organization: Organization) {
        this.kinds = kindsOf(organization, this.policies);
    }

    static async over(organization: Organization): Promise<AwsPlugin> {
        const plugin = new AwsPlugin(organization);
        const { server } = plugin;
        server.addService(ResourceProviderService, plugin.handlers());
        plugin.port = await promisify(server.bindAsync.bind(server))(
            "127.0.0.1:0",
            grpc.ServerCredentials.createInsecure(),
        );
        return plugin;
    }

    /** What makes the engine attach to this instead of starting a plugin. */
    environment(): Record<string, string> {
        return { PULUMI_DEBUG_PROVIDERS: `aws:${this.port}` };
    }

    close(): void {
        this.server.forceShutdown();
    }

    private handlers(): grpc.UntypedServiceImplementation {
        const nothing = answer(() => new Empty());
        return {
            ...unimplemented(),
            attach: nothing,
            cancel: nothing,
            getPluginInfo: answer(() => {
                const info = new PluginInfo();
                info.setVersion(version);
                return info;
            }),
            checkConfig: answer(asGiven),
            diffConfig: answer(() => new wire.DiffResponse()),
            configure: answer(() => {
                const response = new wire.ConfigureResponse();
                response.setAcceptsecrets(true);
                response.setSupportspreview(true);
                response.setAcceptresources(true);
                return response;
            }),
            check: answer(asGiven),
            diff: answer((request: wire.DiffRequest) => difference(request)),
            create: answer((request: wire.CreateRequest) => this.create(request)),
            read: answer((request: wire.ReadRequest) => this.read(request)),
            update: answer((request: wire.UpdateRequest) => this.update(request)),
            delete: answer((request: wire.DeleteRequest) => {
                this.changes.push(`delete ${typeOf(request)}`);
                this.kind(request).remove(request.getId(), propertiesOf(request.getProperties()));
                return new Empty();
            }),
        };
    }

    private create(request: wire.CreateRequest): wire.CreateResponse {
        const inputs = propertiesOf(request.getProperties());
        const response = new wire.CreateResponse();
        response.setProperties(Struct.fromJavaScript(inputs));
        if (request.getPreview()) return response;
        this.changes.push(`create ${typeOf(request)}`);
        response.setId(this.kind(request).create(inputs));
        return response;
    }

    /** Refreshes, and imports, what is known as nothing but an id. */
    private read(request: wire.ReadRequest): wire.ReadResponse {
        const response = new wire.ReadResponse();
        const found = this.kind(request).find(request.getId());
        if (found === undefined) return response;
        response.setId(request.getId());
        response.setProperties(Struct.fromJavaScript(found));
        response.setInputs(Struct.fromJavaScript(found));
        return response;
    }

    private update(request: wire.UpdateRequest): wire.UpdateResponse {
        const news = propertiesOf(request.getNews());
        if (!request.getPreview()) {
            this.changes.push(`update ${typeOf(request)}`);
            this.kind(request).update?.(request.getId(), propertiesOf(request.getOlds()), news);
        }
        const response = new wire.UpdateResponse();
        response.setProperties(Struct.fromJavaScript(news));
        return response;
    }

    private kind(request: { getUrn(): string }): Kind {
        const kind = this.kinds[typeOf(request)];
        if (!kind) throw new Error(`the stand-in does not know ${typeOf(request)}`);
        return kind;
    }
}

const IAM = "iam.amazonaws.com";

function kindsOf(organization: Organization, policies: Map<string, Properties>): Record<string, Kind> {
    const requireTrustedAccess = () => {
        if (!organization.trustedAccess) throw new Error("ServiceAccessNotEnabledException");
    };
    const setFeatures = (on: string[], off: string[]) => {
        requireTrustedAccess();
        for (const feature of on) organization.setFeature(feature as FeatureName, true);
        for (const feature of off) organization.setFeature(feature as FeatureName, false);
    };
    const features = ({ enabledFeatures = [] }: Properties) => enabledFeatures as string[];
    return {
        "aws:organizations/awsServiceAccess:AwsServiceAccess": {
            create() {
                organization.setTrustedAccess(true);
                return IAM;
            },
            find: () => (organization.trustedAccess ? { servicePrincipal: IAM } : undefined),
            remove: () => organization.setTrustedAccess(false),
        },
        "aws:iam/organizationsFeatures:OrganizationsFeatures": {
            create(inputs) {
                setFeatures(features(inputs), []);
                return organization.id;
            },
            find() {
                requireTrustedAccess();
                const enabledFeatures = [...organization.features].sort();
                return enabledFeatures.length > 0 ? { enabledFeatures } : undefined;
            },
            update(_id, olds, news) {
                const off = features(olds).filter((feature) => !features(news).includes(feature));
                setFeatures(features(news), off);
            },
            remove: (_id, olds) => setFeatures([], features(olds)),
        },
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator": {
            create({ accountId }) {
                const id = accountId as string;
                if (organization.delegatedAdministrators.has(id))
                    throw new Error("AccountAlreadyRegisteredException");
                organization.registerDelegatedAdministrator(id);
                return `${id}/${IAM}`;
            },
            find(id) {
                const [accountId = ""] = id.split("/");
                const registered = organization.delegatedAdministrators.has(accountId);
                return registered ? { accountId, servicePrincipal: IAM } : undefined;
            },
            remove: (id) => organization.deregisterDelegatedAdministrator(id.split("/")[0] ?? ""),
        },
        "aws:organizations/policy:Policy": {
            create(inputs) {
                policies.set("p-foundation1", inputs);
                return "p-foundation1";
            },
            find: (id) => policies.get(id),
            update: (id, _olds, news) => void policies.set(id, news),
            remove: (id) => void policies.delete(id),
        },
        "aws:organizations/policyAttachment:PolicyAttachment": {
            create({ policyId, targetId }) {
                const [id, target] = [policyId as string, targetId as string];
                organization.attachScp(target, {
                    name: "deny-root-user",
                    policyId: id,
                    actions: ["*"],
                    appliesTo: "root",
                    exemptAssumedRoot: (policies.get(id)?.["content"] as string).includes("aws:AssumedRoot"),
                });
                return `${target}:${id}`;
            },
            find(id) {
                const [targetId = "", policyId = ""] = id.split(":");
                const attached = organization.account(targetId).scps.some((scp) => scp.policyId === policyId);
                return attached ? { targetId, policyId } : undefined;
            },
            remove(id) {
                const [targetId = "", policyId = ""] = id.split(":");
                organization.detachScp(targetId, policyId);
            },
        },
    };
}

function typeOf(request: { getUrn(): string }): string {
    return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

function propertiesOf(struct: Struct | undefined): Properties {
    return struct?.toJavaScript() ?? {};
}

function asGiven(request: wire.CheckRequest): wire.CheckResponse {
    const response = new wire.CheckResponse();
    response.setInputs(request.getNews());
    return response;
}

function difference(request: wire.DiffRequest): wire.DiffResponse {
    const [olds, news] = [propertiesOf(request.getOldInputs()), propertiesOf(request.getNews())];
    const response = new wire.DiffResponse();
    const changed = Object.keys(news).filter(
        (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    response.setChanges(
        changed.length > 0
            ? wire.DiffResponse.DiffChanges.DIFF_SOME
            : wire.DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setDiffsList(changed);
    return response;
}

function answer<Request, Response>(
    respond: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
        try {
            callback(null, respond(request));
        } catch (error) {
            callback({ code: grpc.status.UNKNOWN, details: (error as Error).message });
        }
    };
}

function unimplemented(): grpc.UntypedServiceImplementation {
    const refuse: grpc.handleUnaryCall<unknown, unknown> = (_call, callback) =>
        callback({ code: grpc.status.UNIMPLEMENTED, details: "the stand-in does not have this" });
    return Object.fromEntries(Object.keys(ResourceProviderService).map((name) => [name, refuse]));
}
