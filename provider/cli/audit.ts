/** `root-credentials audit`: the same report live, without a stack. */
import { auditOrganization } from "../audit";
import type { Report } from "../report/model";
import type { AuditCommandOptions } from "./options";
import { Progress } from "./progress";

export async function auditLive({ accounts, units, full }: AuditCommandOptions): Promise<Report> {
    const progress = new Progress(process.stderr);
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
