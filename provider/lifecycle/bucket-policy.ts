/** The provider of `BucketPolicyUnlocked`, under the name that stands in every stack's state (`stub.ts`). */
import { BUCKET } from "../resource-policies/bucket";
import { PolicyLifecycle } from "./policies";

export const { check, diff, read, create, update, delete: deleteResource } = new PolicyLifecycle(BUCKET);
export { deleteResource as delete };
