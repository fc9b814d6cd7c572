/** The provider of `QueuePolicyUnlocked`, under the name that stands in every stack's state (`stub.ts`). */
import { PolicyLifecycle } from "./policies";
import { QUEUE } from "../resource-policies/queue";

export const { check, diff, read, create, update, delete: deleteResource } = new PolicyLifecycle(QUEUE);
export { deleteResource as delete };
