/** The commands of the demo, what happens between them, and what must be true after each. */
import {
    DENY_ROOT,
    EXAMPLE_ORGANIZATION,
    type Organization,
    type RootCredentialLeft,
} from "../../test/simulator";

export interface Step {
    title: string;
    /** Changes the organization before the command and returns a sentence about it. */
    meanwhile?: (organization: Organization) => string;
    /** Lines that explain the output that follows. */
    reads: string[];
    /** Without `npx`. */
    command: string;
    exitCode: number;
    meaning: string;
    /** The root credentials that must exist afterwards, given the ones before the first command. */
    left: (before: RootCredentialLeft[], organization: Organization) => RootCredentialLeft[];
}

export const ORGANIZATION = EXAMPLE_ORGANIZATION;

const BLOCKED = "946013728851";
const SUSPENDED = "137850462999";
const PAYMENTS = "687420519933";

/** The report of the first command, in the working directory. It is the only file that the demo leaves behind. */
export const REPORT = "root-credentials-demo.html";

const FIRST_LOOK = `root-credentials audit --output ${REPORT}`;
const LOOK = "pulumi preview --expect-no-changes";
const ENFORCE = "pulumi up --yes --skip-preview";

export const STEPS: Step[] = [
    {
        title: "A first look",
        reads: [
            "- An audit inspects every member account and writes a report. It needs no stack and changes nothing.",
            "- The account data-lake-prod is unreadable: a service control policy (SCP) blocks root sessions too.",
        ],
        command: FIRST_LOOK,
        exitCode: 1,
        meaning: "an account is unreadable, which counts more than the credentials that were found.",
        left: (before) => before,
    },
    {
        title: "Which accounts hold root credentials?",
        reads: [
            "- A preview opens a short audit session in each member account and changes nothing.",
            "- `create` means that Pulumi starts to manage the account. It creates nothing in AWS.",
            "- The tree comes last. It has each credential with its age and last use.",
            "- The last line counts every account. An account that could not be inspected is never counted as clean.",
            "- --expect-no-changes turns any change into exit code 7. So the error at the end is intended.",
        ],
        command: LOOK,
        exitCode: 7,
        meaning: "there is something to change. In a scheduled pipeline, this is the alarm.",
        left: (before) => before,
    },
    {
        title: "Remove them",
        reads: [
            "- `up` removes each credential in a session that may delete root credentials and do nothing else.",
            "- --skip-preview, because the preview has just been read. Without --yes, Pulumi asks first.",
            "- For each account that it changed, `up` prints the credentials, the root session and the request ids of AWS.",
            "- `up` tries every account. The last block names each account that is not as declared, with the cause and the next step.",
        ],
        command: ENFORCE,
        exitCode: 1,
        meaning: "one account is not as declared.",
        left: (before) => before.filter(({ accountId }) => accountId === BLOCKED || accountId === SUSPENDED),
    },
    {
        title: "Is it clean?",
        reads: [
            "- Every preview inspects every account again. Ten accounts are clean, and the tree counts them.",
            "- The unreadable account still counts as a change, because unknown is never clean.",
        ],
        command: LOOK,
        exitCode: 7,
        meaning: "not everything is known to be clean.",
        left: (before) => before.filter(({ accountId }) => accountId === BLOCKED || accountId === SUSPENDED),
    },
    {
        title: "The block is lifted",
        meanwhile: (organization) => {
            organization.attachScp(BLOCKED, { ...DENY_ROOT, exemptAssumedRoot: true });
            return "somebody exempts root sessions in the SCP, as the message said.";
        },
        reads: ["- `updated` is the account that was unreadable. Its root user had a password after all."],
        command: ENFORCE,
        exitCode: 0,
        meaning: "every account in scope is as declared.",
        left: (before) => before.filter(({ accountId }) => accountId === SUSPENDED),
    },
    {
        title: "Now it is clean",
        reads: ["- The tree names no account, because all 11 accounts were inspected and all 11 are clean."],
        command: LOOK,
        exitCode: 0,
        meaning: "no drift. This is what the scheduled pipeline sees day after day.",
        left: (before) => before.filter(({ accountId }) => accountId === SUSPENDED),
    },
    {
        title: "Somebody creates a root access key",
        meanwhile: (organization) => {
            organization.setRootPassword(PAYMENTS);
            const key = organization.createRootAccessKey(PAYMENTS);
            return (
                "an emergency in payments-prod. An administrator lets its root user set a password again; " +
                `somebody signs in, helps, and leaves the access key ${key} behind.`
            );
        },
        reads: [
            "- The row of payments-prod names the properties that differ from the desired state.",
            "- The tree has the new credentials, with their age and last use.",
        ],
        command: LOOK,
        exitCode: 7,
        meaning: "drift, and the alarm. The next `npx pulumi up` removes both.",
        left: (before, organization) => [
            ...before.filter(({ accountId }) => accountId === SUSPENDED),
            { accountId: PAYMENTS, kind: "password", id: "password" },
            ...organization
                .account(PAYMENTS)
                .root.accessKeys.map(({ id }) => ({ accountId: PAYMENTS, kind: "accessKey" as const, id })),
        ],
    },
];
