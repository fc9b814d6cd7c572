import type { OrganizationSeed, ScpDenial } from "./state/seed";

/** Denies everything to root users, root sessions included: what many landing zones still carry. */
export const DENY_ROOT: ScpDenial = {
    name: "deny-root-user",
    policyId: "p-k4q9z2hv",
    actions: ["*"],
    appliesTo: "root",
};

/** The same, with the exemption that lets root sessions through. */
const DENY_LONG_LIVED_ROOT: ScpDenial = {
    name: "deny-long-lived-root-user",
    policyId: "p-7w3m8c1d",
    actions: ["*"],
    appliesTo: "root",
    exemptAssumedRoot: true,
};

/**
 * A small company's organization as it is found before anybody looked: accounts made by Organizations with a random
 * root password that nobody knows, an acquired company's account with old keys, one account that refuses to be
 * audited, and a few that are clean.
 */
export const EXAMPLE_ORGANIZATION: OrganizationSeed = {
    management: { id: "418263950174", name: "larkspur-management" },
    delegatedAdministrators: ["530917264482"],
    accounts: [
        {
            id: "530917264482",
            name: "security-tooling",
            unit: "Security",
            joined: "2023-03-06T10:12:00Z",
            tags: { owner: "security" },
        },
        {
            id: "264801739655",
            name: "log-archive",
            unit: "Security",
            joined: "2023-03-06T10:15:00Z",
            tags: { owner: "security" },
            root: { password: { created: "2023-03-06T10:15:00Z" } },
        },
        {
            id: "791546203318",
            name: "network",
            unit: "Infrastructure",
            joined: "2023-03-07T08:40:00Z",
            tags: { owner: "platform" },
            root: {
                password: { created: "2023-03-07T08:40:00Z", lastUsed: "2025-11-19T16:04:00Z" },
                mfaDevices: [{ kind: "virtual", enabled: "2023-03-09T13:00:00Z" }],
            },
        },
        {
            id: "150372896647",
            name: "shared-services",
            unit: "Infrastructure",
            joined: "2023-03-07T08:44:00Z",
            tags: { owner: "platform" },
            root: { password: { created: "2023-03-07T08:44:00Z" } },
        },
        {
            id: "687420519933",
            name: "payments-prod",
            unit: "Workloads/Prod",
            joined: "2023-09-18T12:30:00Z",
            tags: { owner: "payments", tier: "1" },
            root: {
                password: { created: "2023-09-18T12:30:00Z", lastUsed: "2026-03-01T07:45:00Z" },
                accessKeys: [
                    {
                        id: "AKIAZ3MEXQ7RTBWL5NJU",
                        created: "2023-10-02T14:20:00Z",
                        lastUsed: "2026-08-30T02:00:00Z",
                        lastUsedService: "s3",
                        lastUsedRegion: "eu-central-1",
                    },
                ],
                mfaDevices: [{ kind: "hardware", serial: "GAHT40817263", enabled: "2023-10-02T14:31:00Z" }],
            },
            scps: [DENY_LONG_LIVED_ROOT],
        },
        {
            id: "302958167724",
            name: "storefront-prod",
            unit: "Workloads/Prod",
            joined: "2023-09-18T12:41:00Z",
            tags: { owner: "storefront", tier: "1" },
            root: { password: { created: "2023-09-18T12:41:00Z" } },
            scps: [DENY_LONG_LIVED_ROOT],
        },
        {
            id: "946013728851",
            name: "data-lake-prod",
            unit: "Workloads/Prod",
            joined: "2024-02-12T09:05:00Z",
            tags: { owner: "data" },
            root: { password: { created: "2024-02-12T09:05:00Z" } },
            scps: [DENY_ROOT],
        },
        {
            id: "215739604486",
            name: "payments-dev",
            unit: "Workloads/NonProd",
            joined: "2023-09-18T12:52:00Z",
            tags: { owner: "payments" },
            root: { password: { created: "2023-09-18T12:52:00Z" } },
        },
        {
            id: "873094152260",
            name: "storefront-dev",
            unit: "Workloads/NonProd",
            joined: "2025-06-03T11:18:00Z",
            tags: { owner: "storefront" },
        },
        {
            id: "509681347712",
            name: "lindqvist-webshop",
            email: "it@lindqvist-webshop.example",
            unit: "Workloads/NonProd",
            joinedMethod: "INVITED",
            joined: "2025-01-20T15:00:00Z",
            tags: { owner: "storefront", origin: "acquisition" },
            root: {
                password: { created: "2017-05-11T18:22:00Z", lastUsed: "2025-01-20T14:52:00Z" },
                accessKeys: [
                    {
                        id: "AKIAJ6QWN2VCDK7XHTSA",
                        created: "2017-05-11T18:30:00Z",
                        lastUsed: "2019-12-04T23:10:00Z",
                        lastUsedService: "ec2",
                        lastUsedRegion: "eu-north-1",
                    },
                    { id: "AKIAI4RXYPGUL3MOBEZQ", status: "Inactive", created: "2018-02-27T08:00:00Z" },
                ],
                signingCertificates: [{ id: "TA7SMP42TDN5Z26OBPJE7QHV", created: "2017-05-12T09:41:00Z" }],
                mfaDevices: [{ kind: "virtual", enabled: "2021-08-16T10:00:00Z" }],
            },
        },
        {
            id: "660247918835",
            name: "sandbox-experiments",
            unit: "Sandbox",
            joined: "2025-10-14T13:37:00Z",
            tags: { owner: "platform" },
        },
        {
            id: "137850462999",
            name: "retired-newsletter",
            unit: "Suspended",
            state: "SUSPENDED",
            joined: "2023-04-21T16:08:00Z",
            root: { password: { created: "2023-04-21T16:08:00Z" } },
        },
    ],
};
