/** The organization for the tests of the documented roles, used from its delegated administrator. */
import { World } from "../../provider/harness";
import { imported } from "../../provider/harness/imported";
import type { PolicyDocument, RootSeed } from "../../simulator";
import { policyFile } from "./policy-file";

export const SECURITY = "444455556666";
export const CLEAN = "111122223333";
export const DIRTY = "222233334444";
/** In the stack, but no longer in the organization. */
export const LEFT = "333344445555";

export const LOCKED_BUCKET = "payments-logs";
export const LOCKED_QUEUE = `https://sqs.us-east-1.amazonaws.com/${CLEAN}/orders`;
const lockOf = (Resource: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource }],
});

const EVERYTHING: RootSeed = {
    password: {},
    accessKeys: [{}],
    signingCertificates: [{}],
    mfaDevices: [{ kind: "hardware" }],
};

/** A run of the provider with this role and policy. By default `deny-others.json` applies too. */
export async function worldAs(
    role: string,
    document: PolicyDocument,
    { denyOthers = true } = {},
): Promise<World> {
    const caller = `arn:aws:iam::${SECURITY}:role/${role}`;
    const seed = {
        delegatedAdministrators: [SECURITY],
        accounts: [
            {
                id: CLEAN,
                name: "payments",
                buckets: [{ name: LOCKED_BUCKET, policy: lockOf(`arn:aws:s3:::${LOCKED_BUCKET}`) }],
                queues: [{ name: "orders", policy: lockOf("*") }],
            },
            { id: DIRTY, name: "shop", unit: "Workloads/Prod", root: EVERYTHING },
            { id: SECURITY, name: "security" },
        ],
    };
    const world = await World.begin(imported, seed, { caller });
    world.organization.attachIdentityPolicy(caller, document);
    if (denyOthers) {
        world.organization.attachScp(SECURITY, { name: "deny-others", document: policyFile("deny-others") });
    }
    return world;
}
