import type { Service } from "./action-names";
import { S3_OPERATIONS } from "./protocol/s3-operations";

/** The permission that an action takes, by the name that policies have for it: S3's differ from those of its API. */
export function permissionFor(service: Service, action: string): string {
    const name = service === "s3" ? S3_OPERATIONS[action]?.permission : undefined;
    return `${service}:${name ?? action}`;
}
