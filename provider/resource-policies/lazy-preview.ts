/** Loads the previews of policies when one is needed, because a program that unlocks nothing needs no clients of S3 and SQS. */
import type { PolicyOutputs } from "./declaration";
import type { PolicyPreview } from "./preview";
import type { GivenConfiguration } from "./validate";

export type { PolicyFinding, PolicyPreview } from "./preview";

/** Uses the policy that this run's refresh has stored, or reads it from AWS. Throws if no policy can be read. */
export async function previewOfPolicy(
    declared: GivenConfiguration,
    seen?: PolicyOutputs,
): Promise<PolicyPreview> {
    const preview = await import("./preview.js");
    return seen ? preview.previewOfOutputs(declared, seen) : preview.previewOfPolicy(declared);
}
