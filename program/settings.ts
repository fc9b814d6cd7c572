/** The stack's configuration, typed and checked before anything is looked at. `Pulumi.yaml` describes each setting. */
import * as pulumi from "@pulumi/pulumi";
import { isTimeWithZone, printable, type AuditMode, type OnDelete } from "pulumi-aws-root-credentials";
import { z } from "zod";
import { didYouMean } from "./did-you-mean";
import { foundationKeys, foundationSetting, type FoundationSettings } from "./foundation/settings";
import { selector, type Selection } from "./selectors";
import { unlockKeys, unlockSetting, type Unlock } from "./unlock-settings";

export interface Settings {
    selection: Selection;
    /** What is declared of every account alike. */
    sharedArguments: SharedArguments;
    exceptions: TemporaryEntry[];
    /** Accounts that cannot be inspected, each for a known cause and until a day. */
    acknowledged: TemporaryEntry[];
    /** Names of stacks that declare other accounts of the same organization. */
    siblingStacks: string[];
    /** Left out: off. */
    foundation?: FoundationSettings;
    /** Policies that must shut nobody out. */
    unlock: Unlock[];
}

export interface SharedArguments {
    onDelete: OnDelete;
    /** Left out: the provider's own default, which follows the number of accounts. */
    maxRemovals?: number;
    /** Left out: whatever is found is removed. */
    refuseIfUsedWithinDays?: number;
    /** Left out: by the account's summary first. */
    audit?: AuditMode;
}

/** One account of which something holds for a while: its password may be recovered (break-glass), or it cannot be inspected. */
export interface TemporaryEntry {
    account: string;
    /** ISO 8601 with a time zone. */
    until: string;
    reason: string;
}

const ON_DELETE = ["allow-recovery", "retain"] as const;
const AUDIT = ["summary", "full"] as const;

const ACCOUNT = 'expected an account id of 12 digits, in quotes ("012345678901")';
const UNTIL = 'expected an ISO 8601 time with its time zone, in quotes, such as "2026-12-01T18:00:00Z"';
const REASON = "expected a text that says why";

const exception = z.strictObject(
    {
        // `pulumi config set --path` stores what looks like a number as one.
        account: z
            .union([z.string(), z.number()], ACCOUNT)
            .transform(String)
            .pipe(z.string().regex(/^\d{12}$/, ACCOUNT)),
        until: z.string(UNTIL).refine(isTimeWithZone, UNTIL),
        // A ticket's number is stored as one, too.
        reason: z
            .union([z.string(), z.number()], REASON)
            .transform(String)
            .transform((reason) => printable(reason.replace(/\s+/g, " ")))
            .pipe(z.string().trim().min(1, REASON)),
    },
    {
        error: (issue) =>
            issue.code === "invalid_type" ? "expected an object with account, until and reason" : undefined,
    },
);

const acknowledgement = exception.refine(({ until }) => Date.parse(until) > Date.now(), {
    path: ["until"],
    error: "expected a time in the future. Prolong it, or take the account out of the setting acknowledged",
});

const ENTRIES = "expected a list of objects with account, until and reason";

const selectors = z.array(selector, "expected a list of objects, each of which selects accounts").default([]);

const STACK = "expected the name of a stack, or organization/project/stack";

const settings = z.strictObject({
    include: selectors,
    exclude: selectors,
    onDelete: z.enum(ON_DELETE, `expected ${ON_DELETE.join(" or ")}`).default("allow-recovery"),
    maxRemovals: z
        .string()
        .regex(/^(automatic|\d+)$/, "expected a whole number from 0, or automatic")
        .default("automatic"),
    refuseIfUsedWithinDays: z
        .string()
        .regex(/^(off|[1-9]\d{0,4})$/, "expected a whole number of days from 1, or off")
        .default("off"),
    audit: z.enum(AUDIT, `expected ${AUDIT.join(" or ")}`).default("summary"),
    exceptions: z
        .array(exception, ENTRIES)
        .superRefine(refuseRepetitions("exceptions", "exception"))
        .default([]),
    acknowledged: z
        .array(acknowledgement, ENTRIES)
        .superRefine(refuseRepetitions("acknowledged", "acknowledgement"))
        .default([]),
    siblingStacks: z
        .array(
            z
                .string(STACK)
                .regex(/^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/, STACK)
                .refine(isOtherStack, {
                    error: "expected another stack, and this is the stack itself",
                }),
            "expected a list of stacks",
        )
        .default([]),
    foundation: foundationSetting,
    unlock: unlockSetting,
});

/** The settings of this stack, or the program's end with one sentence for each that is wrong. */
export function readSettings(): Settings {
    const project = pulumi.getProject();
    const config = pulumi.runtime.allConfig();
    refuseSecrets(project, config);
    const given = settingsOf(project, config);
    const parsed = settings.superRefine(refuseAccountInBothLists).safeParse(given);
    const wrong = [
        ...misplacedSettings(project, config),
        ...(parsed.success ? [] : problems(project, given, parsed.error)),
    ];
    if (!parsed.success || wrong.length > 0) throw new pulumi.RunError(wrong.join("\n"));
    const {
        include,
        exclude,
        onDelete,
        maxRemovals,
        refuseIfUsedWithinDays,
        audit,
        exceptions,
        acknowledged,
        siblingStacks,
        foundation,
        unlock,
    } = parsed.data;
    const sharedArguments = {
        onDelete,
        ...(audit !== "summary" && { audit }),
        ...(maxRemovals !== "automatic" && { maxRemovals: Number(maxRemovals) }),
        ...(refuseIfUsedWithinDays !== "off" && { refuseIfUsedWithinDays: Number(refuseIfUsedWithinDays) }),
    };
    return {
        selection: { include, exclude },
        sharedArguments,
        exceptions,
        acknowledged,
        siblingStacks,
        unlock,
        ...(foundation && { foundation }),
    };
}

