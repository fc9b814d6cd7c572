/**
 * What stands in for Pulumi's AWS plugin, several hundred megabytes that only Pulumi's own servers have: the foundation's kinds
 * of resources, over the simulated organization's API. The real engine attaches to it.
 *
 * It keeps to what the plugin's source says: creating features switches on and never off, updating them does both, and
 * deleting switches off all that are declared.
 */
import { promisify } from "node:util";
import {
    DisableOrganizationsRootCredentialsManagementCommand,
    DisableOrganizationsRootSessionsCommand,
    EnableOrganizationsRootCredentialsManagementCommand,
    EnableOrganizationsRootSessionsCommand,
    ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import {
    AttachPolicyCommand,
    CreatePolicyCommand,
    DeletePolicyCommand,
    DeregisterDelegatedAdministratorCommand,
    DescribePolicyCommand,
    DetachPolicyCommand,
    DisableAWSServiceAccessCommand,
    EnableAWSServiceAccessCommand,
    ListAWSServiceAccessForOrganizationCommand,
    ListDelegatedAdministratorsCommand,
    ListTargetsForPolicyCommand,
    RegisterDelegatedAdministratorCommand,
    UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { version } from "@pulumi/aws/package.json";
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Simulator } from "../simulator";
import { clientsOf, type Clients } from "../simulator/sdk-clients";

type Properties = Record<string, JavaScriptValue>;

/** One kind of resource. `find` gives what there is under an id, if anything. */
interface Kind {
    create(inputs: Properties): Promise<string>;
    find(id: string): Promise<Properties | undefined>;
    update?(id: string, olds: Properties, news: Properties): Promise<unknown>;
    remove(id: string, olds: Properties): Promise<unknown>;
}

export class AwsPlugin {
    /** What was changed, in order: `create aws:iam/organizationsFeatures:OrganizationsFeatures`. */
    readonly changes: string[] = [];
    private port = 0;
    private readonly server = new grpc.Server();
    private readonly kinds: Record<string, Kind>;

    private constructor(simulator: Simulator) {
        this.kinds = kindsOf(clientsOf(simulator));
    }

    static async over(simulator: Simulator): Promise<AwsPlugin> {
        const plugin = new AwsPlugin(simulator);
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
            delete: answer(async (request: wire.DeleteRequest) => {
                this.changes.push(`delete ${typeOf(request)}`);
                await this.kind(request).remove(request.getId(), propertiesOf(request.getProperties()));
                return new Empty();
            }),
        };
    }

    private async create(request: wire.CreateRequest): Promise<wire.CreateResponse> {
        const inputs = propertiesOf(request.getProperties());
        const response = new wire.CreateResponse();
        response.setProperties(Struct.fromJavaScript(inputs));
        if (request.getPreview()) return response;
        this.changes.push(`create ${typeOf(request)}`);
        response.setId(await this.kind(request).create(inputs));
        return response;
    }

    /** Refreshes, and imports, what is known as nothing but an id. */
    private async read(request: wire.ReadRequest): Promise<wire.ReadResponse> {
        const response = new wire.ReadResponse();
        const found = await this.kind(request).find(request.getId());
        if (found === undefined) return response;
        response.setId(request.getId());
        response.setProperties(Struct.fromJavaScript(found));
        response.setInputs(Struct.fromJavaScript(found));
        return response;
    }

    private async update(request: wire.UpdateRequest): Promise<wire.UpdateResponse> {
        const news = propertiesOf(request.getNews());
        if (!request.getPreview()) {
            this.changes.push(`update ${typeOf(request)}`);
            await this.kind(request).update?.(request.getId(), propertiesOf(request.getOlds()), news);
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

const ServicePrincipal = "iam.amazonaws.com";

/** Each makes the calls that the plugin's source makes. */
function kindsOf({ iam, organizations }: Clients): Record<string, Kind> {
    const switchFeatures = async (on: string[], off: string[]) => {
        if (on.includes(CREDENTIALS))
            await iam.send(new EnableOrganizationsRootCredentialsManagementCommand({}));
        if (on.includes(SESSIONS)) await iam.send(new EnableOrganizationsRootSessionsCommand({}));
        if (off.includes(CREDENTIALS))
            await iam.send(new DisableOrganizationsRootCredentialsManagementCommand({}));
        if (off.includes(SESSIONS)) await iam.send(new DisableOrganizationsRootSessionsCommand({}));
    };
    const features = ({ enabledFeatures = [] }: Properties) => enabledFeatures as string[];
    return {
        "aws:organizations/awsServiceAccess:AwsServiceAccess": {
            async create() {
                await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
                return ServicePrincipal;
            },
            async find() {
                const { EnabledServicePrincipals = [] } = await organizations.send(
                    new ListAWSServiceAccessForOrganizationCommand({}),
                );
                return EnabledServicePrincipals.length > 0
                    ? { servicePrincipal: ServicePrincipal }
                    : undefined;
            },
            remove: () => organizations.send(new DisableAWSServiceAccessCommand({ ServicePrincipal })),
        },
        "aws:iam/organizationsFeatures:OrganizationsFeatures": {
            async create(inputs) {
                await switchFeatures(features(inputs), []);
                const { OrganizationId } = await iam.send(new ListOrganizationsFeaturesCommand({}));
                return OrganizationId ?? "";
            },
            async find() {
                const { EnabledFeatures = [] } = await iam.send(new ListOrganizationsFeaturesCommand({}));
                return EnabledFeatures.length > 0
                    ? { enabledFeatures: [...EnabledFeatures].sort() }
                    : undefined;
            },
            update: (_id, olds, news) =>
                switchFeatures(
                    features(news).filter((feature) => !features(olds).includes(feature)),
                    features(olds).filter((feature) => !features(news).includes(feature)),
                ),
            remove: (_id, olds) => switchFeatures([], features(olds)),
        },
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator": {
            async create({ accountId }) {
                const AccountId = accountId as string;
                await organizations.send(
                    new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }),
                );
                return `${AccountId}/${ServicePrincipal}`;
            },
            async find(id) {
                const { DelegatedAdministrators = [] } = await organizations.send(
                    new ListDelegatedAdministratorsCommand({ ServicePrincipal }),
                );
                const [accountId = ""] = id.split("/");
                const registered = DelegatedAdministrators.some(({ Id }) => Id === accountId);
                return registered ? { accountId, servicePrincipal: ServicePrincipal } : undefined;
            },
            remove: (id) =>
                organizations.send(
                    new DeregisterDelegatedAdministratorCommand({
                        AccountId: id.split("/")[0],
                        ServicePrincipal,
                    }),
                ),
        },
        "aws:organizations/policy:Policy": {
            async create(inputs) {
                const { Policy } = await organizations.send(
                    new CreatePolicyCommand({ ...policy(inputs), Type: "SERVICE_CONTROL_POLICY" }),
                );
                return Policy?.PolicySummary?.Id ?? "";
            },
            async find(PolicyId) {
                const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId }));
                const { Name = "", Description = "", Type = "" } = Policy?.PolicySummary ?? {};
                return { name: Name, description: Description, type: Type, content: Policy?.Content ?? "" };
            },
            update: (PolicyId, _olds, news) =>
                organizations.send(new UpdatePolicyCommand({ PolicyId, ...policy(news) })),
            remove: (PolicyId) => organizations.send(new DeletePolicyCommand({ PolicyId })),
        },
        "aws:organizations/policyAttachment:PolicyAttachment": {
            async create({ policyId, targetId }) {
                const attachment = { PolicyId: policyId as string, TargetId: targetId as string };
                await organizations.send(new AttachPolicyCommand(attachment));
                return `${attachment.TargetId}:${attachment.PolicyId}`;
            },
            async find(id) {
                const [targetId = "", policyId = ""] = id.split(":");
                const { Targets = [] } = await organizations.send(
                    new ListTargetsForPolicyCommand({ PolicyId: policyId }),
                );
                return Targets.some(({ TargetId }) => TargetId === targetId)
                    ? { targetId, policyId }
                    : undefined;
            },
            remove(id) {
                const [TargetId, PolicyId] = id.split(":");
                return organizations.send(new DetachPolicyCommand({ TargetId, PolicyId }));
            },
        },
    };
}

const CREDENTIALS = "RootCredentialsManagement";
const SESSIONS = "RootSessions";

function policy({ name, description, content }: Properties) {
    return { Name: name as string, Description: description as string, Content: content as string };
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
    respond: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
        Promise.resolve(request)
            .then(respond)
            .then((response) => callback(null, response))
            .catch(({ name, message }: Error) =>
                callback({ code: grpc.status.UNKNOWN, details: `${name}: ${message}` }),
            );
    };
}

function unimplemented(): grpc.UntypedServiceImplementation {
    const refuse: grpc.handleUnaryCall<unknown, unknown> = (_call, callback) =>
        callback({ code: grpc.status.UNIMPLEMENTED, details: "the stand-in does not have this" });
    return Object.fromEntries(Object.keys(ResourceProviderService).map((name) => [name, refuse]));
}
