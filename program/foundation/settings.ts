/** What the stack of the management account sets up in the organization: the setting `foundation`, checked. */
import { z } from "zod";

export interface FoundationSettings {
    /** The account that may manage root access instead of the management account. */
    delegatedAdministrator?: string;
    /** Switch on the feature RootSessions too. Left out, it stays as it is. */
    rootSessions?: true;
    /** Roots, units and accounts whose root users are denied everything beside root sessions. */
    denyRootUser: string[];
}

const OBJECT =
    "expected an object with enabled and, if wanted, delegatedAdministrator, rootSessions and denyRootUser";
const ACCOUNT = 'expected an account id of 12 digits, in quotes ("012345678901")';
const TARGET =
    "expected the id of a root (r-...), of an organizational unit (ou-...) or of an account (12 digits, in quotes)";

/** `pulumi config set --path` stores what looks like a number as one. */
const id = (pattern: RegExp, expected: string) =>
    z.union([z.string(), z.number()], expected).transform(String).pipe(z.string().regex(pattern, expected));

/** Each key with its form. */
export const foundationKeys = {
    enabled: z.boolean("expected true or false"),
    delegatedAdministrator: id(/^\d{12}$/, ACCOUNT).optional(),
    rootSessions: z.literal(true, "expected true; to leave the feature as it is, leave this out").optional(),
    denyRootUser: z
        .array(
            id(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/, TARGET),
            "expected a list of roots, units and accounts",
        )
        .superRefine(refuseRepetitions)
        .default([]),
};

/** Undefined where the foundation is off. */
export const foundationSetting = z
    .strictObject(foundationKeys, {
        error: (issue) => (issue.code === "invalid_type" ? OBJECT : undefined),
    })
    .transform(({ enabled, ...wanted }): FoundationSettings | undefined => {
        if (!enabled) return undefined;
        const { delegatedAdministrator, rootSessions, denyRootUser } = wanted;
        return {
            ...(delegatedAdministrator !== undefined && { delegatedAdministrator }),
            ...(rootSessions !== undefined && { rootSessions }),
            denyRootUser,
        };
    })
    .optional();

function refuseRepetitions(targets: string[], context: z.RefinementCtx): void {
    targets.forEach((target, index) => {
        const first = targets.indexOf(target);
        if (first === index) return;
        const message = `expected each target once, and denyRootUser[${first}] is the same`;
        context.addIssue({ code: "custom", path: [index], message });
    });
}
