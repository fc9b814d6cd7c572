/** Evaluates one statement on its own: whether it denies every administrator the actions on the policy. */
import { matchActions, matchResources } from "./actions-and-resources";
import { matchConditions } from "./conditions";
import { isRecord } from "./document";
import { allOf, unreadable, type ElementMatch, type TriState } from "./element-match";
import { POLICY_ACTIONS, policyActionsOf, type AnalyzedResource } from "./owner";
import { matchPrincipals } from "./principals";
import { joinWords, quoted } from "./words";

export interface EvaluatedStatement {
    position: number;
    sid: string | undefined;
    /** `statement "DenyAll"`, or `statement 2 (without Sid)`. */
    label: string;
    allows: boolean;
    /** Whether it denies every administrator. */
    denies: TriState;
    /** The actions on the policy that the statement names. */
    policyActions: string[];
    /** The statement names other actions too, so it may have another purpose. */
    hasOtherActions: boolean;
    /** `denies everybody s3:* on the bucket`, or if it denies no administrator, `it denies only requests without TLS`. */
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

export function evaluateStatement(
    statement: unknown,
    position: number,
    owner: AnalyzedResource,
    hasVariables: boolean,
): EvaluatedStatement {
    const { Sid: given, Effect: effect } = isRecord(statement) ? statement : {};
    const sid = typeof given === "string" && given !== "" ? given : undefined;
    const label =
        sid === undefined ? `statement ${position + 1} (without Sid)` : `statement ${JSON.stringify(sid)}`;
    const identity = { position, sid, label };
    const problem = problemIn(statement);
    if (problem) {
        const summary = summarize([unreadable(problem)], "", owner);
        const policyActions = policyActionsOf(owner);
        return { ...identity, allows: false, policyActions, hasOtherActions: true, ...summary };
    }
    if (effect === "Allow") {
        const because = "it denies nothing";
        return {
            ...identity,
            allows: true,
            denies: "no",
            policyActions: [],
            hasOtherActions: false,
            because,
        };
    }
    const elements = statement as Record<string, unknown>;
    const { policyActions, hasOtherActions, label: actions, match } = matchActions(elements, owner);
    const matches = [
        match,
        matchResources(elements, owner, hasVariables),
        matchPrincipals(elements, owner),
        ...matchConditions(elements.Condition, owner, hasVariables),
    ];
    const summary = summarize(matches, actions, owner);
    return { ...identity, allows: false, policyActions, hasOtherActions, ...summary };
}

function problemIn(statement: unknown): string | undefined {
    if (!isRecord(statement)) return "is no object";
    const unknown = Object.keys(statement).find((element) => !ELEMENTS.has(element));
    if (unknown !== undefined) return `has the element ${quoted(unknown)}`;
    const { Effect: effect } = statement;
    if (effect === "Allow" || effect === "Deny") return undefined;
    return effect === undefined ? "has no Effect" : `has the Effect ${JSON.stringify(effect)}`;
}

function summarize(
    matches: ElementMatch[],
    actions: string,
    owner: AnalyzedResource,
): { denies: TriState; because: string } {
    const denies = allOf(matches.map(({ coversAll }) => coversAll));
    const sparing = matches.find(({ coversAll }) => coversAll === "no");
    if (sparing) return { denies, because: sparing.note ?? "" };
    const unread = matches.find((match) => match.unreadable !== undefined);
    if (unread) return { denies, because: `${unread.unreadable}, which the provider does not understand` };
    const deciding = matches.filter(({ coversAll }) => coversAll === denies);
    const except = partsOf(matches, "except");
    const whom = except.length > 0 ? `everybody but ${joinWords(except)}` : "everybody";
    const notes = [...new Set(partsOf(deciding, "note"))];
    if (denies === "yes") {
        const sentence = `denies ${whom} ${actions} on the ${POLICY_ACTIONS[owner.service].noun}`;
        return { denies, because: [sentence, ...notes.slice(0, 1)].join(": ") };
    }
    const clauses = partsOf(deciding, "when");
    const when = clauses.length > 0 ? ` ${joinWords(clauses)}` : "";
    const unknown = notes.length === 1 ? notes[0] : "it is unknown whom that exempts";
    return { denies, because: `denies ${whom} ${actions}${when}: ${unknown}` };
}

function partsOf(matches: ElementMatch[], part: "except" | "when" | "note"): string[] {
    return matches.flatMap((match) => match[part] ?? []);
}
