/** The setting `foundation`: what the management account's stack sets up in the organization. */
import { z } from "zod";
import { accountId, matching, refuseDuplicates } from "./values";

export interface FoundationSettings {
    /** The member account that may manage root access besides the management account. */
    delegatedAdministrator?: string;
    /** Switches on the feature RootSessions too. If left out, the feature stays as it is. */
    rootSessions?: true;
    /** Roots, units and accounts whose root users are denied everything except root sessions. */
    denyRootUser: string[];
}

const OBJECT =
    "expected an object with enabled and, if wanted, delegatedAdministrator, rootSessions and denyRootUser";
const TARGET =
    "expected the id of a root (r-...), of an organizational unit (ou-...) or of an account (12 digits, in quotes)";

export const foundationKeys = {
    enabled: z.boolean("expected true or false"),
    delegatedAdministrator: accountId.optional(),
    rootSessions: z.literal(true, "expected true; to leave the feature as it is, leave this out").optional(),
    denyRootUser: z
        .array(
            matching(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/, TARGET),
            "expected a list of roots, units and accounts",
        )
        .superRefine(refuseDuplicates("denyRootUser", "target", (value) => ({ value })))
        .default([]),
};

/** Undefined if the foundation is off. */
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
