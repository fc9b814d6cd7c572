import type { ActionName } from "../action-names";
import { type Fault, type FaultMatch, FaultSchedule } from "../faults";
import { Latency } from "../latency";
import type { Onlooker } from "../onlooker";
import { decide } from "../policies/decision";
import type { PolicyDocument } from "../policies/document";
import type { PolicyRequest } from "../policies/request-context";
import { documentOf } from "../policies/seeded-documents";
import { Buckets } from "./buckets";
import { CallerPolicies } from "./caller-policies";
import { Clock } from "./clock";
import {
    type CredentialKind,
    type HeldCredentials,
    accessKeyFrom,
    credentialsFrom,
    idsOf,
    passwordFrom,
} from "./credentials";
import { Identifiers } from "./identifiers";
import { isOpen, type MemberAccount } from "./member-account";
import { HOME_REGION, type OwnedResource } from "./owned-resource";
import { OrganizationPolicies, type OrganizationPolicy, type PolicyType } from "./organization-policies";
import { Principals } from "./principals";
import { Queues } from "./queues";
import { ReadLag } from "./read-lag";
import type {
    AccessKeySeed,
    AccountSeed,
    AccountState,
    CallerDenial,
    OrganizationSeed,
    PasswordSeed,
    RcpSeed,
    ScpSeed,
} from "./seed";
import { OrganizationalUnits } from "./units";

export type FeatureName = "RootCredentialsManagement" | "RootSessions";
export type Partition = "aws" | "aws-us-gov" | "aws-cn";

/** One long-lived root credential that still exists. */
export interface RootCredentialLeft {
    accountId: string;
    kind: CredentialKind;
    /** The access key id, certificate id or serial number; "password" for a password. */
    id: string;
}

/** An AWS organization: what exists in it, and what a test may do to it. It knows nothing of HTTP. */
export class Organization {
    /** A test may change it, which is how a caller looks who is signed in to another organization. */
    id: string;
    readonly managementAccountId: string;
    readonly featureSet: "ALL" | "CONSOLIDATED_BILLING";
    readonly features = new Set<FeatureName>();
    trustedAccess: boolean;
    /** Accounts registered as delegated administrators for `iam.amazonaws.com`. */
    readonly delegatedAdministrators: Set<string>;

    /** Regions in which STS is not active. */
    readonly disabledRegions = new Set<string>();
    /** Whether STS answers as its global host, which does not know AssumeRoot. */
    globalSts = false;
    /** Whether a delegated administrator may open root sessions in its own account; AWS's answer is unknown. */
    delegateMayAssumeItself = false;
    /** A fault: the features are answered without the organization's id, which is optional in the SDK's model. */
    omitsOrganizationId = false;
    /** Members that the account lists leave out. */
    readonly omittedAccountFields = new Set<"State" | "Status" | "Paths" | "JoinedMethod">();
    /** Keys that GetAccountSummary leaves out, as older answers of AWS did. */
    readonly omittedSummaryKeys = new Set<string>();
    /** How many accounts Organizations lists on one page. */
    accountsPerPage = 20;
    /** Whether Organizations answers every second page empty, with a token to go on. */
    emptyPages = false;
    /** How many access keys, certificates or devices IAM lists on one page. */
    iamPageSize = 100;

    readonly units: OrganizationalUnits;
    readonly principals: Principals;
    readonly policies: OrganizationPolicies;
    readonly callerPolicies = new CallerPolicies();
    /** Those of every account, in the organization or not. */
    readonly buckets: Buckets;
    readonly queues: Queues;
    readonly latency = new Latency();
    readonly faults = new FaultSchedule();
    readonly readLag = new ReadLag();
    /** Told of every call; none unless a test puts one here. */
    onlooker: Onlooker | undefined;
    readonly #accounts = new Map<string, MemberAccount>();
    /** Root users of accounts that left or never were here: sessions outlive membership. */
    readonly #rootsOutside = new Map<string, HeldCredentials>();
    readonly #ids = new Identifiers();
    #joined = 0;

