/** The `read` of an account: a live inspection. An account that is gone leaves the state, unless too many are gone at once. */
import type * as pulumi from "@pulumi/pulumi";
import { diagnose } from "../aws/errors/diagnose";
import { accountLabel } from "../credentials/describe";
import { observeRootCredentials, type Observation } from "../credentials/observe";
import {
    allUnknown,
    isClean,
    type CredentialListings,
    type RootCredentialOutputs,
} from "../credentials/state";
import { preflight } from "../organization/preflight";
import { log } from "../process/log";
import { accountsOfRun } from "../run/accounts";
import { listDuringRefresh } from "../run/shared-listing";
import { maxGone } from "./delete-guards";
import { foreignOrganizationFailure } from "./foreign-organization";
import { lastRemovalOf, locationOf, outputsOf, readResultOf } from "./inputs-and-outputs";
import { providerMethod } from "./provider-method";
import { newlyUnreadable } from "./reconcile";

/** Inspects the account. The result becomes the inputs too, so that the engine shows drift by property. */
export function read(
    accountId: string,
    props: RootCredentialOutputs & { __provider?: string },
): Promise<pulumi.dynamic.ReadResult<RootCredentialOutputs>> {
    return providerMethod(`inspecting account ${accountId}`, props, async () => {
        const { observation, organizationId } = await observeIfPossible(accountId, props);
        if (observation.is === "gone") return dropOrKeepGone(observation.because, props, organizationId);
        const outputs = {
            ...outputsOf(props, observation.listings, organizationId),
            ...lastRemovalOf(props),
            ...(props.__declarationAlone && { __declarationAlone: true as const }),
            ...(isFoundCredentialUnknown(props, observation.listings) && { unreadableBecause: [] }),
        };
        const { onDelete, refuseIfUsedWithinDays, audit, until, reason } = props;
        accountsOfRun().addInspected(accountId, {
            ...{ onDelete, refuseIfUsedWithinDays, audit, until, reason },
            ...locationOf(props),
            confirmed: observation.confirmed,
            clean: isClean(outputs),
        });
        return readResultOf(outputs);
    });
}

/** The inspection's result and the account's organization. If no account can be inspected, all kinds are unknown. */
async function observeIfPossible(
    accountId: string,
    props: RootCredentialOutputs,
): Promise<{ observation: Observation; organizationId: string }> {
    const { organizationId } = props;
    if (organizationId) accountsOfRun().addOrganization(organizationId);
    try {
        const caller = await preflight();
        const foreign = foreignOrganizationFailure(props, caller);
        if (foreign) {
            const listings = allUnknown(foreign);
            return { observation: { is: "member", listings, confirmed: false }, organizationId };
        }
        listDuringRefresh(caller);
        const observation = await observeRootCredentials(accountId, props.audit);
        return { observation, organizationId: organizationId || caller.organizationId };
    } catch (error) {
        const listings = allUnknown(diagnose(error, { accountId, action: "preflight" }));
        return { observation: { is: "member", listings, confirmed: false }, organizationId };
    }
}

/**
 * True if an earlier run found a credential of a kind that is unknown now, and no listing has shown that it is removed. No
 * acknowledgement covers that, so the outputs then have no reasons in `unreadableBecause`.
 */
function isFoundCredentialUnknown(props: RootCredentialOutputs, listings: CredentialListings): boolean {
    const isUnknown = Object.values(listings).some((listing) => "failure" in listing);
    const wasUnknown = props.auditError !== "" && props.unreadableBecause?.length === 0;
    return isUnknown && (wasUnknown || newlyUnreadable(props, listings).length > 0);
}

/**
 * The engine drops an account without an id from the state at once, even if the program still declares it. So if too many
 * accounts are gone, the others are kept, with all kinds unknown.
 */
function dropOrKeepGone(
    because: string,
    props: RootCredentialOutputs,
    organizationId: string,
): pulumi.dynamic.ReadResult<RootCredentialOutputs> {
    const { accountId, maxRemovals } = props;
    const keptBefore = props.auditError === ONE_OF_TOO_MANY;
    accountsOfRun().addGone(accountId, {
        refreshed: true,
        because,
        keptBefore,
        ...(maxRemovals !== undefined && { maxRemovals }),
        ...locationOf(props),
    });
    if (!keptBefore && accountsOfRun().gone().length <= maxGone(maxRemovals)) {
        log(`${accountLabel(props)} ${because}; it is dropped from the stack and nothing is changed there`);
        return { props };
    }
    log(
        `${accountLabel(props)} ${because}; the refresh keeps it in the stack, because more accounts were gone at once than maxRemovals allows`,
    );
    const detail = `account ${accountId} ${because}. It stays in the stack, because more accounts of this stack were gone at once than maxRemovals allows.`;
    const listings = allUnknown({ reason: "other", cause: ONE_OF_TOO_MANY, detail });
    return readResultOf({ ...outputsOf(props, listings, organizationId), ...lastRemovalOf(props) });
}

/** Stored as `auditError`. It tells the next run that the account was kept. */
const ONE_OF_TOO_MANY = "gone, as are too many others at once";
