/**
 * Sees every call that reaches the organization, and what each account held right after it: "at the time of looking" is
 * a line of this record and not a guess.
 */
import type { Exchange } from "../simulator/exchange";
import type { HeldCredentials, LoggedRequest, Organization } from "../simulator";
import { isOpen } from "../simulator/state/member-account";

export const KINDS = ["loginProfile", "accessKeys", "signingCertificates", "mfaDevices"] as const;
export type Kind = (typeof KINDS)[number];

/** What an account holds, by kind: ids as AWS has them; `password` for a password. */
export type Holding = Record<Kind, string[]>;

/** One call: what it was about, whether it was carried out and properly answered, and what the account held after it. */
export interface Moment {
    readonly number: number;
    readonly action: string;
    /** The account whose credentials signed. */
    readonly signer: string | undefined;
    /** The account that the root session which signed was asked for; or the account that AssumeRoot or DescribeAccount names. */
    readonly about: string | undefined;
    readonly session: string | undefined;
    readonly target: string | undefined;
    readonly carriedOut: boolean;
    /** The caller got exactly what AWS had to say. */
    readonly delivered: boolean;
    /** AWS refused, or failed. */
    readonly errorCode: string | undefined;
    /** A page of a listing with more to come. */
    readonly truncated: boolean;
    /** The summary flags that were answered. */
    readonly flags: ReadonlySet<string>;
    readonly held: Holding;
    readonly active: boolean;
}

const LOOKS: Record<string, Kind> = {
    GetLoginProfile: "loginProfile",
    ListAccessKeys: "accessKeys",
    ListSigningCertificates: "signingCertificates",
    ListMFADevices: "mfaDevices",
};

const FLAGS: Record<Kind, string> = {
    loginProfile: "AccountPasswordPresent",
    accessKeys: "AccountAccessKeysPresent",
    signingCertificates: "AccountSigningCertificatesPresent",
    mfaDevices: "AccountMFAEnabled",
};

const REMOVALS: Record<string, Kind> = {
    DeleteLoginProfile: "loginProfile",
    DeleteAccessKey: "accessKeys",
    DeleteSigningCertificate: "signingCertificates",
    DeactivateMFADevice: "mfaDevices",
};

export class Witness {
    readonly moments: Moment[] = [];
    /** Everything that an account ever held, by account. */
    private readonly ever = new Map<string, Holding>();
    private readonly askedFor = new Map<string, string>();

    constructor(private readonly organization: Organization) {}

    sees(entry: LoggedRequest, exchange: Exchange): Moment {
        const { action, accessKeyId, callerAccountId, target, issuedAccessKeyId, errorCode } = entry;
        if (issuedAccessKeyId && target) this.askedFor.set(issuedAccessKeyId, target);
        const asked = this.askedFor.get(accessKeyId ?? "");
        const names = action === "AssumeRoot" || action === "DescribeAccount";
        const about = asked ?? (names ? target : undefined);
        const answer = exchange.answer ?? {};
        const summary = answer["SummaryMap"];
        const moment: Moment = {
            number: this.moments.length,
            action,
            signer: callerAccountId,
            about,
            session: asked === undefined ? undefined : accessKeyId,
            target,
            carriedOut: exchange.answer !== undefined,
            delivered: isDelivered(exchange),
            errorCode,
            truncated: answer["IsTruncated"] === true,
            flags: new Set(summary instanceof Map ? summary.keys() : []),
            held: this.holding(asked === undefined ? about : callerAccountId),
            active: this.isActive(about ?? ""),
        };
        this.moments.push(moment);
        return moment;
    }

    /** What the account holds now; remembered as having been there. */
    holding(accountId: string | undefined): Holding {
        if (accountId === undefined) return holdingOf(NOTHING);
        const held = holdingOf(
            this.organization.find(accountId)?.root ?? this.organization.rootOf(accountId),
        );
        const ever = this.holdingsOf(accountId);
        for (const kind of KINDS) ever[kind] = [...new Set([...ever[kind], ...held[kind]])];
        this.ever.set(accountId, ever);
        return held;
    }

    /** All that the account ever held, as far as was seen. */
    holdingsOf(accountId: string): Holding {
        return this.ever.get(accountId) ?? holdingOf(NOTHING);
    }

    isActive(accountId: string): boolean {
        const account = this.organization.find(accountId);
        return account !== undefined && isOpen(account);
    }
}

const NOTHING: HeldCredentials = { accessKeys: [], signingCertificates: [], mfaDevices: [] };

export function holdingOf(held: HeldCredentials): Holding {
    return {
        loginProfile: held.password ? ["password"] : [],
        accessKeys: held.accessKeys.map(({ id }) => id),
        signingCertificates: held.signingCertificates.map(({ id }) => id),
        mfaDevices: held.mfaDevices.map(({ serial }) => serial),
    };
}

/** A body that is garbled takes the place of an answer, not of a refusal. */
function isDelivered({ admitted, isGarbled }: Exchange): boolean {
    const fault = admitted?.fault;
    if (fault === undefined || fault.kind === "otherAccount") return true;
    return fault.kind === "garbled" && fault.carriedOut && !isGarbled;
}

/** Whether the caller learnt at this moment what the account holds of a kind. */
export function isLook(
    { action, about, signer, delivered, errorCode, truncated, flags }: Moment,
    kind: Kind,
): boolean {
    if (!delivered || about === undefined || about !== signer) return false;
    if (action === "GetAccountSummary") return errorCode === undefined && flags.has(FLAGS[kind]);
    if (LOOKS[action] !== kind) return false;
    return errorCode === undefined
        ? !truncated
        : action === "GetLoginProfile" && errorCode === "NoSuchEntity";
}

/** The kind and id of a credential that was removed at this moment. */
export function removalAt({ action, target, carriedOut }: Moment): { kind: Kind; id: string } | undefined {
    const kind = REMOVALS[action];
    return kind && carriedOut ? { kind, id: target ?? "password" } : undefined;
}

export const WRITES = /^(Create|Delete|Deactivate|Update|Put|Enable|Disable|Set|Upload|Attach)/;
