import type { Identifiers } from "./identifiers";
import type { AccessKeySeed, CertificateSeed, MfaSeed, PasswordSeed, RootSeed } from "./seed";

export interface Password {
    created: Date;
    lastUsed?: Date;
}

export interface AccessKey {
    id: string;
    status: "Active" | "Inactive" | "Expired";
    created: Date;
    lastUsed?: { date: Date; service: string; region: string };
}

export interface SigningCertificate {
    id: string;
    status: "Active" | "Inactive";
    created: Date;
}

export interface MfaDevice {
    serial: string;
    enabled: Date;
}

/** The long-lived credentials of one root user or IAM user. Live: a test may change them at any time. */
export interface HeldCredentials {
    password?: Password;
    accessKeys: AccessKey[];
    signingCertificates: SigningCertificate[];
    mfaDevices: MfaDevice[];
}

/** The four kinds, so that they can be treated alike. */
export interface HeldByKind {
    password: Password;
    accessKey: AccessKey;
    signingCertificate: SigningCertificate;
    mfaDevice: MfaDevice;
}

export type CredentialKind = keyof HeldByKind;

const HELD: { [K in CredentialKind]: (holder: HeldCredentials) => readonly HeldByKind[K][] } = {
    password: ({ password }) => (password ? [password] : []),
    accessKey: ({ accessKeys }) => accessKeys,
    signingCertificate: ({ signingCertificates }) => signingCertificates,
    mfaDevice: ({ mfaDevices }) => mfaDevices,
};

const ID: { [K in CredentialKind]: (held: HeldByKind[K]) => string } = {
    password: () => "password",
    accessKey: ({ id }) => id,
    signingCertificate: ({ id }) => id,
    mfaDevice: ({ serial }) => serial,
};

export function heldOf<K extends CredentialKind>(holder: HeldCredentials, kind: K): readonly HeldByKind[K][] {
    return HELD[kind](holder);
}

/** Access key ids, certificate ids or serial numbers; "password" for a password. */
export function idsOf<K extends CredentialKind>(holder: HeldCredentials, kind: K): string[] {
    return heldOf(holder, kind).map(ID[kind]);
}

/** The time of things whose age does not matter to a test. */
const LONG_AGO = "2024-01-15T09:00:00Z";

export function credentialsFrom(seed: RootSeed, accountArn: string, ids: Identifiers): HeldCredentials {
    const accountId = /\d{12}/.exec(accountArn)?.[0] ?? "";
    return {
        ...(seed.password && { password: passwordFrom(seed.password) }),
        accessKeys: (seed.accessKeys ?? []).map((key) => accessKeyFrom(key, accountId, ids)),
        signingCertificates: (seed.signingCertificates ?? []).map((certificate) =>
            certificateFrom(certificate, ids),
        ),
        mfaDevices: (seed.mfaDevices ?? []).map((device) => mfaDeviceFrom(device, accountArn, ids)),
    };
}

export function passwordFrom({ created, lastUsed }: PasswordSeed): Password {
    return { created: new Date(created ?? LONG_AGO), ...(lastUsed && { lastUsed: new Date(lastUsed) }) };
}

export function accessKeyFrom(seed: AccessKeySeed, accountId: string, ids: Identifiers): AccessKey {
    return {
        id: seed.id ?? ids.key("AKIA", accountId),
        status: seed.status ?? "Active",
        created: new Date(seed.created ?? LONG_AGO),
        ...(seed.lastUsed && {
            lastUsed: {
                date: new Date(seed.lastUsed),
                service: seed.lastUsedService ?? "iam",
                region: seed.lastUsedRegion ?? "us-east-1",
            },
        }),
    };
}

function certificateFrom(seed: CertificateSeed, ids: Identifiers): SigningCertificate {
    return {
        id: seed.id ?? ids.certificate(),
        status: seed.status ?? "Active",
        created: new Date(seed.created ?? LONG_AGO),
    };
}

function mfaDeviceFrom(seed: MfaSeed, accountArn: string, ids: Identifiers): MfaDevice {
    const serials = {
        virtual: () => `${accountArn}:mfa/root-account-mfa-device`,
        passkey: () => `${accountArn}:u2f/root-account-passkey-${ids.passkeySuffix()}`,
        hardware: () => ids.hardwareSerial(),
    };
    return {
        serial: seed.serial ?? serials[seed.kind ?? "virtual"](),
        enabled: new Date(seed.enabled ?? LONG_AGO),
    };
}
