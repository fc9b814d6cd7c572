/** The story: which commands are typed, what happens in between, and what must be true after each. */
import {
    DENY_ROOT,
    EXAMPLE_ORGANIZATION,
    type Organization,
    type RootCredentialLeft,
} from "../../test/simulator";

export interface Chapter {
    title: string;
    /** What somebody else does before the command, and says in a sentence. */
    meanwhile?: (organization: Organization) => string;
    /** What the reader is about to see, a line each. */
    reads: string[];
    /** Without `npx`. */
    command: string;
    exitCode: number;
    meaning: string;
    /** The root credentials there must be afterwards, given those there were before the first chapter. */
    left: (before: RootCredentialLeft[], organization: Organization) => RootCredentialLeft[];
}

export const ORGANIZATION = EXAMPLE_ORGANIZATION;

const BLOCKED = "946013728851";
const SUSPENDED = "137850462999";
const PAYMENTS = "687420519933";

/** Where the first look is written down, in the folder of the reader's shell. It is all that the demo leaves behind. */
export const REPORT = "root-credentials-demo.html";

const FIRST_LOOK = `root-credentials audit --output ${REPORT}`;
const LOOK = "pulumi preview --diff --expect-no-changes";
const ENFORCE = "pulumi up --yes --skip-preview";

export const STORY: Chapter[] = [
    {
        title: "A first look",
        reads: [
            "- An audit looks into every member account and writes a report. It needs no stack, and only looks.",
            "- The account data-lake-prod cannot be looked at: a service control policy (SCP) blocks root sessions too.",
        ],
        command: FIRST_LOOK,
        exitCode: 1,
        meaning: "not every account could be looked at, which counts more than what was found.",
        left: (before) => before,
    },
    {
        title: "Which accounts hold root credentials?",
        reads: [
            "- A preview only looks: it opens a short audit session in each member account and changes nothing.",
            "- --diff prints what would change; --expect-no-changes turns any change into exit code 7.",
            "- `+ create` is an account that Pulumi shall manage from now on, and the state it wants: no credentials.",
            "- Each `warning` says what an account's root user holds now, and when that was last used.",
            "- `looked at 11 of 11` counts every account, so that nobody takes `not looked at` for `clean`.",
        ],
        command: LOOK,
        exitCode: 7,
        meaning: "there is something to change. In a scheduled pipeline, this is the alarm.",
        left: (before) => before,
    },
    {
        title: "Remove them",
        reads: [
            "- `up` removes what was found, with a session for each account that may delete root credentials and nothing else.",
            "- --skip-preview, because the preview has just been read. Without --yes, Pulumi asks first.",
            "- `created` is an account that is now free of root credentials and managed.",
            "- `removed` names the credentials, the root session and AWS's request ids. The same is in .root-credentials/record.jsonl.",
            "- The blocked account fails with what to do about it; the others are done nevertheless.",
        ],
        command: ENFORCE,
        exitCode: 1,
        meaning: "one account could not be done.",
        left: (before) => before.filter(({ accountId }) => accountId === BLOCKED || accountId === SUSPENDED),
    },
    {
        title: "Is it clean?",
        reads: [
            "- Every preview looks at every account again. Ten are clean and not worth a line.",
            '- The blocked account stays: "unknown" is not "absent", so it counts as drift until somebody has looked.',
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
        reads: ["- `updated` is the account that was missing; its root user had a password after all."],
        command: ENFORCE,
        exitCode: 0,
        meaning: "done, everywhere.",
        left: (before) => before.filter(({ accountId }) => accountId === SUSPENDED),
    },
    {
        title: "Now it is clean",
        reads: [
            "- No account is listed, and the count says why: all 11 were looked at, and all 11 are clean.",
        ],
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
            "- The first block says what has appeared in AWS (+), the second what `up` would take away (-).",
            "- The warning adds whose they are, and when they were created and last used.",
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
