/** A dynamic resource of the same shape as `RootCredentialsAbsent`, with nothing behind it but the provider that it names. */
import * as pulumi from "@pulumi/pulumi";

const OUTPUTS_ONLY = {
    loginProfile: undefined,
    accessKeys: undefined,
    signingCertificates: undefined,
    mfaDevices: undefined,
    auditError: undefined,
    auditErrorDetail: undefined,
    evidence: undefined,
    lastRemoval: undefined,
    organizationId: undefined,
    __observedInRun: undefined,
};

export interface Account {
    id: string;
    name: string;
}

export class AccountResource extends pulumi.CustomResource {
    constructor({ id, name }: Account, __provider: string, options: pulumi.CustomResourceOptions = {}) {
        const declared = {
            accountId: id,
            accountName: name,
            organizationalUnit: "Workloads/Prod",
            onDelete: "retain",
        };
        super(
            "pulumi-nodejs:dynamic/bench:Account",
            id,
            { ...declared, ...OUTPUTS_ONLY, __provider },
            options,
        );
    }
}

/** The text by which Pulumi finds a floor's provider, in the folder of Pulumi.yaml. */
export function providerText(name: string): string {
    return `exports.handler=()=>require("./dist/scripts/bench/floors/${name}")`;
}
