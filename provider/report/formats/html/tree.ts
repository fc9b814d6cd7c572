/** The organization as nested lists. Each unit is a fold, with the counts of the marks below it beside its name. */
import {
    ACCOUNT_MARKS,
    countOf,
    type AccountInReport,
    type AccountMark,
    type CredentialInReport,
    type Report,
    type Totals,
} from "../../model";
import { needsAttention, isAllClean, MARKS_WITHOUT_ATTENTION, treeOf, type Unit } from "../../tree";
import { counted, grouped, KINDS, lastUseInWords, removalInWords } from "../../words";
import { type Content, markup, type Markup, prose } from "./markup";
import { iconOf, markOf, slug } from "./marks";
import { dayOf, minuteOf } from "./time";

/** If more accounts of a unit need no attention, they are folded into one line for each mark. */
const FEW = 8;

/** If a report has more accounts, the browser lays out only the visible ones. */
const MANY = 500;
const LARGE = markup` class="large"`;

export function treeSection(report: Report): Markup {
    return markup`<section aria-labelledby="accounts">
<h2 id="accounts">Accounts</h2>
<fieldset id="marks"><legend>Marks</legend>${ACCOUNT_MARKS.map((mark) => filterOf(mark, report.totals))}</fieldset>
<div class="tools" role="search" hidden>
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Name, account id, unit or credential id">
<button type="button" id="expand">Expand all</button>
<button type="button" id="collapse">Collapse all</button>
</div>
<p id="shown" role="status"></p>
<ul id="tree"${report.accounts.length > MANY && LARGE}>
${unitOf(treeOf(report), report)}
</ul>
</section>`;
}

/** The number of accounts, and a box to tick that works with the script. */
function filterOf(mark: AccountMark, totals: Totals): Content {
    const count = countOf(mark, totals);
    if (count === 0 && !ALWAYS_TOLD.has(mark)) return undefined;
    const box = count > 0 && markup`<input type="checkbox" value="${slug(mark)}">`;
    return markup`<label class="${count > 0 ? slug(mark) : "none"}">${box}<b>${iconOf(mark)}${grouped(count)}</b> ${mark}</label>
`;
}

const ALWAYS_TOLD = new Set<AccountMark>(["drifted", "unreadable", "not inspected", "clean"]);

function unitOf(unit: Unit, report: Report): Markup {
    const { totals, accounts, units, name } = unit;
    const all = totals.accounts + totals.outOfScope + totals.skipped;
    const allClean = totals.clean === all;
    const isRoot = unit.path === "";
    return markup`<li class="unit"><details${isRoot || !isAllClean(unit) ? OPEN : ""}${allClean && ALL_CLEAN}><summary>${
        isRoot ? markup`<span class="name">Root</span>` : markup`<bdi class="name">${name}</bdi>`
    } <span class="counts"><span>${counted(all, "account")}</span>${ACCOUNT_MARKS.map((mark) => badgeOf(mark, totals))}</span></summary>
<ul>
${accountsOf(accounts)}${units.map((child) => unitOf(child, report))}</ul></details></li>
`;
}

const OPEN = markup` open`;
/** On paper, only the number of these accounts is shown. */
const ALL_CLEAN = markup` class="all-clean"`;

function badgeOf(mark: AccountMark, totals: Totals): Content {
    const count = countOf(mark, totals);
    return (
        count > 0 && markup` <span class="mark ${slug(mark)}">${iconOf(mark)}${grouped(count)} ${mark}</span>`
    );
}

/** The accounts that need attention, then the others, folded if they are many. */
function accountsOf(accounts: AccountInReport[]): Content {
    const needing = accounts.filter(needsAttention);
    if (accounts.length - needing.length <= FEW) return accounts.map(accountOf);
    const others = accounts.filter((each) => !needsAttention(each));
    const groups = MARKS_WITHOUT_ATTENTION.map((mark) => others.filter((each) => each.mark === mark));
    return [...needing.map(accountOf), ...groups.map((alike) => alike.length > 0 && groupOf(alike))];
}

function groupOf(accounts: AccountInReport[]): Content {
    const [{ mark } = { mark: "clean" as const }] = accounts;
    return markup`<li class="group"><details${mark === "clean" && ALL_CLEAN}><summary><span class="mark ${slug(mark)}">${iconOf(mark)}${grouped(accounts.length)} ${mark}</span></summary>
<ul>
${accounts.map(accountOf)}</ul></details></li>
`;
}

function accountOf(account: AccountInReport): Markup {
    const {
        id,
        name,
        mark,
        credentials = [],
        unreadable,
        exception,
        acknowledged,
        removed,
        because,
    } = account;
    return markup`<li class="account">${markOf(mark)} <bdi>${name}</bdi> <code>${id}</code>${[
        because !== undefined && markup`<p class="because" dir="auto">${prose(because)}</p>`,
        exception !== undefined && exceptionOf(exception),
        acknowledged !== undefined && acknowledgementOf(acknowledged),
        removed !== undefined &&
            markup`<p class="removed" dir="auto"><b>Removed:</b> ${removalInWords(removed)}</p>`,
        unreadable !== undefined && unreadableOf(unreadable),
        credentials.length > 0 && markup`<ul class="credentials">${credentials.map(credentialOf)}</ul>`,
    ]}</li>
`;
}

function credentialOf(credential: CredentialInReport): Markup {
    const { kind, id, status, created, stays } = credential;
    return markup`<li><span>${KINDS[kind]}</span> <code>${kind !== "loginProfile" && id}</code> <span>${status?.toLowerCase()}</span> <span>${
        created !== undefined && markup`created ${dayOf(created)}`
    }</span> <span>${lastUseInWords(credential)}</span>${
        stays !== undefined && markup`<p class="stays" dir="auto"><b>Stays:</b> ${prose(stays)}</p>`
    }</li>`;
}

function exceptionOf({ until, reason, opens }: NonNullable<AccountInReport["exception"]>): Markup {
    const what = opens ? prose("`pulumi up` opens it until") : "Open until";
    return markup`<p class="excepted" dir="auto"><b>${what} ${minuteOf(until)}:</b> ${reason}</p>`;
}

function acknowledgementOf({ until, reason }: NonNullable<AccountInReport["acknowledged"]>): Markup {
    return markup`<p class="acknowledged" dir="auto"><b>Acknowledged until ${minuteOf(until)}:</b> ${reason}</p>`;
}

function unreadableOf({ cause, detail, next }: NonNullable<AccountInReport["unreadable"]>): Markup {
    return markup`<p class="cause" dir="auto"><b>Cause:</b> ${prose(cause)}</p>${
        next !== undefined && markup`<p class="next" dir="auto"><b>Next step:</b> ${prose(next)}</p>`
    }<details class="story"><summary>Details</summary><p dir="auto">${prose(detail)}</p></details>`;
}
