/** The dynamic provider of `BucketPolicyUnlocked`. `provider-references.ts` has the name by which every stack's state refers to it. */
import { BUCKET } from "../resource-policies/bucket";
import { PolicyLifecycle } from "./policies";

export const { check, diff, read, create, update, delete: deleteResource } = new PolicyLifecycle(BUCKET);
export { deleteResource as delete };
