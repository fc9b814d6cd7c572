import type { RcpSeed, ScpSeed } from "../state/seed";
import type { PolicyDocument } from "./document";

/** What a seed stands for, as the document that one would attach. */
export function documentOf(seed: ScpSeed | RcpSeed): PolicyDocument {
    if ("document" in seed) return seed.document;
    const { actions } = seed;
    const { appliesTo, exemptAssumedRoot } = { appliesTo: undefined, exemptAssumedRoot: false, ...seed };
    return {
        Version: "2012-10-17",
        Statement: {
            Effect: "Deny",
            Action: actions,
            Resource: "*",
            Condition: {
                ...(appliesTo === "root" && { ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:root" } }),
                ...(exemptAssumedRoot && { Null: { "aws:AssumedRoot": "true" } }),
            },
        },
    };
}
