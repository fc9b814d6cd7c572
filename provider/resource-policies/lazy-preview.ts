/** What a preview tells of a policy, without loading the clients of S3 and SQS in programs that unlock nothing. */
import type { PolicyOutputs } from "./declaration";
import type { PolicyPreview } from "./preview";
import type { GivenConfiguration } from "./validate";

export type { PolicyFinding, PolicyPreview } from "./preview";

/** From what this run's refresh has stored, if it has; else live. Throws where no policy can be looked at. */
export async function previewOfPolicy(
    declared: GivenConfiguration,
    seen?: PolicyOutputs,
): Promise<PolicyPreview> {
    const { previewOfOutputs, previewOfPolicy: look } = await import("./preview.js");
    return seen ? previewOfOutputs(declared, seen) : look(declared);
}
