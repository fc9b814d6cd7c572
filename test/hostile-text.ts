/** Text that a member account or its administrator may have chosen, and the check that printed output is safe from it. */
import assert from "node:assert/strict";

const FALSE_RECORD = {
    time: "2026-11-20T08:00:00.000Z",
    event: "done",
    accountId: "111122223333",
    action: "iam:DeleteLoginProfile",
    kind: "loginProfile",
    id: "password",
    caller: "arn:aws:iam::999988887777:role/attacker",
    session: "ASIAATTACKERATTACKER",
    requestId: "made-up",
};

export const HOSTILE: Record<string, string> = {
    "escape sequences": "\u001b[2J\u001b]0;owned\u0007 \u009b1m \u007f",
    "line breaks and a false line": `\r\nerror: ${JSON.stringify(FALSE_RECORD)}\r\n`,
    "a false record": JSON.stringify(FALSE_RECORD),
    "other line breaks": "\u2028clean\u2029\u0085\v\f",
    "Pulumi's colour tags": "<{%fg 1%}>coloured<{%reset%}>",
    "a bidirectional override": "\u202enaelc\u202c \u2066x\u2069 \ufeff\u00ad",
    "markup and a formula": "=1+1 <img src=x onerror=alert(1)> [x](https://evil.example) @everyone",
    "a long text": "long ".repeat(500),
};

/** Coloured by a tag, or by one that was there. */
const COLOURED = /<\{%[^%]*%\}>coloured|(?<!%\\?\}+(>|\\>|&gt;)|fg1)coloured/;
/** As the engine shows one in a diff. */
const PROPERTY = /^\s*[+~-]?\s*[\w:[\]]+\s*: "/;

/**
 * Every printed character.
 *
 * @param own what the program itself may print beside line feeds
 */
export function assertFit(printed: string, name: string, own = /$^/g): void {
    const unseen = printed
        .replace(own, "")
        .replaceAll("\n", "")
        .match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu);
    const shown = [...new Set(unseen)].map((each) => `U+${each.codePointAt(0)?.toString(16)}`);
    assert.deepEqual(shown, [], `${name}: characters that nobody sees\n${printed}`);
    for (const line of printed.split("\n")) {
        // The engine takes tags out of whatever it prints, its own view of a policy's text among it.
        if (!PROPERTY.test(line)) assert.doesNotMatch(line, COLOURED, `${name}: a colour tag: ${line}`);
    }
}
