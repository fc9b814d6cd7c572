import { DeactivateMFADeviceCommand, paginateListMFADevices } from "@aws-sdk/client-iam";
import type { Credential, CredentialKind } from ".";
import { created, removedOrGone, required, wholeListing } from "./answers";

/**
 * MFA devices of every sort: virtual, hardware, passkeys. Deactivating one is all a root session may do; the leftover
 * record of a virtual device (`DeleteVirtualMFADevice`) is outside the task policy and harmless.
 */
export const mfaDevices: CredentialKind = {
    describe: (id) => `MFA device ${id}`,
    born: "enabled",
    summaryFlag: "AccountMFAEnabled",
    listAction: "iam:ListMFADevices",
    removeAction: "iam:DeactivateMFADevice",

    async list(iam) {
        const found: Credential[] = [];
        for await (const page of wholeListing(paginateListMFADevices({ client: iam }, {}))) {
            for (const device of required(page.MFADevices, "MFADevices")) {
                found.push({
                    id: required(device.SerialNumber, "SerialNumber"),
                    ...created(device.EnableDate),
                });
            }
        }
        return found;
    },

    remove: (iam, id) => removedOrGone(iam.send(new DeactivateMFADeviceCommand({ SerialNumber: id }))),
};
