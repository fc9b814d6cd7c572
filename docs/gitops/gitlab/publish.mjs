/* global fetch */
// Publishes a report in GitLab: as one note on the merge request, or as one issue, for each stack. What this wrote before it
// finds by its first line and its author, and updates.
//
//     node publish.mjs note  STACK report.md
//     node publish.mjs issue STACK report.md open|closed
//
// NOTE_TOKEN and ISSUE_TOKEN are access tokens of this project: which ones, and why two, is in docs/gitops/README.md.
import { readFileSync } from "node:fs";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, CI_JOB_URL } = process.env;
// In a pipeline of merged results, CI_COMMIT_SHA is of a commit that nobody has seen.
const commit = process.env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || process.env.CI_COMMIT_SHA;
const [kind, stack, file, state] = process.argv.slice(2);
const token = { note: process.env.NOTE_TOKEN, issue: process.env.ISSUE_TOKEN }[kind];
const project = `/projects/${CI_PROJECT_ID}`;

switch (kind) {
    case "note":
        await publishNote(`${project}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`);
        break;
    case "issue":
        await publishIssue(`${project}/issues`);
        break;
    default:
        throw new Error(`expected note or issue, got "${kind}"`);
}

async function publishNote(notes) {
    const body = report();
    const before = await findOwn(notes, (note) => note.body);
    if (before) await api("PUT", `${notes}/${before.id}`, { body });
    else await api("POST", notes, { body });
}

async function publishIssue(issues) {
    const description = report();
    const before = await findOwn(`${issues}?state=opened`, (issue) => issue.description);
    if (before) {
        const closing = state === "closed" ? { state_event: "close" } : {};
        await api("PUT", `${issues}/${before.iid}`, { description, ...closing });
    } else if (state === "open") {
        const title = `Root credentials to remove or accounts to look into: ${stack}`;
        await api("POST", issues, { title, description, confidential: true });
    }
}

/** The report under the line by which the next run finds it again. */
function report() {
    const origin = `Commit ${commit.slice(0, 8)}, [job](${CI_JOB_URL})`;
    return `${marker()}\n\n${origin}\n\n${readFileSync(file, "utf8")}`;
}

function marker() {
    return `<!-- root-credentials ${kind}: ${stack} -->`;
}

/** Anybody may write a text that begins with the marker; only one of this token's own user is taken for ours. */
async function findOwn(path, text) {
    const { id: self } = await (await api("GET", "/user")).json();
    for (let page = "1"; page;) {
        const answer = await api("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
        const found = (await answer.json()).find(
            (each) => each.author.id === self && text(each)?.startsWith(marker()),
        );
        if (found) return found;
        page = answer.headers.get("x-next-page");
    }
    return undefined;
}

async function api(method, path, body) {
    const answer = await fetch(`${CI_API_V4_URL}${path}`, {
        method,
        headers: { "PRIVATE-TOKEN": token, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
}
