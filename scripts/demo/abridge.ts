/** What Pulumi prints into a log, without what would only be repeated; what is left out is counted in brackets. */
import { stripVTControlCharacters } from "node:util";

/** Rows by which a log without a terminal shows progress. What they carry comes again when the work is done. */
const PROGRESS = [
    /^@ /,
    /^ [ ~+-] {2}\S+ \S+ (creating|updating|deleting|refreshing|running)\b/,
    /^ [ ~+-] {2}\S+ \S+ +(refresh( \(\S+\))?)?\s*$/,
];
const URN = /^\s*\[urn=/;
const NEW_ACCOUNT = /^( *)\+ pulumi-nodejs:dynamic\/aws-root:RootCredentialsAbsent: \(create\)/;
const ACCOUNTS = /^\s*root-credentials-accounts \{/;
const RECORD = /^\s*root-credentials-record /;
/** The sentences for people among the records, which come as the accounts get there: all records are counted together. */
const REMOVAL = /^\s*account \d{12}\b.*: (about to remove|removed) /;

const BY_ACCOUNT =
    "[root-credentials-accounts: the same by account, from which root-credentials report makes a report]";

type Repetition = "account" | "record";

const LEFT_OUT: Record<Repetition, (count: number) => string> = {
    account: (count) =>
        `[+ create of ${count} more account${count === 1 ? "" : "s"}, with the same properties]`,
    record: (count) => `[${count} more such records: each removal leaves one before and one after]`,
};

/** Give it every line, and `end` once there are no more. */
export function abridge(print: (line: string) => void) {
    let newAccount: { indentation: number; shown: boolean } | undefined;
    let newAccounts = 0;
    let records = 0;
    let leftOut: { what: Repetition; count: number; indentation: string } | undefined;
    let blank = false;

    function end() {
        if (leftOut) print(leftOut.indentation + LEFT_OUT[leftOut.what](leftOut.count));
        leftOut = undefined;
    }

    function leaveOut(what: Repetition, text: string) {
        if (leftOut?.what !== what) {
            end();
            leftOut = { what, count: 0, indentation: indentationOf(text) };
        }
        leftOut.count++;
    }

    function line(given: string) {
        const text = stripVTControlCharacters(given);
        if (URN.test(text) || PROGRESS.some((row) => row.test(text))) return;

        if (NEW_ACCOUNT.test(text)) {
            newAccount = { indentation: indentationOf(text).length, shown: newAccounts++ === 0 };
            if (!newAccount.shown) return leaveOut("account", text);
        } else if (newAccount && indentationOf(text).length > newAccount.indentation) {
            if (!newAccount.shown) return;
        } else {
            newAccount = undefined;
        }
        // The first that tells of something done is enough to see what such a line holds.
        if (RECORD.test(text)) {
            const shown = records === 0 && text.includes('"event":"done"');
            if (!shown) return leaveOut("record", text);
            records++;
            blank = false;
            return print(given);
        }
        if (text.trim() === "") {
            blank = true;
            return;
        }
        if (!REMOVAL.test(text)) end();
        if (ACCOUNTS.test(text)) return print(`${" ".repeat(indentationOf(text).length)}${BY_ACCOUNT}`);
        if (blank) print("");
        blank = false;
        print(given);
    }

    return { line, end };
}

function indentationOf(text: string): string {
    return /^\s*/.exec(text)?.[0] ?? "";
}