    constructor(
        seed: OrganizationSeed,
        readonly clock: Clock = new Clock(),
        readonly partition: Partition = "aws",
    ) {
        this.units = new OrganizationalUnits(this.#ids);
        this.principals = new Principals(partition, clock, this.#ids, (id) => this.#accountWithRootKey(id));
        this.buckets = new Buckets(partition);
        this.queues = new Queues(partition, clock);
        this.managementAccountId = seed.management?.id ?? "999988887777";
        this.id = seed.organizationId ?? "o-simulated1";
        this.policies = new OrganizationPolicies(
            this.#ids,
            `arn:${partition}:organizations::${this.managementAccountId}:policy/${this.id}`,
        );
        this.featureSet = seed.featureSet ?? "ALL";
        this.trustedAccess = seed.trustedAccess ?? true;
        this.setFeature("RootCredentialsManagement", seed.features?.RootCredentialsManagement ?? true);
        this.setFeature("RootSessions", seed.features?.RootSessions ?? true);

        this.join({
            id: this.managementAccountId,
            name: seed.management?.name ?? "management",
            root: { password: { lastUsed: "2026-01-05T08:00:00Z" }, mfaDevices: [{ kind: "hardware" }] },
        });
        for (const account of seed.accounts) this.join(account);
        this.delegatedAdministrators = new Set(seed.delegatedAdministrators);
        for (const id of this.delegatedAdministrators) this.account(id);
    }

    /** The account, the management account included. Its `root` and `state` may be changed in place. */
    account(id: string): MemberAccount {
        const account = this.#accounts.get(id);
        if (!account) throw new Error(`no account ${id} in the simulated organization`);
        return account;
    }

    find(id: string): MemberAccount | undefined {
        return this.#accounts.get(id);
    }

    /** The root user of any account, in the organization or not. */
    rootOf(accountId: string): HeldCredentials {
        const inside = this.#accounts.get(accountId)?.root;
        if (inside) return inside;
        const outside = this.#rootsOutside.get(accountId) ?? credentialsFrom({}, accountId, this.#ids);
        this.#rootsOutside.set(accountId, outside);
        return outside;
    }

    /** Whether an SCP other than AWS's own is attached to the account. */
    hasPolicyOfItsOwn(accountId: string): boolean {
        return this.policies
            .attachedTo(accountId, "SERVICE_CONTROL_POLICY")
            .some(({ awsManaged }) => !awsManaged);
    }

    /** Whether a policy can be attached to it: the root, a unit, an account. */
    isPolicyTarget(id: string): boolean {
        return id === this.units.rootId || this.units.withId(id) !== undefined || this.#accounts.has(id);
    }

    /** In the order in which they joined; the management account is the first. */
    accounts(): MemberAccount[] {
        return [...this.#accounts.values()];
    }

    isAdministrator(accountId: string): boolean {
        return accountId === this.managementAccountId || this.delegatedAdministrators.has(accountId);
    }

    /** The root credentials of member accounts, from the state itself and not from what an API would show. */
    rootCredentialsLeft(options: { activeOnly?: boolean } = {}): RootCredentialLeft[] {
        const kinds = ["password", "accessKey", "signingCertificate", "mfaDevice"] as const;
        return this.accounts()
            .filter(
                (account) =>
                    account.id !== this.managementAccountId && !(options.activeOnly && !isOpen(account)),
            )
            .flatMap(({ id: accountId, root }) =>
                kinds.flatMap((kind) => idsOf(root, kind).map((id) => ({ accountId, kind, id }))),
            );
    }

    join(seed: AccountSeed): MemberAccount {
        if (this.#accounts.has(seed.id)) throw new Error(`account ${seed.id} is in the organization already`);
        if (!/^\d{12}$/.test(seed.id)) throw new Error(`an account id has 12 digits, got "${seed.id}"`);
        const accountArn = `arn:${this.partition}:iam::${seed.id}`;
        const account: MemberAccount = {
            id: seed.id,
            name: seed.name,
            email: seed.email ?? `aws+${seed.id}@example.com`,
            unit: seed.unit ?? "",
            state: seed.state ?? "ACTIVE",
            joinedMethod: seed.joinedMethod ?? "CREATED",
            joined: new Date(seed.joined ?? "2024-01-15T09:00:00Z"),
            tags: { ...seed.tags },
            root: credentialsFrom(seed.root ?? {}, accountArn, this.#ids),
            sequence: ++this.#joined,
        };
        this.units.idOf(account.unit);
        this.#accounts.set(account.id, account);
        for (const scp of seed.scps ?? []) this.attachScp(account.id, scp);
        for (const rcp of seed.rcps ?? []) this.attachRcp(account.id, rcp);
        this.#createResources(seed);
        return account;
    }

    /** The account leaves, with its buckets and queues; sessions already issued for it go on until they expire. */
    leave(id: string): void {
        this.#rootsOutside.set(id, this.account(id).root);
        this.delegatedAdministrators.delete(id);
        this.#accounts.delete(id);
        this.policies.forget(id);
    }

    rename(id: string, name: string): void {
        this.account(id).name = name;
    }

    move(id: string, unit: string): void {
        this.units.idOf(unit);
        this.account(id).unit = unit;
    }

    setState(id: string, state: AccountState): void {
        this.account(id).state = state;
    }

    /**
     * Attaches an SCP to an account, a unit or the root, by its id: it binds every account below.
     * Returns the policy's id, which detaches it again.
     */
    attachScp(targetId: string, seed: ScpSeed): string {
        return this.#attach("SERVICE_CONTROL_POLICY", targetId, seed);
    }

    /** FullAWSAccess, which is attached everywhere, goes by its own id: `p-FullAWSAccess`. */
    detachScp(targetId: string, policyId: string): void {
        this.policies.detach(policyId, targetId);
    }

    /** Guards what belongs to the account, whoever asks. Returns the policy's id, which detaches it again. */
    attachRcp(targetId: string, seed: RcpSeed): string {
        return this.#attach("RESOURCE_CONTROL_POLICY", targetId, seed);
    }

    detachRcp(targetId: string, policyId: string): void {
        this.policies.detach(policyId, targetId);
    }

    /** Takes every SCP and RCP of the organization's own off everything. */
    detachEveryPolicy(): void {
        for (const { id } of this.policies.own()) {
            for (const targetId of this.policies.targetsOf(id)) this.policies.detach(id, targetId);
        }
    }

    createRootAccessKey(id: string, seed: AccessKeySeed = {}): string {
        const key = accessKeyFrom({ created: this.clock.now().toISOString(), ...seed }, id, this.#ids);
        this.account(id).root.accessKeys.push(key);
        return key.id;
    }

    setRootPassword(id: string, seed: PasswordSeed = {}): void {
        this.account(id).root.password = passwordFrom({ created: this.clock.now().toISOString(), ...seed });
    }

    setFeature(name: FeatureName, on: boolean): void {
        if (on) this.features.add(name);
        else this.features.delete(name);
    }

    setTrustedAccess(on: boolean): void {
        this.trustedAccess = on;
    }

    registerDelegatedAdministrator(id: string): void {
        this.delegatedAdministrators.add(this.account(id).id);
    }

    deregisterDelegatedAdministrator(id: string): void {
        this.delegatedAdministrators.delete(id);
    }

    /**
     * Attaches an identity policy to a user or role, by its ARN. From then on that principal may do what such policies
     * allow it, and nothing else; without any it may do everything.
     */
    attachIdentityPolicy(principalArn: string, document: PolicyDocument): void {
        this.callerPolicies.attach(principalArn, document);
    }

    detachIdentityPolicies(principalArn: string): void {
        this.callerPolicies.detachAll(principalArn);
    }

    /** Takes permissions such as "sts:AssumeRoot" or "organizations:*" from this account's users and roles, on some resources or all. */
    withholdPermissions(accountId: string, actions: string[], resources: string[] = ["*"]): void {
        this.callerPolicies.withhold(accountId, actions, resources);
    }

    /** Denies this account's users and roles something that they have the permission for. */
    denyPermissions(accountId: string, denial: CallerDenial): void {
        this.callerPolicies.deny(accountId, denial);
    }

    /** Gives this account's users and roles back what was withheld and denied. */
    restorePermissions(accountId: string): void {
        this.callerPolicies.restore(accountId);
    }

    /** Whether policies let the principal do this; nothing is done. */
    allows(request: PolicyRequest): boolean {
        return decide(this, request).allowed;
    }

    /**
     * The SCPs that bind an account's principals, one list for each step from the root down to the account; each step has to
     * allow. None for the management account, nor outside the organization.
     */
    scpsBinding(accountId: string): OrganizationPolicy[][] {
        return this.#inherited("SERVICE_CONTROL_POLICY", accountId);
    }

    /** The RCPs that guard what belongs to an account, in the same way. */
    rcpsGuarding(accountId: string): OrganizationPolicy[][] {
        return this.#inherited("RESOURCE_CONTROL_POLICY", accountId);
    }

    /** The bucket or the queue that an ARN names; of an object, the bucket. */
    resourceNamed(arn: string): OwnedResource | undefined {
        return this.buckets.withArn(arn) ?? this.queues.withArn(arn);
    }

    /** The next call of `action` (or the next few: `times`) that matches fails this way. */
    failNext(action: ActionName | "*", fault: Fault, match: FaultMatch & { times?: number } = {}): void {
        this.faults.schedule(action, fault, match, match.times ?? 1);
    }

    failAlways(action: ActionName | "*", fault: Fault, match: FaultMatch = {}): void {
        this.faults.schedule(action, fault, match, Infinity);
    }

    clearFaults(): void {
        this.faults.clear();
    }

    /** An account that left and joins again has those that it had. */
    #createResources({ id, buckets = [], queues = [] }: AccountSeed): void {
        for (const bucket of buckets) {
            if (this.buckets.find(bucket.name)?.accountId !== id) this.buckets.create(id, bucket);
        }
        for (const queue of queues) {
            const region = queue.region ?? HOME_REGION;
            if (!this.queues.find(id, region, queue.name)) this.queues.create(id, queue);
        }
    }

    #attach(type: PolicyType, targetId: string, seed: ScpSeed | RcpSeed): string {
        if (!this.isPolicyTarget(targetId))
            throw new Error(`no account, unit or root ${targetId} in the simulated organization`);
        const content = JSON.stringify(documentOf(seed));
        const { id } = this.policies.put({
            type,
            name: seed.name,
            content,
            ...(seed.policyId !== undefined && { id: seed.policyId }),
        });
        this.policies.attach(id, targetId);
        return id;
    }

    #inherited(type: PolicyType, accountId: string): OrganizationPolicy[][] {
        const account = this.#accounts.get(accountId);
        if (!account || accountId === this.managementAccountId) return [];
        if (!this.policies.enabledTypes.has(type)) return [];
        const targets = [...this.units.idsDownTo(account.unit), accountId];
        return targets.map((targetId) => this.policies.attachedTo(targetId, type));
    }

    #accountWithRootKey(accessKeyId: string): string | undefined {
        for (const { id, root } of this.#accounts.values()) {
            if (root.accessKeys.some((key) => key.id === accessKeyId && key.status === "Active")) return id;
        }
        return undefined;
    }
}
