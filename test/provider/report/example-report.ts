/** A report with every state that an account can be in, of the organization that the demo has too. */
import type { AccountInReport, Report } from "../../../provider/report/model";
import { providerModule } from "../harness/package";

const { reportOf } = providerModule("report/model");

export const EXAMPLE_ACCOUNTS: AccountInReport[] = [
    {
        id: "418263950174",
        name: "larkspur-management",
        organizationalUnit: "",
        mark: "skipped",
        because:
            "is the organization's management account, whose root user AWS leaves out of central root access",
    },
    { id: "530917264482", name: "security-tooling", organizationalUnit: "Security", mark: "clean" },
    { id: "264801739655", name: "log-archive", organizationalUnit: "Security", mark: "clean" },
    {
        id: "791546203318",
        name: "network",
        organizationalUnit: "Infrastructure",
        mark: "excepted",
        credentials: [
            {
                kind: "loginProfile",
                id: "password",
                created: "2023-03-07T08:40:00Z",
                lastUsed: { at: "2025-11-19T16:04:00Z" },
                stays: "an exception allows it until 2026-12-05",
            },
        ],
        exception: {
            until: "2026-12-05T18:00:00Z",
            reason: "TICKET-4713: the registrar wants a signature of the root user",
        },
    },
    {
        id: "382640175529",
        name: "escrow-archive",
        organizationalUnit: "Infrastructure",
        mark: "acknowledged",
        unreadable: {
            cause: "the service control policy p-f8w3n6rt denies it (iam:GetAccountSummary)",
            detail: "iam:GetAccountSummary was refused in account 382640175529: the service control policy p-f8w3n6rt denies it.",
            next: "Let the policy leave out root sessions that `sts:AssumeRoot` opens.",
        },
        acknowledged: { until: "2027-03-31T18:00:00Z", reason: "TICKET-4731: frozen by court order" },
    },
    {
        id: "150372896647",
        name: "shared-services",
        organizationalUnit: "Infrastructure",
        mark: "drifted",
        exception: {
            until: "2026-12-12T08:00:00Z",
            reason: "TICKET-4720: close the old support contract",
        },
    },
    {
        id: "687420519933",
        name: "payments-prod",
        organizationalUnit: "Workloads/Prod",
        mark: "drifted",
        credentials: [
            {
                kind: "accessKey",
                id: "AKIAZ3MEXQ7RTBWL5NJU",
                status: "Active",
                created: "2023-10-02T14:20:00Z",
                lastUsed: { at: "2026-11-26T02:00:00Z", service: "s3", region: "eu-central-1" },
                stays: "used 2 days ago; `keepIfUsedWithin` keeps it for 90 days after its last use",
            },
            {
                kind: "loginProfile",
                id: "password",
                created: "2023-09-18T12:30:00Z",
                lastUsed: { at: "2026-03-01T07:45:00Z" },
            },
            {
                kind: "mfaDevice",
                id: "arn:aws:iam::687420519933:mfa/root-account-mfa-device",
                created: "2023-10-02T14:31:00Z",
            },
        ],
    },
    {
        id: "302958167724",
        name: "storefront-prod",
        organizationalUnit: "Workloads/Prod",
        mark: "drifted",
        credentials: [
            {
                kind: "loginProfile",
                id: "password",
                created: "2023-09-18T12:41:00Z",
                lastUsed: "never",
            },
        ],
    },
    {
        id: "946013728851",
        name: "data-lake-prod",
        organizationalUnit: "Workloads/Prod",
        mark: "unreadable",
        unreadable: {
            cause: "the service control policy p-k4q9z2hv denies it (iam:ListAccessKeys)",
            detail:
                "iam:ListAccessKeys was refused in account 946013728851: the service control policy p-k4q9z2hv denies it. " +
                "Let the policy leave out root sessions that `sts:AssumeRoot` opens. AWS said: AccessDenied: User: " +
                "arn:aws:iam::946013728851:root is not authorized to perform: iam:ListAccessKeys with an explicit deny in a " +
                "service control policy: arn:aws:organizations::418263950174:policy/o-h2qz81mv4k/service_control_policy/p-k4q9z2hv",
            next: "Let the policy leave out root sessions that `sts:AssumeRoot` opens (docs/foundation.md).",
        },
    },
    {
        id: "215739604486",
        name: "payments-dev",
        organizationalUnit: "Workloads/NonProd",
        mark: "not inspected",
        because: "the preview ended before its turn",
    },
    { id: "873094152260", name: "storefront-dev", organizationalUnit: "Workloads/NonProd", mark: "clean" },
    {
        id: "509681347712",
        name: "lindqvist-webshop",
        organizationalUnit: "Workloads/NonProd",
        mark: "drifted",
        credentials: [
            {
                kind: "accessKey",
                id: "AKIAJ6QWN2VCDK7XHTSA",
                status: "Active",
                created: "2017-05-11T18:30:00Z",
                lastUsed: { at: "2019-12-04T23:10:00Z", service: "ec2", region: "eu-north-1" },
            },
            {
                kind: "accessKey",
                id: "AKIAI4RXYPGUL3MOBEZQ",
                status: "Inactive",
                created: "2018-02-27T08:00:00Z",
                lastUsed: "never",
            },
            {
                kind: "signingCertificate",
                id: "TA7SMP42TDN5Z26OBPJE7QHV",
                status: "Active",
                created: "2017-05-12T09:41:00Z",
            },
            {
                kind: "loginProfile",
                id: "password",
                created: "2017-05-11T18:22:00Z",
                lastUsed: "unknown",
            },
        ],
    },
    {
        id: "660247918835",
        name: "sandbox-experiments",
        organizationalUnit: "Sandbox",
        mark: "out of scope",
        because: "`exclude` leaves out the unit Sandbox",
    },
    {
        id: "137850462999",
        name: "retired-newsletter",
        organizationalUnit: "Suspended",
        mark: "skipped",
        because: "is suspended",
    },
];

export const EXAMPLE_REPORT: Report = reportOf({
    source: "preview",
    started: "2026-11-28T10:00:00Z",
    complete: true,
    generated: "2026-11-28T10:12:44Z",
    project: "aws-root-credentials",
    stack: "prod",
    organizationId: "o-h2qz81mv4k",
    caller: "arn:aws:sts::530917264482:assumed-role/root-credentials-drift/pipeline",
    accounts: EXAMPLE_ACCOUNTS,
    leaving: [
        {
            id: "771203946655",
            name: "campaign-2024",
            organizationalUnit: "Workloads/NonProd",
            then: "allow-recovery",
        },
        { id: "118264550937", name: "lab-berlin", organizationalUnit: "Sandbox", then: "retain" },
    ],
    policies: [
        {
            accountId: "946013728851",
            accountName: "data-lake-prod",
            resource: "larkspur-data-lake-raw",
            finding: "locked",
            text: "The bucket's policy shuts out everybody but a role that is gone; `pulumi up` deletes the policy.",
        },
        {
            accountId: "687420519933",
            accountName: "payments-prod",
            resource: "https://sqs.eu-central-1.amazonaws.com/687420519933/settlements",
            finding: "as declared",
            text: "Somebody can change the queue's policy.",
        },
    ],
    problems: [
        "The preview ended with an error: AWS did not answer within 5 minutes (`organizations:ListAccounts`).",
    ],
});
