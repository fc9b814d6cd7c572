/** The organization's root and the units below it. The units are listed side by side. */
import { paginateListOrganizationalUnitsForParent, paginateListRoots } from "@aws-sdk/client-organizations";
import { organizations } from "../aws/clients";
import { wholeListing } from "../aws/responses";
import { ImplausibleAnswer, IncompleteAnswer } from "../aws/errors/error-classes";
import { printable } from "../process/printable";

/** The root of the organization or a unit. */
export interface OrganizationalUnit {
    /** `r-...` or `ou-...`. */
    id: string;
    /** Names from the root down, such as `Workloads/Prod`. Empty for the root itself. */
    path: string;
}

export interface PlacedUnit extends OrganizationalUnit {
    /** The ids from the root down to this unit. */
    idsFromRoot: string[];
}

/**
 * The most levels of units below the root. AWS does not raise this quota.
 *
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const MAX_LEVELS = 5;

export class UnitTree {
    /** The units found so far, by id. */
    readonly units = new Map<string, PlacedUnit>();
    readonly #listeners: ((unit: PlacedUnit) => void)[] = [];
    #walk: Promise<void> | undefined;

    /** Resolves once all units are known. Rejects if the units below any unit cannot be listed. */
    complete(): Promise<void> {
        return (this.#walk ??= this.#walkFromRoots());
    }

    /** Starts `work` for each unit as soon as it is found. Resolves once the work for all units is done. */
    async forEach(work: (unit: PlacedUnit) => Promise<void>): Promise<void> {
        const underWay: Promise<void>[] = [];
        const failed = new Promise<never>((_, reject) => {
            const start = (unit: PlacedUnit) => {
                const started = work(unit);
                underWay.push(started);
                started.catch(reject);
            };
            [...this.units.values()].forEach(start);
            this.#listeners.push(start);
        });
        await Promise.race([failed, this.complete()]);
        await Promise.all(underWay);
    }

    async #walkFromRoots(): Promise<void> {
        const pages = paginateListRoots({ client: organizations("ListRoots") }, {});
        for await (const { members } of wholeListing(pages, "Roots", "Id")) {
            for (const [id] of members) await this.#walkFrom({ id, path: "", idsFromRoot: [id] });
        }
        if (this.units.size === 0) throw new IncompleteAnswer("the organization's root");
    }

    /**
     * Rejects a tree with a unit in two places, or with too many levels, because it might have no end. Units that are moved during the
     * walk may look like this.
     */
    async #walkFrom(parent: PlacedUnit): Promise<void> {
        if (this.units.has(parent.id))
            throw new ImplausibleAnswer(`the unit ${printable(parent.id)} has two parents`);
        if (parent.idsFromRoot.length > 1 + MAX_LEVELS)
            throw new ImplausibleAnswer(
                `the unit ${printable(parent.id)} is more than ${MAX_LEVELS} levels below the root`,
            );
        this.units.set(parent.id, parent);
        for (const listener of this.#listeners) listener(parent);
        const below: Promise<void>[] = [];
        const client = organizations("ListOrganizationalUnitsForParent");
        const pages = paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent.id });
        for await (const { members } of wholeListing(pages, "OrganizationalUnits", "Id")) {
            for (const [id, unit] of members) {
                const name = printable(unit.Name ?? id);
                const path = parent.path ? `${parent.path}/${name}` : name;
                const walked = this.#walkFrom({ id, path, idsFromRoot: [...parent.idsFromRoot, id] });
                walked.catch(() => {}); // Awaited below, unless a later page fails first.
                below.push(walked);
            }
        }
        await Promise.all(below);
    }
}
