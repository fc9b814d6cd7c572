/** The settings `include` and `exclude`: conditions that select accounts. */
import { isTimeWithZone } from "pulumi-aws-root-credentials";
import { z } from "zod";

const ORGANIZATIONAL_UNIT =
    "expected the id of an organizational unit or of the root, or the unit's path of names such as Workloads/Prod; in quotes where it looks like a number";
const ACCOUNT = 'expected an account id of 12 digits, in quotes ("012345678901"), or an exact account name';
const TAG = "expected a tag as key=value, exactly as the account has it";
const JOINED_METHOD = "expected CREATED or INVITED";
const JOINED_SINCE =
    'expected a date or an ISO 8601 time with its time zone, in quotes, such as "2026-12-01" or "2026-12-01T18:00:00Z"';

const nonBlank = (expected: string) => z.string(expected).regex(/\S/, expected);

/** Selects the accounts that meet every condition in it. */
export const selector = z
    .strictObject(
        {
            organizationalUnit: nonBlank(ORGANIZATIONAL_UNIT).optional(),
            // `pulumi config set --path` stores text that looks like a number as a number.
            account: z
                .union([z.string(), z.number()], ACCOUNT)
                .transform(String)
                .pipe(nonBlank(ACCOUNT))
                .optional(),
            tag: z
                .string(TAG)
                .regex(/^[^=].*=/s, TAG)
                .optional(),
            joinedMethod: z.enum(["CREATED", "INVITED"], JOINED_METHOD).optional(),
            joinedSince: z.string(JOINED_SINCE).refine(isDateOrTime, JOINED_SINCE).optional(),
        },
        { error: (issue) => (issue.code === "invalid_type" ? expectedConditions() : undefined) },
    )
    .refine((given) => Object.keys(given).length > 0, { error: () => expectedConditions() });

export type AccountSelector = z.output<typeof selector>;

export interface Selection {
    /** Accounts that meet any of these are in scope. If there is none, all accounts are. */
    include: AccountSelector[];
    /** Accounts that meet any of these are out of scope, even if `include` selects them. */
    exclude: AccountSelector[];
}

/** `organizationalUnit Sandbox, joinedMethod INVITED`. */
export function describeSelector(given: AccountSelector): string {
    return Object.entries(given)
        .map(([condition, value]) => `${condition} ${value}`)
        .join(", ");
}

function expectedConditions(): string {
    return `expected an object with one or more of ${Object.keys(selector.shape).join(", ")}`;
}

function isDateOrTime(value: string): boolean {
    return isTimeWithZone(value) || isTimeWithZone(`${value}T00:00Z`);
}
