/** The program's messages if a role lacks an action that its job needs. */
import { PartialFailure, type World } from "../../provider/harness";
import { providerModule } from "../../provider/harness/package";
import { stored } from "../../provider/harness/stored";
import { CLEAN, DIRTY, LEFT, worldAs } from "./organization";
import { policyFile, without } from "./policy-file";

/** All messages of a run with the recovery role without this grant: reports, errors, reasons. */
export async function saidWithout(grant: string): Promise<string> {
    const document = without(policyFile("recovery"), grant);
    const world = await worldAs("RootCredentialsRecovery", document, { denyOthers: false });
    world.organization.omittedAccountFields.add("Paths");
    try {
        const said = [await saidByListing()];
        for (const [accountId, work] of [
            [LEFT, nothing],
            [DIRTY, update],
            [CLEAN, remove],
        ] as const) {
            const { props } = await world.run.read(accountId, stored(accountId));
            said.push(props.auditErrorDetail, await messageOf(work(world, props)));
        }
        return said.join("\n");
    } finally {
        await world.close();
    }
}

type Work = (world: World, props: ReturnType<typeof stored>) => Promise<unknown>;

const nothing: Work = () => Promise.resolve();

const update: Work = async ({ run }, props) => {
    const { inputs } = await run.check(props, { accountId: DIRTY, onDelete: "allow-recovery" });
    await run.update(DIRTY, props, inputs);
};

const remove: Work = ({ run }, props) => run.delete(CLEAN, props);

async function saidByListing(): Promise<string> {
    const listing = providerModule("organization/member-accounts").memberAccounts();
    return listing.then(
        ({ unitsUnknown }) => unitsUnknown?.detail ?? "",
        (error: Error) => error.message,
    );
}

async function messageOf(work: Promise<unknown>): Promise<string> {
    return work.then(
        () => "",
        (error: Error) => (error instanceof PartialFailure ? error.reasons.join("\n") : error.message),
    );
}
