import type { Action, Answer, Call } from "../call";
import type { CredentialKind, HeldByKind } from "../state/credentials";
import { accessDenied } from "../policies/authorization";
import { noSuchEntity, required, subjectOf } from "./iam-subject";

export const CREDENTIAL_DELETIONS = {
    DeleteAccessKey: deleteAccessKey,
    DeleteSigningCertificate: deleteSigningCertificate,
    DeleteLoginProfile: deleteLoginProfile,
    DeactivateMFADevice: deactivateMfaDevice,
    DeleteVirtualMFADevice: deleteVirtualMfaDevice,
} satisfies Record<string, Action>;

function deleteAccessKey(call: Call): Answer {
    const id = required(call, "AccessKeyId");
    const { credentials } = subjectOf(call);
    const key = credentials.accessKeys.find((candidate) => candidate.id === id);
    if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    credentials.accessKeys = credentials.accessKeys.filter((other) => other !== key);
    return deleted(call, "accessKey", key);
}

function deleteSigningCertificate(call: Call): Answer {
    const id = required(call, "CertificateId");
    const { credentials } = subjectOf(call);
    const certificate = credentials.signingCertificates.find((candidate) => candidate.id === id);
    if (!certificate) throw noSuchEntity(`The Certificate with id ${id} cannot be found.`);
    credentials.signingCertificates = credentials.signingCertificates.filter(
        (other) => other !== certificate,
    );
    return deleted(call, "signingCertificate", certificate);
}

function deleteLoginProfile(call: Call): Answer {
    const { credentials, userName } = subjectOf(call);
    const { password } = credentials;
    if (!password) throw noSuchEntity(`Login Profile for User ${userName ?? "null"} cannot be found.`);
    delete credentials.password;
    return deleted(call, "password", password);
}

function deactivateMfaDevice(call: Call): Answer {
    const serial = required(call, "SerialNumber");
    const { credentials } = subjectOf(call);
    const device = credentials.mfaDevices.find((candidate) => candidate.serial === serial);
    if (!device) throw noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);
    credentials.mfaDevices = credentials.mfaDevices.filter((other) => other !== device);
    return deleted(call, "mfaDevice", device);
}

/** No task policy lets a root session through to here, and the simulator keeps no unassigned devices. */
function deleteVirtualMfaDevice(call: Call): Answer {
    const serial = required(call, "SerialNumber");
    throw accessDenied(
        `User: ${call.principal.arn} is not authorized to perform: iam:DeleteVirtualMFADevice on resource: ${serial}`,
    );
}

/** A deletion answers nothing; reads may lag behind it. */
function deleted<K extends CredentialKind>(call: Call, kind: K, held: HeldByKind[K]): Answer {
    call.organization.readLag.remember(subjectOf(call).credentials, kind, held);
    return {};
}
