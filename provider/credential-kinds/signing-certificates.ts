import { DeleteSigningCertificateCommand, paginateListSigningCertificates } from "@aws-sdk/client-iam";
import type { Credential, CredentialKind } from ".";
import { created, removedOrGone, required, wholeListing } from "./answers";

/** X.509 signing certificates, for SOAP calls of old services. AWS records no last use for them. */
export const signingCertificates: CredentialKind = {
    describe: (id) => `signing certificate ${id}`,
    born: "uploaded",
    summaryFlag: "AccountSigningCertificatesPresent",
    listAction: "iam:ListSigningCertificates",
    removeAction: "iam:DeleteSigningCertificate",

    async list(iam) {
        const found: Credential[] = [];
        for await (const page of wholeListing(paginateListSigningCertificates({ client: iam }, {}))) {
            for (const certificate of required(page.Certificates, "Certificates")) {
                const id = required(certificate.CertificateId, "CertificateId");
                const status = certificate.Status && { status: certificate.Status.toLowerCase() };
                found.push({ id, ...status, ...created(certificate.UploadDate) });
            }
        }
        return found;
    },

    remove: (iam, id) => removedOrGone(iam.send(new DeleteSigningCertificateCommand({ CertificateId: id }))),
};
