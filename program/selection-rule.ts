/** One entry of `include` or `exclude`, applied to the accounts of the organization. */
import * as pulumi from "@pulumi/pulumi";
import type {
    AccountTags,
    MemberAccount,
    MemberAccounts,
    OrganizationalUnit,
    SkippedAccount,
} from "pulumi-aws-root-credentials";
import { didYouMean } from "./did-you-mean";
import { describeSelector, type AccountSelector } from "./settings/selectors";

export class SelectionRule {
    private readonly units: OrganizationalUnit[];
    private readonly unitIds: Set<string>;
    private readonly since: number;

    /** @param setting the entry, as `include[0]` */
    constructor(
        private readonly setting: string,
        private readonly selector: AccountSelector,
        private readonly accounts: MemberAccounts,
    ) {
        const { organizationalUnit, joinedSince } = selector;
        this.units = accounts.units.filter(
            ({ id, path }) => id === organizationalUnit || (path !== "" && path === organizationalUnit),
        );
        this.unitIds = new Set(this.units.map(({ id }) => id));
        this.since = joinedSince === undefined ? 0 : Date.parse(joinedSince);
    }

    get needsTags(): boolean {
        return this.selector.tag !== undefined;
    }

    /** `exclude[0] (organizationalUnit Sandbox)`. */
    get description(): string {
        return `${this.setting} (${describeSelector(this.selector)})`;
    }

    matches(account: MemberAccount, tags: AccountTags): boolean {
        const { tag } = this.selector;
        return this.matchesWithoutTags(account) && (tag === undefined || holds(tags.get(account.id), tag));
    }

    /** True if the account meets every condition except the tag. */
    matchesWithoutTags(account: MemberAccount): boolean {
        const { organizationalUnit, account: named, joinedMethod, joinedSince } = this.selector;
        return (
            (organizationalUnit === undefined || account.within.some((id) => this.unitIds.has(id))) &&
            (named === undefined || isNamed(account, named)) &&
            (joinedMethod === undefined || account.joinedMethod === joinedMethod) &&
            (joinedSince === undefined || (account.joined?.getTime() ?? 0) >= this.since)
        );
    }

    /** Why the rule cannot be applied, in one sentence. */
    problem(tags: AccountTags): string | undefined {
        const wrong = this.wrongUnit() ?? this.wrongAccount() ?? this.missingJoinDetails();
        if (wrong)
            return `the setting ${pulumi.getProject()}:${this.setting}${wrong}. Nothing was changed; see pulumi config`;
        const { active, skipped } = this.accounts;
        if ([...active, ...skipped].some((account) => this.matches(account, tags))) return undefined;
        const noAccount = this.needsTags ? "no active account" : "no account";
        return (
            `the setting ${pulumi.getProject()}:${this.setting} is ${describeSelector(this.selector)}; ${noAccount} of the organization matches: ` +
            "expected a selector that matches. Nothing was changed; see pulumi config"
        );
    }

    private wrongUnit(): string | undefined {
        const { organizationalUnit } = this.selector;
        if (organizationalUnit === undefined) return undefined;
        const { unitsUnknown, units: known, active } = this.accounts;
        if (unitsUnknown)
            return ` selects by organizational unit, but the units are not known: ${unitsUnknown.detail}`;
        const lost = active.find(({ within }) => within.length === 0);
        if (lost)
            return ` selects by organizational unit, but AWS did not list the unit of account ${lost.id} ${lost.name}; run again`;
        const found = `.organizationalUnit is ${organizationalUnit}`;
        if (this.units.length === 0) {
            const hint = didYouMean(
                organizationalUnit,
                known.map(({ path }) => path).filter((path) => path !== ""),
            );
            return `${found}: expected the id or the path of an organizational unit of this organization${hint}`;
        }
        if (this.units.length === 1) return undefined;
        const ids = this.units.map(({ id }) => id).join(", ");
        return `${found}: expected the path of one organizational unit, but ${ids} have this path; use an id`;
    }

    private wrongAccount(): string | undefined {
        const { account: given } = this.selector;
        if (given === undefined) return undefined;
        const listed = [...this.accounts.active, ...this.accounts.skipped];
        const meant = listed.filter((account) => isNamed(account, given));
        const found = `.account is ${given}`;
        if (meant.length === 0) {
            const hint = didYouMean(
                given,
                listed.map(({ name }) => name),
            );
            return `${found}: expected the id (12 digits, in quotes) or the exact name of an account of this organization${hint}`;
        }
        if (this.setting.startsWith("include") && this.accounts.skipped.some(isManagement(meant[0])))
            return `${found}: expected a member account, but this is the management account, in which AWS opens no root sessions`;
        if (meant.length === 1) return undefined;
        const ids = meant.map(({ id }) => id).join(", ");
        return `${found}: expected the name of one account, but ${ids} have this name; use an id`;
    }

    /** If AWS does not report how an account joined, a condition on it is neither met nor unmet. */
    private missingJoinDetails(): string | undefined {
        const { joinedMethod, joinedSince } = this.selector;
        const lacking = this.accounts.active.find(
            (account) =>
                (joinedMethod !== undefined && account.joinedMethod === undefined) ||
                (joinedSince !== undefined && account.joined === undefined),
        );
        return (
            lacking &&
            ` selects by how accounts joined, but AWS did not report that of account ${lacking.id} ${lacking.name}; run again`
        );
    }
}

function isNamed({ id, name }: MemberAccount, given: string): boolean {
    return /^\d{12}$/.test(given) ? id === given : name === given;
}

function isManagement(account: MemberAccount | undefined) {
    return ({ id, reason }: SkippedAccount) => id === account?.id && reason === "management account";
}

/** Compares key and value together, because both may contain a `=`. */
function holds(tags: ReadonlyMap<string, string> | undefined, tag: string): boolean {
    return [...(tags ?? [])].some(([key, value]) => `${key}=${value}` === tag);
}
