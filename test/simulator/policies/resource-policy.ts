import { z } from "zod";
import type { Principal } from "../state/principals";
import { MalformedPolicy } from "./malformed-policy";
import { exemptionIn, namingIn, type Naming } from "./principal-element";
import type { RequestContext } from "./request-context";
import { statementIn } from "./statements";

/** What distinguishes the policies of one kind of resource. */
export interface ResourcePolicyRules {
    readonly service: "s3" | "sqs";
    readonly mostBytes: number;
    /** Whether a statement may name this resource. */
    covers(resource: string): boolean;
}

/**
 * What a resource's own policy says about one request. Within the owner's account, one that only the account is allowed
 * still needs a permission of its own.
 */
export type ResourceVerdict = "denies" | "allows" | "allows the account" | "is silent";

export interface ResourcePolicy {
    /** As it was given, byte for byte. */
    readonly text: string;
    verdictOn(
        principal: Principal,
        action: string,
        resource: string,
        context: RequestContext,
    ): ResourceVerdict;
}

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);
/** Numbers and truths may stand without quotation marks. */
const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const STATEMENT = z.strictObject({
    Sid: z.string().optional(),
    Effect: z.string().optional(),
    Principal: z.unknown().optional(),
    NotPrincipal: z.unknown().optional(),
    Action: oneOrMore.optional(),
    NotAction: oneOrMore.optional(),
    Resource: oneOrMore.optional(),
    NotResource: oneOrMore.optional(),
    Condition: z.record(z.string(), z.record(z.string(), z.union([value, z.array(value).min(1)]))).optional(),
});

const DOCUMENT = z.strictObject({
    Version: z.unknown().optional(),
    Id: z.string().optional(),
    Statement: z.unknown().optional(),
});

/**
 * Reads a resource's policy once, for many requests. Throws a MalformedPolicy for what AWS would refuse, and any other
 * error for what could not be judged faithfully here.
 */
export function resourcePolicyIn(text: string, rules: ResourcePolicyRules): ResourcePolicy {
    const { Version, Statement } = documentIn(text, rules.mostBytes);
    const documents = [Statement].flat().map((statement) => wellFormed(statement, rules));
    const statements = judgeable(() => {
        // With the older version, and without any, IAM takes policy variables for plain text.
        if (Version !== "2012-10-17" && text.includes("${")) {
            throw new Error("policy variables need the Version 2012-10-17");
        }
        return documents.map(({ names, ...common }) => ({ names, ...statementIn(common) }));
    });
    return {
        text,
        verdictOn(principal, action, resource, context) {
            const applying = statements
                .filter(({ applies }) => applies(action, resource, context))
                .map(({ effect, names }) => ({ effect, naming: names(principal) }))
                .filter(({ naming }) => naming !== "not");
            if (applying.some(({ effect }) => effect === "Deny")) return "denies";
            if (applying.some(({ naming }) => naming === "by name")) return "allows";
            return applying.length > 0 ? "allows the account" : "is silent";
        },
    };
}

function documentIn(text: string, mostBytes: number) {
    if (Buffer.byteLength(text) > mostBytes) {
        throw new MalformedPolicy("Policy exceeds the maximum allowed document size.");
    }
    const document = checked(DOCUMENT, jsonIn(text));
    if (![undefined, "2008-10-17", "2012-10-17"].some((version) => version === document.Version)) {
        throw new MalformedPolicy("The policy must contain a valid version string");
    }
    if (document.Statement === undefined) throw missing("Statement");
    if (Array.isArray(document.Statement) && document.Statement.length === 0) {
        throw new MalformedPolicy("Could not parse the policy: Statement is empty!");
    }
    return document;
}

function jsonIn(text: string): unknown {
    try {
        if (text.trimStart().startsWith("{")) return JSON.parse(text);
    } catch {
        // The same words for whatever is wrong with it.
    }
    throw new MalformedPolicy("Policies must be valid JSON and the first byte must be '{'");
}

function wellFormed(given: unknown, rules: ResourcePolicyRules) {
    const statement = checked(STATEMENT, given);
    const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
    const effect = effectIn(Effect);
    requireOne("Principal", Principal, NotPrincipal);
    requireOne("Action", Action, NotAction);
    requireOne("Resource", Resource, NotResource);
    const action = new RegExp(`^(\\*|${rules.service}:[a-z0-9*?]+)$`, "i");
    if (![Action ?? NotAction ?? []].flat().every((name) => action.test(name))) {
        throw new MalformedPolicy("Policy has invalid action");
    }
    if (![Resource ?? NotResource ?? []].flat().every((resource) => rules.covers(resource))) {
        throw new MalformedPolicy("Policy has invalid resource");
    }
    return { ...statement, Effect: effect, names: namesIn(effect, Principal, NotPrincipal) };
}

function effectIn(given: string | undefined): "Allow" | "Deny" {
    if (given === undefined) throw missing("Effect");
    if (given === "Allow" || given === "Deny") return given;
    throw new MalformedPolicy(`Invalid effect: ${given}`);
}

function namesIn(
    effect: "Allow" | "Deny",
    named: unknown,
    exempted: unknown,
): (principal: Principal) => Naming {
    if (exempted === undefined) return namingIn(named);
    if (effect === "Allow") throw new MalformedPolicy("Allow with NotPrincipal is not allowed");
    const isExempt = exemptionIn(exempted);
    return (principal) => (isExempt(principal) ? "not" : "by name");
}

function requireOne(element: string, given: unknown, negated: unknown): void {
    if (given === undefined && negated === undefined) throw missing(element);
    if (given !== undefined && negated !== undefined) {
        throw new MalformedPolicy(`Statement/policy already has instance of ${element}`);
    }
}

function missing(element: string): MalformedPolicy {
    return new MalformedPolicy(`Missing required field ${element}`);
}

function checked<T>(schema: z.ZodType<T>, given: unknown): T {
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new MalformedPolicy(
        issue?.code === "unrecognized_keys" ? `Unknown field ${issue.keys.join()}` : "Invalid policy syntax.",
    );
}

function judgeable<T>(read: () => T): T {
    try {
        return read();
    } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        throw new Error(`the simulator cannot judge this policy: ${because}`, { cause: error });
    }
}
