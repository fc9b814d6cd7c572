/** Forms of values that several settings share. */
import { z } from "zod";

export const ACCOUNT_ID = 'expected an account id of 12 digits, in quotes ("012345678901")';

/** `pulumi config set --path` stores text that looks like a number as a number. */
const textOrNumber = (expected: string) => z.union([z.string(), z.number()], expected).transform(String);

/** Text in one line. */
export const text = (expected: string) =>
    textOrNumber(expected)
        .transform((given) => given.replace(/\s+/g, " "))
        .pipe(z.string().trim().min(1, expected));

export const matching = (pattern: RegExp, expected: string) =>
    textOrNumber(expected).pipe(z.string().regex(pattern, expected));

export const accountId = matching(/^\d{12}$/, ACCOUNT_ID);

export const choice = <const Choices extends readonly [string, string]>(choices: Choices) =>
    z.enum(choices, `expected ${choices.join(" or ")}`);

/**
 * @param subject what each entry of the setting is about, as `account`
 * @param keyOf the key within the entry (none if the entry itself is compared) and its value
 */
export function refuseDuplicates<Entry>(
    setting: string,
    subject: string,
    keyOf: (entry: Entry) => { key?: string; value: unknown },
) {
    return (entries: Entry[], context: z.RefinementCtx): void => {
        const values = entries.map((entry) => keyOf(entry).value);
        entries.forEach((entry, index) => {
            const first = values.indexOf(values[index]);
            if (first === index) return;
            const path = [index, keyOf(entry).key].filter((each) => each !== undefined);
            const message = `expected one entry for each ${subject}, and ${setting}[${first}] names the same`;
            context.addIssue({ code: "custom", path, message });
        });
    };
}
