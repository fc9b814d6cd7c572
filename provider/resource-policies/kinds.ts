import { BUCKET } from "./bucket";
import type { PolicyTarget } from "./target";
import type { LockableKind } from "./kind";
import { QUEUE } from "./queue";

/** By what a target is named. */
export function kindOf({ bucket }: PolicyTarget): LockableKind {
    return bucket === undefined ? QUEUE : BUCKET;
}
