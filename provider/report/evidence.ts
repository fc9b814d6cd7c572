/** What was written to AWS: the records of removals, as a part of a report. */
export interface EvidenceReport {
    writes: never[];
}
