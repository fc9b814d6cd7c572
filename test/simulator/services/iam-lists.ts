import { constraintBroken, validationError } from "../aws-error";
import type { Action, Answer, Call } from "../call";
import { noSuchEntity, required, subjectOf } from "./iam-subject";

export const CREDENTIAL_LISTS = {
    ListAccessKeys: listAccessKeys,
    ListSigningCertificates: listSigningCertificates,
    ListMFADevices: listMfaDevices,
    GetAccessKeyLastUsed: getAccessKeyLastUsed,
} satisfies Record<string, Action>;

function listAccessKeys(call: Call): Answer {
    const { credentials, userName: UserName } = subjectOf(call);
    const keys = call.organization.readLag.visible(credentials, "accessKey");
    return onePage(call, "AccessKeyMetadata", keys, ({ id, status, created }) => ({
        UserName,
        AccessKeyId: id,
        Status: status,
        CreateDate: created,
    }));
}

function listSigningCertificates(call: Call): Answer {
    const { credentials, userName: UserName } = subjectOf(call);
    const certificates = call.organization.readLag.visible(credentials, "signingCertificate");
    return onePage(call, "Certificates", certificates, ({ id, status, created }) => ({
        UserName,
        CertificateId: id,
        CertificateBody: `-----BEGIN CERTIFICATE-----\n${id}\n-----END CERTIFICATE-----`,
        Status: status,
        UploadDate: created,
    }));
}

function listMfaDevices(call: Call): Answer {
    const { credentials, userName: UserName } = subjectOf(call);
    const devices = call.organization.readLag.visible(credentials, "mfaDevice");
    return onePage(call, "MFADevices", devices, ({ serial, enabled }) => ({
        UserName,
        SerialNumber: serial,
        EnableDate: enabled,
    }));
}

/** A key that was never used answers "N/A" and no date. */
function getAccessKeyLastUsed(call: Call): Answer {
    const id = required(call, "AccessKeyId");
    const { credentials, userName } = subjectOf(call);
    const key = credentials.accessKeys.find((candidate) => candidate.id === id);
    if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    const { date, service = "N/A", region = "N/A" } = key.lastUsed ?? {};
    return {
        UserName: userName,
        AccessKeyLastUsed: { LastUsedDate: date, ServiceName: service, Region: region },
    };
}

/** The page that `Marker` asks for, of at most `MaxItems` and never more than the organization's page size. */
function onePage<T>(call: Call, name: string, items: readonly T[], shown: (item: T) => Answer): Answer {
    const size = Math.min(call.organization.iamPageSize, requestedItems(call));
    const start = requestedStart(call);
    const end = start + size;
    const IsTruncated = end < items.length;
    return {
        [name]: items.slice(start, end).map(shown),
        IsTruncated,
        Marker: IsTruncated ? Buffer.from(`from ${end}`).toString("base64") : undefined,
    };
}

function requestedItems({ parameters }: Call): number {
    const wanted = parameters.get("MaxItems") ?? "100";
    if (/^\d+$/.test(wanted) && Number(wanted) >= 1 && Number(wanted) <= 1000) return Number(wanted);
    throw constraintBroken(wanted, "maxItems", "Member must have value between 1 and 1000");
}

function requestedStart({ parameters }: Call): number {
    const marker = parameters.get("Marker");
    if (marker === undefined) return 0;
    const [, start] = /^from (\d+)$/.exec(Buffer.from(marker, "base64").toString()) ?? [];
    if (start === undefined) throw validationError(`Invalid Marker: ${marker}`);
    return Number(start);
}
