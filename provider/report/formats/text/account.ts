/** The lines of one account: its finding, the reason for it, and its credentials. */
import type { LeavingAccount } from "../../model";
import { removalInWords } from "../../words";
import type { credentialTable } from "./credentials";
import { LOOKS, stemmed, type Line } from "./lines";
import type { Entry } from "./nodes";
import type { Style } from "./palette";
import { span, widthOf, widthOfAll, wrapped } from "./spans";

/** The settings of one drawing, which all units share. */
export interface Drawing {
    width: number;
    shown: Set<Entry>;
    row: ReturnType<typeof credentialTable>;
}

/** The indent below an account. */
export const DETAIL = "  ";

export function accountLines(entry: Entry, stem: string, { width, row }: Drawing): Line[] {
    const { id, name, finding, credentials = [] } = entry;
    const { sign, style } = LOOKS[finding];
    const indent = [stemmed(stem), span(DETAIL)];
    const room = width - widthOfAll(indent);
    return [
        {
            left: [
                stemmed(stem),
                span(`${sign} `, style),
                span(id),
                ...(name === id || name === "" ? [] : [span(" "), span(name, "strong")]),
            ],
            right: [span(finding, style)],
        },
        ...detailsOf(entry).flatMap(({ text, lead = "", style: own }) =>
            wrapped(span(text).text, room - widthOf(lead), 2).map((line, index) => ({
                left: [...indent, span(index === 0 ? lead : " ".repeat(widthOf(lead))), span(line, own)],
            })),
        ),
        ...credentials.map((credential) => ({ left: [...indent, ...row(credential)] })),
    ];
}

interface Detail {
    text: string;
    /** Stands before the first line. */
    lead?: string;
    style?: Style;
}

function detailsOf(entry: Entry): Detail[] {
    const { then, unreadable, exception, acknowledged, removed, because, finding, credentials = [] } = entry;
    const isKept = finding === "drifted" && credentials.some(({ stays }) => stays !== undefined);
    return [
        ...(removed ? [{ text: `removed ${removalInWords(removed)}` }] : []),
        ...(then ? [DELETES[then]] : []),
        ...(isKept ? [{ text: KEPT, style: "recent" as const }] : []),
        ...(acknowledged
            ? [{ text: untilWhen("acknowledged", acknowledged), style: "excepted" as const }]
            : []),
        ...(unreadable ? [{ text: unreadable.cause, style: "unknown" as const }] : []),
        ...(unreadable?.next === undefined || acknowledged
            ? []
            : [{ text: firstSentence(unreadable.next), lead: "→ " }]),
        ...(exception
            ? [
                  {
                      text: untilWhen(exception.opens ? "pulumi up opens it" : "exception", exception),
                      style: "excepted" as const,
                  },
              ]
            : []),
        ...(because === undefined || finding !== "not inspected" ? [] : [{ text: because }]),
    ];
}

const KEPT = "pulumi up keeps a recently used credential, so this account fails (refuseIfUsedWithinDays)";

function untilWhen(what: string, { until, reason }: { until: string; reason: string }): string {
    return `${what} until ${minute(until)}: ${reason}`;
}

/** The effect of `pulumi up`, when it deletes the account's resource. */
const DELETES: Record<LeavingAccount["then"], Detail> = {
    "allow-recovery": {
        text: "pulumi up allows password recovery: whoever reads its root mailbox can then sign in",
        style: "opens",
    },
    retain: { text: "pulumi up leaves it as it is, and no run inspects it any more" },
};

/** The first step. The other formats have all steps. */
function firstSentence(text: string): string {
    return /^.*?\.(?= [A-Z])/s.exec(text)?.[0] ?? text;
}

/** `2026-12-05 18:00 UTC`, if the time is in UTC. */
function minute(time: string): string {
    return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, "$1 $2 UTC");
}
