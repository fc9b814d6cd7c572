/** What a program may import. The engine requires `./lifecycle` by itself; see `stub.ts`. */
import { thisRun } from "./this-run";

// Whoever imports this is a program. Without a program, deletes are those of a deliberate `pulumi destroy`.
thisRun.isOfAProgram();

export {
    RootCredentialsAbsent,
    type RootCredentialsAbsentArgs,
    type OnDelete,
} from "./root-credentials-absent";
export { accountTags, type AccountTags } from "./account-tags";
export { memberAccountsOfThisRun } from "./early-listing";
export {
    memberAccounts,
    standingOf,
    type ListingFollower,
    type MemberAccount,
    type MemberAccounts,
    type SkippedAccount,
} from "./organization";
export type { OrganizationalUnit } from "./organizational-units";
export { tooManyGone } from "./departures";
export { refuseForeignStack } from "./foreign-organization";
export { preflight, type Caller } from "./preflight";
export {
    centralRootAccessSetup,
    delegatedAdministrators,
    organizationOfCaller,
    rootsWithoutServiceControlPolicies,
} from "./organization-setup";
export { observeRootCredentials, type Observation } from "./observe";
export {
    credentialsFound,
    isClean,
    stateOf,
    type Acknowledgement,
    type AuditMode,
    type ObservedState,
    type RootCredentialEvidence,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "./state";
export {
    BucketPolicyUnlocked,
    QueuePolicyUnlocked,
    stillDeclaresPolicy,
    type BucketPolicyUnlockedArgs,
    type PolicyUnlockedArgs,
    type QueuePolicyUnlockedArgs,
} from "./policy-unlocked";
export { accountInReport, type Declared, type Seen } from "./report/account";
export { printable, printableLines } from "./printable";
export { ENDINGS, formatOf, refuseUnwritable, writeReportFile } from "./report/files";
export { formatted, type Format } from "./report/formats";
export { MOST_LINES, textLines } from "./report/formats/text";
export { pulumiTags } from "./report/formats/text/palette";
export {
    reportOf,
    type AccountInReport,
    type Findings,
    type PolicyInReport,
    type Report,
    type ReportHeader,
} from "./report/model";
export { previewOfPolicy, type PolicyFinding, type PolicyPreview } from "./policy-preview";
export { holdsOnlyWhatItMay, kindsToRemove, type DesiredLoginProfile } from "./desired";
export { refuseIfInUse } from "./still-in-use";
export { isTimeWithZone } from "./validate";
export { assertRecordCanBeKept } from "./removal-record";
export { thisRun };
