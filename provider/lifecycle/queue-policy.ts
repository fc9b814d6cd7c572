/** The dynamic provider of `QueuePolicyUnlocked`. `provider-references.ts` has the name by which every stack's state refers to it. */
import { QUEUE } from "../resource-policies/queue";
import { PolicyLifecycle } from "./policies";

export const { check, diff, read, create, update, delete: deleteResource } = new PolicyLifecycle(QUEUE);
export { deleteResource as delete };
