/** The policies of docs/policies and their grants, for a comparison with the calls of a job. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoggedRequest, PolicyDocument } from "../../simulator";
import type { StatementDocument } from "../../simulator/policies/document";
import { PROJECT_ROOT } from "../../temporary-project";

const FOLDER = join(PROJECT_ROOT, "docs", "policies");

export const POLICY_FILES = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replace(/\.json$/, ""));

export function policyText(name: string): string {
    return readFileSync(join(FOLDER, `${name}.json`), "utf8");
}

export function policyFile(name: string): PolicyDocument & { Statement: StatementDocument[] } {
    return JSON.parse(policyText(name)) as PolicyDocument & { Statement: StatementDocument[] };
}

/** The actions that a policy allows: "organizations:ListRoots", "sts:AssumeRoot IAMAuditRootUserCredentials". */
export function grantsOf({ Statement }: { Statement: StatementDocument[] }): string[] {
    return Statement.flatMap(({ Action = [], Condition = {} }) => {
        const tasks = [Condition["ArnEquals"]?.["sts:TaskPolicyArn"] ?? []].flat();
        return [Action]
            .flat()
            .flatMap((action) => (tasks.length > 0 ? tasks.map((task) => grant(action, task)) : action));
    }).sort();
}

/** The calls of a job by the same names, without GetCallerIdentity, which needs no permission. */
export function neededFor(requests: readonly LoggedRequest[], accountId: string): string[] {
    const own = requests.filter(
        ({ callerAccountId, action }) => callerAccountId === accountId && action !== "GetCallerIdentity",
    );
    return [
        ...new Set(
            own.map(({ service, action, taskPolicyArn }) => grant(`${service}:${action}`, taskPolicyArn)),
        ),
    ].sort();
}

/** The policy without one of its grants. */
export function without<Document extends { Statement: StatementDocument[] }>(
    document: Document,
    missing: string,
): Document {
    const [action = "", task] = missing.split(" ");
    const Statement = document.Statement.map((statement) => {
        const actions = [statement.Action ?? []].flat();
        if (!actions.includes(action)) return statement;
        if (task === undefined) {
            const others = actions.filter((each) => each !== action);
            return { ...statement, Action: others.length > 0 ? others : NOTHING };
        }
        const tasks = [statement.Condition?.["ArnEquals"]?.["sts:TaskPolicyArn"] ?? []].flat();
        const others = tasks.filter((each) => !each.endsWith(`/${task}`));
        return others.length > 0
            ? { ...statement, Condition: { ArnEquals: { "sts:TaskPolicyArn": others } } }
            : { ...statement, Action: NOTHING };
    });
    return { ...document, Statement };
}

/** An action that no job calls. */
const NOTHING = "sts:DecodeAuthorizationMessage";

function grant(action: string, taskPolicyArn: string | undefined): string {
    return taskPolicyArn === undefined ? action : `${action} ${taskPolicyArn.split("/").at(-1) ?? ""}`;
}
