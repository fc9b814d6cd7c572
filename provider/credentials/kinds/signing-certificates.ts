import { DeleteSigningCertificateCommand, ListSigningCertificatesCommand } from "@aws-sdk/client-iam";
import type { CredentialKind } from "../credential";
import { askIam, wholeIamListing } from "../../aws/iam-responses";
import { createdAt, removedOrGone } from "../../aws/responses";

/** X.509 signing certificates, for SOAP calls of old services. AWS records no last use of them. */
export const signingCertificates: CredentialKind = {
    describe: (id) => `signing certificate ${id}`,
    createdVerb: "uploaded",
    summaryFlag: "AccountSigningCertificatesPresent",
    listAction: "iam:ListSigningCertificates",
    removeAction: "iam:DeleteSigningCertificate",

    async list(iam) {
        const ask = (Marker?: string) => askIam(iam, new ListSigningCertificatesCommand({ Marker }));
        const certificates = await wholeIamListing(ask, "Certificates", "CertificateId");
        return certificates.map(([id, { Status, UploadDate }]) => ({
            id,
            ...(Status && { status: Status.toLowerCase() }),
            ...createdAt(UploadDate),
        }));
    },

    remove: (iam, id) => removedOrGone(iam.send(new DeleteSigningCertificateCommand({ CertificateId: id }))),
};
