/** The entry `pulumi-aws-root-credentials/report` of the package: reports, without Pulumi and AWS. */
export {
    ACCOUNT_MARKS,
    reportOf,
    type AccountInReport,
    type AccountMark,
    type UnreadableInReport,
    type CredentialInReport,
    type CredentialKindInReport,
    type ExceptionInReport,
    type ReportInput,
    type LeavingAccount,
    type PolicyFindingInReport,
    type PolicyInReport,
    type RemovalInReport,
    type Report,
    type ReportHeader,
    type ReportPart,
    type Totals,
} from "./model";
export { readReport } from "./read";
export { merged, type NamedReport } from "./merge";
export { CannotWrite, ENDINGS, formatOf, refuseUnwritable, writeReportFile } from "./files";
export { InvalidInput } from "./invalid-input";
export { MOST_LINES, PAPER, textLines, type Screen } from "./formats/text";
export { ansi, plain, pulumiTags, type Palette } from "./formats/text/palette";
export { FORMATS, formatted, isFormat, type Format } from "./formats";
export { readEvidence, type EvidenceReport } from "./evidence";
export { EXIT_CODES, outcomeOf, type Outcome } from "./outcome";
