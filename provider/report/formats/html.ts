/**
 * A report as one HTML file for a browser, an attachment or a printer. It needs no server and no network, and is readable without its
 * script.
 *
 * Units with accounts that need attention are open, and clean units are folded. The script adds search, filter, and folding everything.
 */
import { createHash } from "node:crypto";
import { type AccountMark, type LeavingAccount, type PolicyInReport, type Report, stackOf } from "../model";
import { outcomeOf, type Outcome } from "../outcome";
import { counted, grouped, KINDS, SOURCES, verdict } from "../words";
import { SCRIPT, STYLE } from "./html/assets";
import { evidenceSection } from "./html/evidence";
import { iconOf, meaningsOf, slug, SPRITES } from "./html/marks";
import { type Content, Markup, markup, prose } from "./html/markup";
import { minuteOf } from "./html/time";
import { treeSection } from "./html/tree";

export function html(report: Report): string {
    const { accounts, leaving, problems, policies, evidence } = report;
    const stack = stackOf(report);
    const { icon, says } = headlineOf(report);
    return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${says} · root credentials${stack !== undefined && ` · ${stack}`}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${SPRITES}
${accounts.length > 0 && markup`<a class="skip" href="#accounts">Skip to the accounts</a>`}
<header>
<p class="product">Root credentials of an AWS organization</p>
<h1><span class="mark ${slug(icon)}">${iconOf(icon)}</span>${says}</h1>
${factsOf(report)}
</header>
<main>
${leaving.length > 0 && leavingSection(leaving)}
${problems.length > 0 && problemsSection(problems)}
${accounts.length > 0 && treeSection(report)}
${policies.length > 0 && policiesSection(policies)}
${evidence !== undefined && evidenceSection(evidence)}
</main>
${accounts.length > 0 && markup`<footer><h2 class="unseen">What the marks mean</h2>${meaningsOf(new Set(accounts.map(({ mark }) => mark)))}</footer>`}
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.source;
}

/** The browser loads, sends and runs only what is in the page itself. A name in the report cannot change that. */
const CONTENT_SECURITY_POLICY = [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
].join("; ");

function hashOf(text: string): string {
    return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function headlineOf(report: Report): { icon: AccountMark; says: string } {
    if (report.source === "evidence") return { icon: "clean", says: "Evidence of what was written to AWS" };
    const outcome = outcomeOf(report);
    return { icon: ICONS[outcome], says: verdict(outcome, report) };
}

const ICONS: Record<Outcome, AccountMark> = { clean: "clean", findings: "drifted", incomplete: "unreadable" };

function factsOf(report: Report): Markup {
    const {
        source,
        caller,
        organizationId,
        organizations = [],
        started,
        generated,
        totals,
        accounts,
    } = report;
    const facts: [string, Content][] = [
        ["Source", prose(SOURCES[source])],
        ["Stack", stackOf(report)],
        [
            "Organization",
            organizationId ?? (organizations.length > 0 && organizations.map(({ id }) => id).join(", ")),
        ],
        ["Caller", caller],
        ["Run", report.run],
        ["Started", minuteOf(started)],
        ["Generated", minuteOf(generated)],
        [
            "Inspected",
            accounts.length > 0 &&
                `${grouped(totals.inspected)} of ${counted(totals.accounts, "account")} in scope`,
        ],
        ["Found", accounts.length > 0 && found(report)],
    ];
    const told = facts.filter(([, fact]) => fact !== undefined && fact !== false);
    return markup`<dl class="facts">${told.map(
        ([name, fact]) => markup`<div><dt>${name}</dt> <dd dir="auto">${fact}</dd></div>
`,
    )}</dl>`;
}

/** `3 root credentials: 2 access keys, 1 password`. */
function found({ accounts, totals }: Report): string {
    const kinds = accounts.flatMap(({ credentials = [] }) => credentials.map(({ kind }) => kind));
    const parts = Object.entries(KINDS).flatMap(([kind, noun]) => {
        const count = kinds.filter((each) => each === kind).length;
        return count > 0 ? [counted(count, noun)] : [];
    });
    return [counted(totals.credentials, "root credential"), parts.join(", ")].filter(Boolean).join(": ");
}

/** At the top, because `pulumi up` opens accounts only here. */
function leavingSection(leaving: LeavingAccount[]): Markup {
    const opened = leaving.filter(({ then }) => then === "allow-recovery");
    const kept = leaving.filter(({ then }) => then === "retain");
    return markup`<section class="leaving${opened.length > 0 && " opens"}" aria-labelledby="leaving">
<h2 id="leaving">${iconOf("drifted")}${counted(leaving.length, "account")} ${leaving.length === 1 ? "leaves" : "leave"} the stack</h2>
${
    opened.length > 0 &&
    markup`<h3>${prose(`\`pulumi up\` opens ${counted(opened.length, "account")}`)}</h3>
<p>Password recovery is allowed there again: anybody who reads the mail of the root user’s address can set a password and sign in as root.
To keep ${opened.length === 1 ? "it" : "them"} closed, put ${opened.length === 1 ? "it" : "them"} back into the selection; or, before ${opened.length === 1 ? "it leaves" : "they leave"}, set ${prose("`onDelete: retain` and run `pulumi up`")}.</p>
${listed(opened)}`
}
${
    kept.length > 0 &&
    markup`<h3>${counted(kept.length, "account")} ${kept.length === 1 ? "is" : "are"} left as found</h3>
<p>${prose("Because of `onDelete: retain`. No run inspects them any more.")}</p>
${listed(kept)}`
}
</section>`;
}

function listed(leaving: LeavingAccount[]): Markup {
    return markup`<ul class="plain">
${leaving.map(
    ({ id, name, organizationalUnit }) => markup`<li><bdi>${name}</bdi> <code>${id}</code>${
        organizationalUnit !== "" && markup` <span class="aside">in <bdi>${organizationalUnit}</bdi></span>`
    }</li>
`,
)}</ul>`;
}

function problemsSection(problems: string[]): Markup {
    return markup`<section class="problems" aria-labelledby="problems">
<h2 id="problems">${iconOf("unreadable")}Why this report is incomplete</h2>
<ul class="plain">
${problems.map(
    (problem) => markup`<li dir="auto">${prose(problem)}</li>
`,
)}</ul>
</section>`;
}

function policiesSection(policies: PolicyInReport[]): Markup {
    return markup`<section aria-labelledby="policies">
<h2 id="policies">Policies of buckets and queues</h2>
<ul class="policies">
${policies.map(
    ({ accountId, accountName, resource, finding, text }) => markup`<li>
<p><span class="mark ${slug(markOfFinding(finding))}">${iconOf(markOfFinding(finding))}${finding}</span> <bdi>${resource}</bdi> <span class="aside">in ${accountName !== undefined && markup`<bdi>${accountName}</bdi> `}<code>${accountId}</code></span></p>
<p dir="auto">${prose(text)}</p>
</li>
`,
)}</ul>
</section>`;
}

function markOfFinding(finding: PolicyInReport["finding"]): AccountMark {
    if (finding === "as declared") return "clean";
    if (finding === "unknown") return "unreadable";
    return finding === "not inspected" || finding === "skipped" ? finding : "drifted";
}
