import { DeactivateMFADeviceCommand, ListMFADevicesCommand } from "@aws-sdk/client-iam";
import type { CredentialKind } from "../credential";
import { askIam, wholeIamListing } from "../../aws/iam-responses";
import { createdAt, removedOrGone } from "../../aws/responses";

/**
 * MFA devices of every type: virtual, hardware, passkeys. A root session may only deactivate one. The record of a virtual
 * device remains, because the task policy does not allow `DeleteVirtualMFADevice`. It is harmless.
 */
export const mfaDevices: CredentialKind = {
    describe: (id) => `MFA device ${id}`,
    createdVerb: "enabled",
    summaryFlag: "AccountMFAEnabled",
    listAction: "iam:ListMFADevices",
    removeAction: "iam:DeactivateMFADevice",

    async list(iam) {
        const ask = (Marker?: string) => askIam(iam, new ListMFADevicesCommand({ Marker }));
        const devices = await wholeIamListing(ask, "MFADevices", "SerialNumber");
        return devices.map(([id, { EnableDate }]) => ({ id, ...createdAt(EnableDate) }));
    },

    remove: (iam, id) => removedOrGone(iam.send(new DeactivateMFADeviceCommand({ SerialNumber: id }))),
};
