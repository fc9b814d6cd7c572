/** The exports for programs. The engine loads the files of `lifecycle/` by itself (`resources/provider-references.ts`). */
export { RootCredentialsAbsent } from "./resources/root-credentials-absent";
export type { RootCredentialsAbsentArgs } from "./resources/root-credentials-args";
export { accountTags, type AccountTags } from "./organization/account-tags";
export { memberAccountsOfThisRun } from "./run/shared-listing";
export {
    memberAccounts,
    type AccountListener,
    type MemberAccount,
    type MemberAccounts,
    type SkippedAccount,
} from "./organization/member-accounts";
export { membershipOf } from "./organization/membership";
export type { OrganizationalUnit } from "./organization/organizational-units";
export { tooManyGone } from "./lifecycle/delete-guards";
export { refuseForeignStack } from "./lifecycle/foreign-organization";
export { preflight, type Caller } from "./organization/preflight";
export {
    centralRootAccessSetup,
    delegatedAdministrators,
    organizationOfCaller,
    rootsWithoutServiceControlPolicies,
} from "./organization/setup";
export { observeRootCredentials, type Observation } from "./credentials/observe";
export type { Acknowledgement, OnDelete, AuditMode } from "./credentials/settings";
export {
    credentialsFound,
    isClean,
    stateOf,
    type ObservedState,
    type RootCredentialEvidence,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "./credentials/state";
export {
    BucketPolicyUnlocked,
    QueuePolicyUnlocked,
    stillDeclaresPolicy,
    type BucketPolicyUnlockedArgs,
    type PolicyUnlockedArgs,
    type QueuePolicyUnlockedArgs,
} from "./resources/policy-unlocked";
export { accountInReport, type Declared, type InspectedState } from "./audit/account-result";
export { printable, printableLines } from "./process/printable";
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
export { previewOfPolicy, type PolicyFinding, type PolicyPreview } from "./resource-policies/lazy-preview";
export { holdsOnlyWhatItMay, kindsToRemove, type DesiredLoginProfile } from "./credentials/desired";
export { refuseIfInUse } from "./credentials/recent-use";
export { isTimeWithZone } from "./credentials/validate";
export { assertWritesCanBeLogged } from "./aws/write-log-file";
export { joinRun } from "./run/join-run";
export { storeOfRun } from "./run/store";
export { accountsOfRun } from "./run/accounts";
export { policiesOfRun, type InspectedPolicy } from "./run/policies";
export { resultsOfRun } from "./run/results";