/**
 * The state holds settings as inputs of resources, and in plain text. Pulumi tells which setting is a secret, and no part of a list, so
 * the program cannot keep one entry secret. The CLI masks secrets in its output; reports and other readers of the state do not.
 */
function refuseSecrets(project: string, config: Record<string, unknown>): void {
    // Pulumi leaves this function out of its types. An inline program of the Automation API has no variable in its place.
    const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
    const secret = Object.keys(config).filter((key) => key.startsWith(`${project}:`) && isConfigSecret(key));
    if (secret.length === 0) return;
    const sentences = secret.map(
        (key) =>
            `the setting ${key} is a secret, or holds one: expected plain text, since the stack's state would hold it as such. ` +
            `Nothing was changed. Set it again with pulumi config set --plaintext, without the secret text`,
    );
    throw new pulumi.RunError(sentences.join("\n"));
}

const LISTS_OF_ACCOUNTS: PropertyKey[] = ["exceptions", "acknowledged"];
const STRUCTURED = new Set<PropertyKey>([
    "include",
    "exclude",
    ...LISTS_OF_ACCOUNTS,
    "siblingStacks",
    "foundation",
    "unlock",
]);

/**
 * This project's settings without their namespace; those of other namespaces (`aws:region`) are not ours to judge. Pulumi
 * hands lists and objects over as JSON.
 */
function settingsOf(project: string, config: Record<string, unknown>): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(
        own.map(([key, value]) => {
            const name = key.slice(project.length + 1);
            return [name, STRUCTURED.has(name) ? fromJson(value) : value];
        }),
    );
}

/** Settings of ours in another namespace. Nobody would read them, and a guard that was meant to be on would be off. */
function misplacedSettings(project: string, config: Record<string, unknown>): string[] {
    const known = Object.keys(settings.shape);
    return Object.keys(config).flatMap((key) => {
        const [namespace = "", name = ""] = key.split(":");
        const meant = known.find((setting) => setting.toLowerCase() === name.toLowerCase());
        if (namespace === project || meant === undefined) return [];
        return [
            `there is no setting ${key}; expected ${project}:${meant} (pulumi config rm ${key} removes it)`,
        ];
    });
}

function isOtherStack(stack: string): boolean {
    const self = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()];
    return stack !== self[2] && stack !== self.join("/");
}

function fromJson(value: unknown): unknown {
    try {
        return typeof value === "string" ? JSON.parse(value) : value;
    } catch {
        return value; // neither, and the schema says so
    }
}

function refuseRepetitions(setting: string, noun: string) {
    return (entries: TemporaryEntry[], context: z.RefinementCtx) => {
        entries.forEach(({ account }, index) => {
            const first = entries.findIndex((other) => other.account === account);
            if (first === index) return;
            const message = `expected one ${noun} for an account, and ${setting}[${first}] is of the same`;
            context.addIssue({ code: "custom", path: [index, "account"], message });
        });
    };
}

/** An account that cannot be entered cannot be opened. */
function refuseAccountInBothLists(
    { exceptions, acknowledged }: Pick<Settings, "exceptions" | "acknowledged">,
    context: z.RefinementCtx,
): void {
    acknowledged.forEach(({ account }, index) => {
        const other = exceptions.findIndex((exception) => exception.account === account);
        if (other < 0) return;
        const message = `expected an account without an exception, and exceptions[${other}] is of the same`;
        context.addIssue({ code: "custom", path: ["acknowledged", index, "account"], message });
    });
}

function problems(project: string, given: Record<string, unknown>, error: z.ZodError): string[] {
    return error.issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) => unknownKey(project, issue.path, key));
        }
        const value = issue.path.reduce<unknown>(
            (within, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key],
            given,
        );
        const found = value === undefined ? "missing" : JSON.stringify(value);
        return [
            `the setting ${project}:${pathInWords(issue.path)} is ${found}: ${issue.message}; see pulumi config`,
        ];
    });
}

/** `exceptions[0].until`, as `pulumi config set --path` takes it. */
function pathInWords(path: PropertyKey[]): string {
    return path
        .map((key, at) => (typeof key === "number" ? `[${key}]` : `${at > 0 ? "." : ""}${String(key)}`))
        .join("");
}

/** A key that means nothing where it stands: a misspelt guard would be off without anybody noticing. */
function unknownKey(project: string, path: PropertyKey[], key: string): string {
    const known = Object.keys(keysWithin(path));
    const setting = path.length === 0 ? key : `${pathInWords(path)}.${key}`;
    const remove = path.length === 0 ? key : `--path '${setting}'`;
    return (
        `there is no setting ${project}:${setting}; expected one of ${known.join(", ")}${didYouMean(key, known)}; ` +
        `pulumi config rm ${remove} removes it`
    );
}

function keysWithin([setting]: PropertyKey[]): object {
    if (setting === undefined) return settings.shape;
    if (setting === "foundation") return foundationKeys;
    if (setting === "unlock") return unlockKeys;
    return LISTS_OF_ACCOUNTS.includes(setting) ? exception.shape : selector.shape;
}
