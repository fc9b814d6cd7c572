import type { Clock } from "./clock";
import type { HeldCredentials } from "./credentials";
import type { Identifiers } from "./identifiers";

/** Who signs a request. */
export type Principal = IamUser | RoleSession | RootUser | RootSession;

interface Signer {
    readonly accountId: string;
    readonly arn: string;
    readonly userId: string;
}

/** An IAM user, one per calling account, with credentials of its own that a tool must never touch. */
export interface IamUser extends Signer {
    readonly kind: "user";
    readonly userName: string;
    readonly signingKey: SigningKey;
    readonly credentials: HeldCredentials;
}

export interface RoleSession extends Signer {
    readonly kind: "role";
    /** The role itself, which policies are attached to; `arn` is the session's. */
    readonly roleArn: string;
    readonly signingKey: TemporaryKey;
}

/** The root user itself, signing with one of its long-lived access keys. */
export interface RootUser extends Signer {
    readonly kind: "root";
}

/** The root user of a member account as sts:AssumeRoot hands it out: bounded by a task policy, and short. */
export interface RootSession extends Signer {
    readonly kind: "rootSession";
    readonly taskPolicy: string;
    readonly signingKey: TemporaryKey;
}

export interface SigningKey {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
}

export interface TemporaryKey extends SigningKey {
    readonly sessionToken: string;
    readonly expires: Date;
}

export type Unidentified = "unknown" | "expired";

const ROLE_SESSION_SECONDS = 3600;

/** A role may have a path; the ARN of its session leaves it out. */
const ROLE_ARN = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.+\/)?([\w+=,.@-]+)$/;

/** Everybody who holds a key, found by the access key id that a request carries. */
export class Principals {
    readonly #users = new Map<string, IamUser>();
    readonly #roles = new Map<string, RoleSession>();
    readonly #byKey = new Map<string, IamUser | RoleSession | RootSession>();

    constructor(
        private readonly partition: string,
        private readonly clock: Clock,
        readonly ids: Identifiers,
        /** The account whose root user holds this long-lived access key, and may sign with it. */
        private readonly accountWithRootKey: (accessKeyId: string) => string | undefined,
    ) {}

    /** The IAM user "operator" of an account, in the organization or not. */
    userIn(accountId: string): IamUser {
        return this.#users.get(accountId) ?? this.#createUser(accountId);
    }

    /** A session of the role "Operator"; "expired" ended before it was asked for. */
    roleIn(accountId: string, expired = false): RoleSession {
        return this.sessionOf(`arn:${this.partition}:iam::${accountId}:role/Operator`, expired);
    }

    /** A session of any role, by the role's ARN. */
    sessionOf(roleArn: string, expired = false): RoleSession {
        const name = `${roleArn}/${expired}`;
        return this.#roles.get(name) ?? this.#createRoleSession(roleArn, name, expired);
    }

    /** The root user of an account, as it signs with a long-lived access key of its own. */
    rootUserIn(accountId: string): RootUser {
        return { kind: "root", accountId, arn: this.rootArn(accountId), userId: accountId };
    }

    createRootSession(accountId: string, taskPolicy: string, seconds: number): RootSession {
        const session: RootSession = {
            kind: "rootSession",
            accountId,
            arn: this.rootArn(accountId),
            userId: accountId,
            taskPolicy,
            signingKey: this.#temporaryKey(accountId, seconds),
        };
        this.#byKey.set(session.signingKey.accessKeyId, session);
        return session;
    }

    rootArn(accountId: string): string {
        return `arn:${this.partition}:iam::${accountId}:root`;
    }

    /** Who holds this key, if the key is known, still exists, and comes with the right token in good time. */
    identify(accessKeyId: string, sessionToken: string | undefined): Principal | Unidentified {
        const principal = this.#byKey.get(accessKeyId);
        if (!principal) return this.#rootUserWith(accessKeyId) ?? "unknown";
        if (principal.kind === "user") {
            const usable = principal.credentials.accessKeys.some(
                (key) => key.id === accessKeyId && key.status === "Active",
            );
            return usable && sessionToken === undefined ? principal : "unknown";
        }
        if (principal.signingKey.sessionToken !== sessionToken) return "unknown";
        return principal.signingKey.expires > this.clock.now() ? principal : "expired";
    }

    /** Every secret key and session token that was ever handed out; none of them may turn up anywhere else. */
    secrets(): string[] {
        return [...this.#byKey.values()].flatMap(({ signingKey }) => [
            signingKey.secretAccessKey,
            ...("sessionToken" in signingKey ? [signingKey.sessionToken] : []),
        ]);
    }

    #rootUserWith(accessKeyId: string): RootUser | undefined {
        const accountId = this.accountWithRootKey(accessKeyId);
        return accountId === undefined ? undefined : this.rootUserIn(accountId);
    }

    #createUser(accountId: string): IamUser {
        const signingKey = {
            accessKeyId: this.ids.key("AKIA", accountId),
            secretAccessKey: this.ids.secret(),
        };
        const created = new Date("2024-01-15T09:00:00Z");
        const iam = `arn:${this.partition}:iam::${accountId}`;
        const user: IamUser = {
            kind: "user",
            accountId,
            userName: "operator",
            arn: `${iam}:user/operator`,
            userId: this.ids.key("AIDA", accountId),
            signingKey,
            credentials: {
                password: { created },
                accessKeys: [{ id: signingKey.accessKeyId, status: "Active", created }],
                signingCertificates: [],
                mfaDevices: [{ serial: `${iam}:mfa/operator`, enabled: created }],
            },
        };
        this.#users.set(accountId, user);
        this.#byKey.set(signingKey.accessKeyId, user);
        return user;
    }

    #createRoleSession(roleArn: string, name: string, expired: boolean): RoleSession {
        const [, accountId, role] = ROLE_ARN.exec(roleArn) ?? [];
        if (accountId === undefined || role === undefined)
            throw new Error(`expected a role's ARN, got "${roleArn}"`);
        const session: RoleSession = {
            kind: "role",
            accountId,
            roleArn,
            arn: `arn:${this.partition}:sts::${accountId}:assumed-role/${role}/pipeline`,
            userId: `${this.ids.key("AROA", accountId)}:pipeline`,
            signingKey: this.#temporaryKey(accountId, expired ? -1 : ROLE_SESSION_SECONDS),
        };
        this.#roles.set(name, session);
        this.#byKey.set(session.signingKey.accessKeyId, session);
        return session;
    }

    #temporaryKey(accountId: string, seconds: number): TemporaryKey {
        return {
            accessKeyId: this.ids.key("ASIA", accountId),
            secretAccessKey: this.ids.secret(),
            sessionToken: this.ids.sessionToken(),
            expires: new Date(this.clock.now().getTime() + seconds * 1000),
        };
    }
}
