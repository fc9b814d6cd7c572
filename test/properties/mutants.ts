/** Providers that are broken on purpose: each in one way that the properties must notice. */
import type { Change } from "./provider-copies";

export interface Mutant {
    /** What the broken provider does. */
    does: string;
    changes: Change[];
    /** What the property says about it. */
    caughtBy: RegExp;
}

/** The line of the record before a write. */
const FIRST_LINE = 'append({ event: "attempt", ...fields, ...(before !== undefined && { before }) });';

export const MUTANTS: Mutant[] = [
    {
        does: "skips signing certificates",
        changes: [
            {
                file: "credentials/remove",
                from: "const listing = before[name];",
                to: 'if (name === "signingCertificates") continue; const listing = before[name];',
            },
        ],
        caughtBy: /nothing goes wrong any more, but up fails/,
    },
    {
        does: "forgets that there are signing certificates",
        changes: [
            {
                file: "credentials/kinds/index",
                from: "return Object.entries(exports.CREDENTIAL_KINDS);",
                to: 'return Object.entries(exports.CREDENTIAL_KINDS).filter(([name]) => name !== "signingCertificates");',
            },
        ],
        caughtBy: /signingCertificates|up fails/,
    },
    {
        does: "reports before listing, and believes the deletes' answers",
        changes: [
            {
                file: "credentials/remove",
                from: "const after = await (0, verify_removal_1.listUntilGone)(accepted, session);",
                to: `const after = Object.fromEntries(Object.entries(before).map(
                    ([name, listing]) => [name, refused.has(name) ? listing : { credentials: [] }],
                ));`,
            },
        ],
        caughtBy: /at the last look|was not seen gone/,
    },
    {
        does: "takes a denied listing for an empty one",
        changes: [
            {
                file: "credentials/list-kinds",
                from: /return \{ failure: \(0, diagnose_1\.diagnose\)\(error, \{ accountId: session\.accountId, action: kind\.listAction \}\) \};/,
                to: "return { credentials: [] };",
            },
        ],
        caughtBy: /which nobody looked at|at the last look|while a password may remain/,
    },
    {
        does: "takes a denied summary for a clean one",
        changes: [
            {
                file: "credentials/observe",
                from: "return addSummaryFailure(await (0, list_kinds_1.listAllKinds)(session), summary.failure);",
                to: "return NO_CREDENTIALS;",
            },
        ],
        caughtBy: /which nobody looked at|at the last look/,
    },
    {
        does: "calls an account clean that it may not enter",
        changes: [
            {
                file: "credentials/observe",
                from: "(0, state_1.allUnknown)(session.failure)",
                to: "NO_CREDENTIALS",
            },
        ],
        caughtBy: /which nobody looked at/,
    },
    {
        does: "takes the answer that there is no password for nothing to do",
        changes: [
            {
                file: "credentials/remove",
                from: "const refused = new Map();",
                to: "const refused = new Map(); if (before.loginProfile.credentials?.length === 0) return { listings: { ...before, accessKeys: { credentials: [] }, signingCertificates: { credentials: [] }, mfaDevices: { credentials: [] } }, messages: [], failures: [] };",
            },
        ],
        caughtBy: /at the last look/,
    },
    {
        does: "takes an answer without its list for an empty one",
        changes: [
            {
                file: "aws/iam-responses",
                from: 'return (0, responses_1.required)(element, name)[1] ?? "";',
                to: 'return element?.[1] ?? (name === "IsTruncated" ? "false" : "");',
            },
            {
                file: "aws/responses",
                from: "required(page[list], list)",
                to: "(page[list] ?? [])",
            },
        ],
        caughtBy: /which nobody looked at|at the last look|was not seen gone/,
    },
    {
        does: "takes a list that says that it is not whole for whole",
        changes: [
            {
                file: "aws/iam-responses",
                from: 'if (isTruncated !== "false" && !(isTruncated === "true" && marker))',
                to: "if (false)",
            },
        ],
        caughtBy: /which nobody looked at|at the last look|was not seen gone/,
    },
    {
        does: "leaves out members of a list that have no id",
        changes: [
            {
                file: "aws/responses",
                from: "of required(page[list], list))",
                to: "of required(page[list], list).filter((member) => member?.[id]))",
            },
        ],
        caughtBy: /which nobody looked at|at the last look|was not seen gone/,
    },
    {
        does: "overlooks members of a list that have another name",
        changes: [
            {
                file: "aws/iam-responses",
                from: 'if (text.replace(pattern, "").trim() !== "")',
                to: "if (false)",
            },
        ],
        caughtBy: /which nobody looked at|at the last look|was not seen gone/,
    },
    {
        does: "takes a flag without a value for a zero",
        changes: [{ file: "aws/iam-responses", from: "<value>(\\d+)<", to: "<value>(\\d*)<" }],
        caughtBy: /which nobody looked at|at the last look/,
    },
    {
        does: "takes the second of two values of a flag",
        changes: [{ file: "aws/iam-responses", from: "if (numbers.has(name))", to: "if (false)" }],
        caughtBy: /which nobody looked at|at the last look/,
    },
    {
        does: "believes a summary without quotas",
        changes: [{ file: "aws/iam-responses", from: "if (missing)", to: "if (false)" }],
        caughtBy: /which nobody looked at|at the last look/,
    },
    {
        does: "takes a failure with the code NoSuchEntity for an absence",
        changes: [
            {
                file: "aws/responses",
                from: /isAbsence\(error, 404, "NoSuchEntityException"\)/,
                to: 'error.name === "NoSuchEntityException"',
            },
        ],
        caughtBy: /which nobody looked at|at the last look|while a password may remain|was not seen gone/,
    },
    {
        does: "takes a failure with the code AccountNotFoundException for an account that has left",
        changes: [
            {
                file: "organization/membership",
                from: '(0, responses_1.isAbsence)(error, 400, "AccountNotFoundException")',
                to: 'error.name === "AccountNotFoundException"',
            },
        ],
        caughtBy: /but Organizations never said so/,
    },
    {
        does: "removes MFA devices first",
        changes: [
            {
                file: "credentials/kinds/index",
                from: "return Object.entries(exports.CREDENTIAL_KINDS);",
                to: "return Object.entries(exports.CREDENTIAL_KINDS).reverse();",
            },
            {
                file: "credentials/remove",
                from: "(await (0, mfa_with_password_1.passwordMayRemain)(before, refused, session, known))",
                to: "false",
            },
        ],
        caughtBy: /an MFA device of \d+ was removed while a password may remain/,
    },
    {
        does: "removes MFA devices although the password stays",
        changes: [
            {
                file: "credentials/remove",
                from: "(await (0, mfa_with_password_1.passwordMayRemain)(before, refused, session, known))",
                to: "false",
            },
        ],
        caughtBy: /an MFA device of \d+ was removed while a password may remain/,
    },
    {
        does: "acts on the management account",
        changes: [
            {
                file: "organization/member-accounts",
                from: "if (id === managementAccountId)",
                to: "if (false)",
            },
        ],
        caughtBy: /a root session of the management account is asked for/,
    },
    {
        does: "does not ask whose session it writes with",
        changes: [{ file: "aws/root-session", from: "actual !== accountId", to: "false" }],
        caughtBy: /with a session asked for|at the last look|which nobody looked at/,
    },
    {
        does: "audits with whatever session it is given",
        changes: [
            {
                file: "aws/root-session",
                from: "if ((0, access_key_id_1.accountIdInKeyId)(accessKeyId) !== accountId)",
                to: "if (false)",
            },
        ],
        caughtBy: /with a session asked for|at the last look|which nobody looked at/,
    },
    {
        does: "takes a flag that the summary leaves out for a zero",
        changes: [
            {
                file: "credentials/observe",
                from: "summary.flags.get(kind.summaryFlag) !== 0",
                to: "(summary.flags.get(kind.summaryFlag) ?? 0) !== 0",
            },
        ],
        caughtBy: /which nobody looked at|at the last look/,
    },
    {
        does: "reports as removed what it could not look at again",
        changes: [
            { file: "credentials/verify-removal", from: 'if ("failure" in after[name])', to: "if (false)" },
        ],
        caughtBy: /reported as removed, but/,
    },
    {
        does: "keeps quiet about what it removed",
        changes: [{ file: "credentials/remove", from: "removed.length > 0 &&", to: "removed.length > 1 &&" }],
        caughtBy: /but this is not reported/,
    },
    {
        does: "reads the first page of a listing only",
        changes: [
            {
                file: "aws/iam-responses",
                from: "while (marker);",
                to: "while (false);",
            },
        ],
        caughtBy: /at the last look|up fails/,
    },
    {
        does: "writes without a line in the record",
        changes: [{ file: "aws/write-log", from: FIRST_LINE, to: "" }],
        caughtBy: /has no line in the record/,
    },
    {
        does: "records after writing",
        changes: [
            { file: "aws/write-log", from: FIRST_LINE, to: "" },
            {
                file: "aws/write-log",
                from: "answer = await send();",
                to: `answer = await send(); ${FIRST_LINE}`,
            },
        ],
        caughtBy: /has no line in the record/,
    },
    {
        does: "takes a refused account for one that has left",
        changes: [
            {
                file: "credentials/open-session",
                from: 'if (membership.is === "gone")',
                to: 'if (membership.is === "unknown") return { is: "gone", because: "" }; if (membership.is === "gone")',
            },
        ],
        caughtBy: /but Organizations never said so/,
    },
    {
        does: "opens an account that the program still declares",
        changes: [
            {
                file: "lifecycle/delete-guards",
                from: "(0, accounts_1.accountsOfRun)().isDeclared(outputs.accountId)",
                to: "false",
            },
        ],
        caughtBy: /CreateLoginProfile in account \d+, where nobody wants it/,
    },
    {
        does: "opens an account that is to be retained",
        changes: [
            {
                file: "lifecycle/delete-guards",
                from: /outputs\.onDelete === "retain"(?=\)\s*return "is left)/,
                to: "false",
            },
        ],
        caughtBy: /CreateLoginProfile in account \d+, where nobody wants it/,
    },
    {
        does: "reports a recovery as allowed without looking",
        changes: [
            {
                file: "credentials/allow-recovery",
                from: /await index_1\.CREDENTIAL_KINDS\.loginProfile\.list\(session\.iam\)/,
                to: '[{ id: "password" }]',
            },
        ],
        caughtBy: /no login profile was seen|which nobody looked at|at the last look/,
    },
    {
        does: "does not tell Pulumi what a partly failed removal left behind",
        changes: [
            { file: "lifecycle/provider-method", from: "!(error instanceof PartialFailure)", to: "true" },
        ],
        caughtBy: /and nothing of it is stored/,
    },
    {
        does: "stores a failure as a success although no program reports it",
        changes: [
            {
                file: "lifecycle/results",
                from: "if (!(0, results_1.resultsOfRun)().isReportAnnounced())",
                to: "if (false)",
            },
        ],
        caughtBy: /succeeded, but stores an account that is not as desired/,
    },
    {
        does: "calls an account clean whose removal was cut short",
        changes: [
            {
                file: "lifecycle/reconcile",
                from: "if ((0, desired_1.isAsDesired)(done, declared))",
                to: "if (true)",
            },
        ],
        caughtBy: /succeeded, but stores an account that is not as desired/,
    },
    {
        does: "skips an account whose state it does not know",
        changes: [
            {
                file: "organization/member-accounts",
                from: "return listed_account_1.INACTIVE_STATES.has(state) ?",
                to: 'return state !== "ACTIVE" ?',
            },
        ],
        caughtBy: /after a calm up, \d+ still holds/,
    },
    {
        does: "takes an organization that AWS does not name for the stack's own",
        changes: [
            {
                file: "organization/features",
                from: "await describedOrganization()",
                to: '{ organizationId: "" }',
            },
            {
                file: "lifecycle/foreign-organization",
                from: "if (!organizationId ||",
                to: "if (!organizationId || !caller.organizationId ||",
            },
        ],
        caughtBy: /where nobody wants it/,
    },
    {
        does: "writes in a preview",
        changes: [
            {
                file: "credentials/observe",
                from: 'return { is: "member", listings: await audit(session, mode), confirmed: true };',
                to: '{ const listings = await audit(session, mode); if (listings.loginProfile.credentials?.length) { const other = await require("../aws/root-session").openRootSession(accountId, "deleteCredentials"); await index_1.CREDENTIAL_KINDS.loginProfile.remove(other.iam); } return { is: "member", listings, confirmed: true }; }',
            },
        ],
        caughtBy: /where nobody wants it|has no line in the record|with a session asked for/,
    },
    {
        does: "uses the caller's own credentials",
        changes: [
            {
                file: "aws/clients",
                from: /(?<=IAMClient\(\{\s+\.\.\.resolvedConfig\(.*\),\s+\.\.\..*sharedConfig\)\(\{ maxAttempts: 5 \}\),)\s+credentials,/,
                to: "",
            },
        ],
        caughtBy: /which nobody looked at|with the caller's own credentials/,
    },
    {
        does: "lets an acknowledgement cover every cause",
        changes: [
            {
                file: "credentials/desired",
                from: "return unreadableBecause.length > 0 && unreadableBecause.every(diagnose_1.isAccountSpecific);",
                to: "return unreadableBecause.length > 0;",
            },
        ],
        caughtBy: /succeeded, but stores an account that is not as desired/,
    },
    {
        does: "lets an acknowledgement cover what was seen and not removed",
        changes: [
            {
                file: "credentials/desired",
                from: "if (isAcknowledged(state, desired))\n        return (0, state_1.isClean)((0, state_1.readablePart)(state));",
                to: "if (isAcknowledged(state, desired)) return true;",
            },
        ],
        caughtBy: /succeeded, but stores an account that is not as desired/,
    },
    {
        does: "prints text from AWS as it is",
        changes: [
            {
                file: "process/printable",
                from: "return text.replace(INVISIBLE, escape).replace(COLOUR_TAG, escape);",
                to: "return text;",
            },
        ],
        caughtBy: /text from outside is printed as it is/,
    },
];
