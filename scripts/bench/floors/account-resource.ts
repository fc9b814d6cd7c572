/** A dynamic resource with the same properties as `RootCredentialsAbsent` and a provider of a floor. */
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

/** The text by which Pulumi loads a floor's provider from the folder of Pulumi.yaml. */
export function providerText(name: string): string {
    return `exports.handler=()=>require("./dist/scripts/bench/floors/${name}")`;
}
