/** What a program may import. The engine requires `./lifecycle` by itself; see `stub.ts`. */
export {
    RootCredentialsAbsent,
    type RootCredentialsAbsentArgs,
    type OnDelete,
} from "./root-credentials-absent";
export { memberAccounts, type MemberAccount, type MemberAccounts, type SkippedAccount } from "./organization";
export { preflight } from "./preflight";
export { observeRootCredentials, type Observation } from "./observe";
export {
    describeCredentials,
    isClean,
    isWhollyUnknown,
    stateOf,
    type ObservedState,
    type RootCredentialEvidence,
    type RootCredentialOutputs,
    type RootCredentialState,
} from "./state";
export { thisRun } from "./this-run";
