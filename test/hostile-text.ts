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
const FALSE_SUMMARY = { accounts: 0, lookedAt: 0, clean: 4711 };

export const HOSTILE: Record<string, string> = {
    "escape sequences": "\u001b[2J\u001b]0;owned\u0007 \u009b1m \u007f",
    "line breaks and a false summary": `\r\nroot-credentials-summary ${JSON.stringify(FALSE_SUMMARY)}\r\n`,
    "a false record": JSON.stringify(FALSE_RECORD),
    "other line breaks and a false list": '\u2028root-credentials-accounts {"accounts":[]}\u2029\u0085',
    "a false list of policies": '\vroot-credentials-policies {"policies":0,"each":[]}\f',
    "Pulumi's colour tags": "<{%fg 1%}>coloured<{%reset%}>",
    "a bidirectional override": "\u202enaelc\u202c \u2066x\u2069 \ufeff\u00ad",
    "markup and a formula": "=1+1 <img src=x onerror=alert(1)> [x](https://evil.example) @everyone",
    "a long text": "long ".repeat(500),
};

/** Coloured by a tag, or by one that was there. */
const COLOURED = /<\{%[^%]*%\}>coloured|(?<!%\\?\}+(>|\\>|&gt;)|fg1)coloured/;
/** As the engine shows one in a diff. */
const PROPERTY = /^\s*[+~-]?\s*[\w:[\]]+\s*: "/;

/** Hostile text is known by these. */
const OF_THE_ATTACKER = /"attacker|made-up|4711/;

/**
 * Every printed character and every machine line.
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
        const [before = "", behind] = line.split(
            /root-credentials-(?:summary|accounts|policies)\s*(?=\{[^\\])/,
            2,
        );
        if (behind === undefined) continue;
        assert.match(
            before,
            /^[ +~@-]*(\S+:\S+:\S+ .*)?$/,
            `${name}: the marker stands within a text: ${line}`,
        );
        const value = JSON.parse(behind) as Partial<typeof FALSE_RECORD & typeof FALSE_SUMMARY>;
        const { caller, requestId, clean } = value;
        assert.doesNotMatch(
            JSON.stringify({ caller, requestId, clean }),
            OF_THE_ATTACKER,
            `${name}: ${line}`,
        );
    }
}
