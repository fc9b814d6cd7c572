/**
 * Requests of administrators, and whether a policy denies each of them. The tests compare the analysis of all requests at once with
 * this evaluation of single requests. It supports only the elements that `generated-policies.ts` uses.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import { ACCOUNT, BUCKET, ORGANIZATION, type Statement } from "./fixtures";

/** By key in lower case. */
type Context = Record<string, string | undefined>;

const CALLERS: Context[] = [
    caller("role/Admin", { userid: "AROAADMIN:alice" }),
    caller("role/dev", { userid: "AROADEV:bob", team: "guests" }),
    caller("user/bob", { userid: "AIDABOB", username: "bob", team: "security" }),
    caller("user/carol", { userid: "AIDACAROL", username: "carol" }),
];

function caller(
    resource: string,
    { userid, username, team }: { userid: string; username?: string; team?: string },
): Context {
    return {
        "aws:principalarn": `arn:aws:iam::${ACCOUNT}:${resource}`,
        "aws:principaltype": username === undefined ? "AssumedRole" : "User",
        "aws:principalaccount": ACCOUNT,
        "aws:principalorgid": ORGANIZATION,
        "aws:userid": userid,
        "aws:username": username,
        "aws:principaltag/team": team,
    };
}

const SIGN_INS: Context[] = [
    { "aws:multifactorauthpresent": "true", "aws:multifactorauthage": "60" },
    { "aws:multifactorauthpresent": "false" },
    {},
];

const WAYS: Context[] = [
    { "aws:sourceip": "203.0.113.9" },
    { "aws:sourceip": "100.128.7.7" },
    { "aws:sourcevpce": "vpce-1a2b3c4d" },
];

const TLS: Context[] = ["1.2", "1.3"].map((version) => ({
    "aws:securetransport": "true",
    "s3:tlsversion": version,
}));

/** Requests that administrators may send. */
export const REQUESTS = CALLERS.flatMap((who) =>
    SIGN_INS.flatMap((signIn) =>
        WAYS.flatMap((way) => TLS.map((tls) => ({ ...who, ...signIn, ...way, ...tls }))),
    ),
);

/** A request that some administrator can always send: no generated policy names the role or the address, and MFA is recent. */
export const ORDINARY: Context = {
    ...caller("role/somebody-else", { userid: "AROASOMEBODYELSE:me" }),
    "aws:multifactorauthpresent": "true",
    "aws:multifactorauthage": "1",
    "aws:sourceip": "100.128.7.7",
    "aws:securetransport": "true",
    "s3:tlsversion": "1.3",
};

export function isDenied(statements: Statement[], action: string, context: Context): boolean {
    return statements.some(
        (statement) =>
            statement.Effect === "Deny" &&
            isAbout(statement, "Action", (name) => glob(name.toLowerCase()).test(action.toLowerCase())) &&
            isAbout(statement, "Resource", (arn) => glob(arn).test(BUCKET)) &&
            isAboutCaller(statement, context) &&
            Object.entries((statement.Condition ?? {}) as Record<string, Record<string, unknown>>).every(
                ([operator, keys]) =>
                    Object.entries(keys).every(([key, values]) =>
                        holds(operator, context[key.toLowerCase()], list(values)),
                    ),
            ),
    );
}

function isAbout(statement: Statement, element: string, fits: (value: string) => boolean): boolean {
    const negated = statement[`Not${element}`];
    return negated === undefined ? list(statement[element]).some(fits) : !list(negated).some(fits);
}

/** In Principal, the account stands for everybody in it. In NotPrincipal, it exempts only the root user. */
function isAboutCaller({ Principal: named, NotPrincipal: exempt }: Statement, context: Context): boolean {
    const isNamed = (principals: unknown, account: boolean) =>
        principals === "*" ||
        list((principals as Statement).AWS ?? []).some(
            (name) =>
                name === "*" ||
                name === context["aws:principalarn"] ||
                (account && (name === ACCOUNT || name === `arn:aws:iam::${ACCOUNT}:root`)),
        );
    return exempt === undefined ? isNamed(named, true) : !isNamed(exempt, false);
}

function holds(name: string, given: string | undefined, wanted: string[]): boolean {
    if (name === "Null") return wanted.includes(String(given === undefined));
    const operator = name.replace("IfExists", "");
    if (given === undefined) return operator !== name || operator.includes("Not");
    const fits = COMPARED[operator.replace("Not", "")];
    if (!fits) throw new Error(`no such operator in these tests: ${operator}`);
    return wanted.some((value) => fits(given, value)) !== operator.includes("Not");
}

const COMPARED: Record<string, (given: string, wanted: string) => boolean> = {
    StringEquals: (given, wanted) => given === wanted,
    StringLike: (given, wanted) => glob(wanted).test(given),
    ArnLike: (given, wanted) =>
        glob(wanted).test(given) && wanted.split(":").length === given.split(":").length,
    Bool: (given, wanted) => given === wanted,
    NumericLessThan: (given, wanted) => Number(given) < Number(wanted),
    NumericGreaterThan: (given, wanted) => Number(given) > Number(wanted),
    IpAddress: (given, wanted) => wanted === "0.0.0.0/0" || given.startsWith(wanted.replace(/\d+\/24$/, "")),
};

function glob(pattern: string): RegExp {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

function list(value: unknown): string[] {
    return (Array.isArray(value) ? value : [value]) as string[];
}
