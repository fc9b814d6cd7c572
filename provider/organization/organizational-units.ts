/** The organization's units: the root and what is below it, walked side by side. */
import { paginateListOrganizationalUnitsForParent, paginateListRoots } from "@aws-sdk/client-organizations";
import { organizations } from "../aws/clients";
import { wholeListing } from "../aws/responses";
import { IncompleteAnswer } from "../aws/errors/error-classes";
import { printable } from "../process/printable";

/** The root of the organization or a unit. */
export interface OrganizationalUnit {
    /** `r-...` or `ou-...`. */
    id: string;
    /** Names from the root down, `Workloads/Prod`; empty for the root itself. */
    path: string;
}

export interface PlacedUnit extends OrganizationalUnit {
    /** Its own id and those above it, from the root down. */
    idsFromRoot: string[];
}

/**
 * Levels of units below the root, a quota that AWS does not raise.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const MAX_LEVELS = 5;

/** Units by id, as they are found. */
export class UnitTree {
    readonly units = new Map<string, PlacedUnit>();
    readonly #followers: ((unit: PlacedUnit) => void)[] = [];
    #walk: Promise<void> | undefined;

    /** Fulfilled once every unit is known; rejects where one could not be asked for those below it. */
    complete(): Promise<void> {
        return (this.#walk ??= this.#walkFromRoots());
    }

    /** Does something for every unit as it is found, all side by side; fulfilled once it is done for the last of them. */
    async forEach(work: (unit: PlacedUnit) => Promise<void>): Promise<void> {
        const underWay: Promise<void>[] = [];
        const failed = new Promise<never>((_, reject) => {
            const begin = (unit: PlacedUnit) => {
                const begun = work(unit);
                underWay.push(begun);
                begun.catch(reject);
            };
            [...this.units.values()].forEach(begin);
            this.#followers.push(begin);
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

    /** No unit is in it twice, and none deeper than AWS allows: else it might have no end. Units that move meanwhile may seem so. */
    async #walkFrom(parent: PlacedUnit): Promise<void> {
        if (this.units.has(parent.id))
            throw new IncompleteAnswer(`a believable tree of units: ${printable(parent.id)} is in it twice`);
        if (parent.idsFromRoot.length > 1 + MAX_LEVELS)
            throw new IncompleteAnswer(
                `a believable tree of units: ${printable(parent.id)} is more than ${MAX_LEVELS} levels below the root`,
            );
        this.units.set(parent.id, parent);
        for (const follow of this.#followers) follow(parent);
        const below: Promise<void>[] = [];
        const client = organizations("ListOrganizationalUnitsForParent");
        const pages = paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent.id });
        for await (const { members } of wholeListing(pages, "OrganizationalUnits", "Id")) {
            for (const [id, unit] of members) {
                const name = printable(unit.Name ?? id);
                const path = parent.path ? `${parent.path}/${name}` : name;
                const walked = this.#walkFrom({ id, path, idsFromRoot: [...parent.idsFromRoot, id] });
                walked.catch(() => {}); // told once all of them have ended, or this page's successor fails first
                below.push(walked);
            }
        }
        await Promise.all(below);
    }
}
