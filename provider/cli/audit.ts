/** `root-credentials audit`: inspects the organization now, without a stack. */
import { auditOrganization } from "../audit/audit-organization";
import type { Report } from "../report/model";
import type { AuditCommandOptions } from "./options";
import { Progress } from "./progress";

/** @param stream the stream that shows the progress */
export async function auditLive(
    { accounts, units, full }: Pick<AuditCommandOptions, "accounts" | "units" | "full">,
    stream: ConstructorParameters<typeof Progress>[0] = process.stderr,
): Promise<Report> {
    const progress = new Progress(stream);
    try {
        return await auditOrganization({
            accounts,
            units,
            mode: full ? "full" : "summary",
            progress: (state) => progress.show(state),
        });
    } finally {
        progress.end();
    }
}
