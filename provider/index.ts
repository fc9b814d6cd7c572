/** The exports for programs. The engine loads the files of `lifecycle/` by itself (`resources/provider-references.ts`). */
import { assertWritesCanBeLogged as assertWritable } from "./aws/write-log-file";
import { observeRootCredentials as observe } from "./credentials/observe";
import { tooManyGone as reasonOfTooMany } from "./lifecycle/delete-guards";
import { refuseForeignStack as refuseForeign } from "./lifecycle/foreign-organization";
import { accountTags as tagsOf } from "./organization/account-tags";
import { memberAccounts as listMembers } from "./organization/member-accounts";
import { membershipOf as askMembership } from "./organization/membership";
import { preflight as checkCaller } from "./organization/preflight";
import * as setup from "./organization/setup";
import { previewOfPolicy as previewPolicy } from "./resource-policies/lazy-preview";
import { accountsOfRun as accounts } from "./run/accounts";
import { inRun } from "./run/join-run";
import { policiesOfRun as policies } from "./run/policies";
import { resultsOfRun as results } from "./run/results";
import { memberAccountsOfThisRun as membersOfRun } from "./run/shared-listing";
import { storeOfRun as store } from "./run/store";

// The result of each of these functions belongs to the run that calls it.
export const accountTags = inRun(tagsOf);
export const memberAccountsOfThisRun = inRun(membersOfRun);
export const memberAccounts = inRun(listMembers);
export const membershipOf = inRun(askMembership);
export const tooManyGone = inRun(reasonOfTooMany);
export const refuseForeignStack = inRun(refuseForeign);
export const preflight = inRun(checkCaller);
export const centralRootAccessSetup = inRun(setup.centralRootAccessSetup);
export const delegatedAdministrators = inRun(setup.delegatedAdministrators);
export const organizationOfCaller = inRun(setup.organizationOfCaller);
export const rootsWithoutServiceControlPolicies = inRun(setup.rootsWithoutServiceControlPolicies);
export const observeRootCredentials = inRun(observe);
export const previewOfPolicy = inRun(previewPolicy);
export const assertWritesCanBeLogged = inRun(assertWritable);
export const storeOfRun = inRun(store);
export const accountsOfRun = inRun(accounts);
export const policiesOfRun = inRun(policies);
export const resultsOfRun = inRun(results);

export { RootCredentialsAbsent } from "./resources/root-credentials-absent";
export type { RootCredentialsAbsentArgs } from "./resources/root-credentials-args";
export type { AccountTags } from "./organization/account-tags";
export type {
    AccountListener,
    MemberAccount,
    MemberAccounts,
    SkippedAccount,
} from "./organization/member-accounts";
export type { OrganizationalUnit } from "./organization/organizational-units";
export type { Caller } from "./organization/preflight";
export type { Observation } from "./credentials/observe";
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
    type ReportInput,
    type PolicyInReport,
    type Report,
    type ReportHeader,
} from "./report/model";
export type { PolicyFinding, PolicyPreview } from "./resource-policies/lazy-preview";
export { hasNothingToRemove, kindsToRemove, type DesiredLoginProfile } from "./credentials/desired";
export { refuseIfInUse } from "./credentials/recent-use";
export { isTimeWithZone } from "./credentials/validate";
export { joinRun } from "./run/join-run";
export type { InspectedPolicy } from "./run/policies";
