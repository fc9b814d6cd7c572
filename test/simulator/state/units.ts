import type { Identifiers } from "./identifiers";

export interface OrganizationalUnit {
    readonly id: string;
    readonly name: string;
    /** The names on the way down from the root, such as "Workloads/Prod". */
    readonly path: string;
    readonly parentId: string;
    readonly sequence: number;
}

/** The tree between the organization's root and its accounts. Units come to be when an account names them. */
export class OrganizationalUnits {
    readonly rootId = "r-sim1";
    readonly #byPath = new Map<string, OrganizationalUnit>();
    readonly #byId = new Map<string, OrganizationalUnit>();

    constructor(private readonly ids: Identifiers) {}

    /** The id of the root (for the empty path) or of the unit, which is made if it is new. */
    idOf(path: string): string {
        return path === "" ? this.rootId : this.#unitAt(path).id;
    }

    withId(id: string): OrganizationalUnit | undefined {
        return this.#byId.get(id);
    }

    under(parentId: string): OrganizationalUnit[] {
        return [...this.#byId.values()].filter((unit) => unit.parentId === parentId);
    }

    /** The ids from the root down to the unit at `path`, both included. */
    idsDownTo(path: string): string[] {
        if (path === "") return [this.rootId];
        return [...this.idsDownTo(parentPath(path)), this.idOf(path)];
    }

    #unitAt(path: string): OrganizationalUnit {
        const known = this.#byPath.get(path);
        if (known) return known;
        const parentId = this.idOf(parentPath(path));
        const name = path.slice(path.lastIndexOf("/") + 1);
        const unit = { id: this.ids.unit(this.rootId), name, path, parentId, sequence: this.#byId.size + 1 };
        this.#byPath.set(path, unit);
        this.#byId.set(unit.id, unit);
        return unit;
    }
}

function parentPath(path: string): string {
    return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
