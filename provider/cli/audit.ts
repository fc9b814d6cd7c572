/** `root-credentials audit`: the same report live, without a stack. */
import { auditOrganization } from "../audit/audit-organization";
import type { Report } from "../report/model";
import type { AuditCommandOptions } from "./options";
import { Progress } from "./progress";

type Wanted = Pick<AuditCommandOptions, "accounts" | "units" | "full">;

/** @param stream where it is told how far the audit has come */
export async function auditLive(
    { accounts, units, full }: Wanted,
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
