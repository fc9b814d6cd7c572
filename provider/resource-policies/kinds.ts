import { BUCKET } from "./bucket";
import type { PolicyKind } from "./kind";
import { QUEUE } from "./queue";
import type { PolicyTarget } from "./target";

export function kindOf({ bucket }: PolicyTarget): PolicyKind {
    return bucket === undefined ? QUEUE : BUCKET;
}
