/** One statement, on its own: whether it denies every administrator the calls about the policy. */
import { allOf, odd, type Answer, type Finding } from "./answer";
import { conditionFindings } from "./conditions";
import { isRecord } from "./document";
import { callsOn, POLICY_CALLS, type PolicyOwner } from "./owner";
import { principalFinding } from "./principals";
import { namedCalls, resourceFinding } from "./targets";
import { listed, quoted } from "./words";

export interface ReadStatement {
    position: number;
    sid: string | undefined;
    /** `statement "DenyAll"`, or `statement 2 (without Sid)`. */
    called: string;
    allows: boolean;
    /** Whether it denies every administrator. */
    denies: Answer;
    /** Of the calls about the policy, those that it names. */
    calls: string[];
    /** Beside these it names others, which it may be there for. */
    more: boolean;
    /** `denies everybody s3:* on the bucket`; or where it denies no administrator: `it denies only requests without TLS`. */
    because: string;
}

const ELEMENTS = new Set([
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
]);

export function readStatement(
    statement: unknown,
    position: number,
    owner: PolicyOwner,
    hasVariables: boolean,
): ReadStatement {
    const { Sid: given, Effect: effect } = isRecord(statement) ? statement : {};
    const sid = typeof given === "string" && given !== "" ? given : undefined;
    const called =
        sid === undefined ? `statement ${position + 1} (without Sid)` : `statement ${JSON.stringify(sid)}`;
    const itself = { position, sid, called };
    const strange = whatIsOdd(statement);
    if (strange)
        return {
            ...itself,
            allows: false,
            calls: callsOn(owner),
            more: true,
            ...inWords([odd(strange)], "", owner),
        };
    if (effect === "Allow") {
        return {
            ...itself,
            allows: true,
            denies: "no",
            calls: [],
            more: false,
            because: "it denies nothing",
        };
    }
    const elements = statement as Record<string, unknown>;
    const { calls, called: what, finding, more } = namedCalls(elements, owner);
    const findings = [
        finding,
        resourceFinding(elements, owner, hasVariables),
        principalFinding(elements, owner),
        ...conditionFindings(elements.Condition, owner, hasVariables),
    ];
    return { ...itself, allows: false, calls, more, ...inWords(findings, what, owner) };
}

function whatIsOdd(statement: unknown): string | undefined {
    if (!isRecord(statement)) return "is no object";
    const unknown = Object.keys(statement).find((element) => !ELEMENTS.has(element));
    if (unknown !== undefined) return `has the element ${quoted(unknown)}`;
    const isEffect = statement.Effect === "Allow" || statement.Effect === "Deny";
    return isEffect
        ? undefined
        : statement.Effect === undefined
          ? "has no Effect"
          : `has the Effect ${JSON.stringify(statement.Effect)}`;
}

function inWords(findings: Finding[], what: string, owner: PolicyOwner): { denies: Answer; because: string } {
    const denies = allOf(findings.map(({ answer }) => answer));
    const first = findings.find(({ answer }) => answer === "no");
    if (first) return { denies, because: first.note ?? "" };
    const strange = findings.find((finding) => finding.odd !== undefined);
    if (strange) return { denies, because: `${strange.odd}, which is not understood here` };
    const deciding = findings.filter(({ answer }) => answer === denies);
    const but = said(findings, "but");
    const whom = but.length > 0 ? `everybody but ${listed(but)}` : "everybody";
    const notes = [...new Set(said(deciding, "note"))];
    if (denies === "yes") {
        const whole = `denies ${whom} ${what} on the ${POLICY_CALLS[owner.service].noun}`;
        return { denies, because: [whole, ...notes.slice(0, 1)].join(": ") };
    }
    const unseen = notes.length === 1 ? notes[0] : "whom that leaves cannot be seen from here";
    return { denies, because: `${["denies", whom, what, ...when(deciding)].join(" ")}: ${unseen}` };
}

function when(findings: Finding[]): string[] {
    const clauses = said(findings, "when");
    return clauses.length > 0 ? [listed(clauses)] : [];
}

function said(findings: Finding[], part: "but" | "when" | "note"): string[] {
    return findings.flatMap((finding) => finding[part] ?? []);
}
