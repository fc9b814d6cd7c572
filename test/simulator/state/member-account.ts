import type { HeldCredentials } from "./credentials";
import type { AccountState } from "./seed";

/** Whether AWS may open root sessions there. Those in the state that is made up open, unless a test lets them fail. */
export function isOpen({ state }: Pick<MemberAccount, "state">): boolean {
    return state === "ACTIVE" || state === "RESTRICTED";
}

/** An account of the organization as it is now. */
export interface MemberAccount {
    readonly id: string;
    name: string;
    email: string;
    /** The path of names from the root, "" for the root itself. */
    unit: string;
    state: AccountState;
    joinedMethod: "CREATED" | "INVITED";
    joined: Date;
    tags: Record<string, string>;
    readonly root: HeldCredentials;
    /** When it joined, as a rank: what page tokens count by, so that a departure does not shift a page. */
    readonly sequence: number;
}
