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

const BY_ACCOUNT =
    "[root-credentials-accounts: the same by account, from which root-credentials report makes a report]";

/** Give it every line, and `end` once there are no more. */
export function abridge(print: (line: string) => void) {
    let newAccount: { indentation: number; shown: boolean } | undefined;
    let newAccounts = 0;
    let leftOut: { count: number; indentation: string } | undefined;
    let blank = false;

    function end() {
        if (leftOut) {
            const { count, indentation } = leftOut;
            const accounts = `${count} more account${count === 1 ? "" : "s"}`;
            print(`${indentation}[+ create of ${accounts}, with the same properties]`);
        }
        leftOut = undefined;
    }

    function leaveOut(text: string) {
        leftOut ??= { count: 0, indentation: indentationOf(text) };
        leftOut.count++;
    }

    function line(given: string) {
        const text = stripVTControlCharacters(given);
        if (URN.test(text) || PROGRESS.some((row) => row.test(text))) return;

        if (NEW_ACCOUNT.test(text)) {
            newAccount = { indentation: indentationOf(text).length, shown: newAccounts++ === 0 };
            if (!newAccount.shown) return leaveOut(text);
        } else if (newAccount && indentationOf(text).length > newAccount.indentation) {
            if (!newAccount.shown) return;
        } else {
            newAccount = undefined;
        }
        if (text.trim() === "") {
            blank = true;
            return;
        }
        end();
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
