/** The report as Markdown. A parser of GitHub's Markdown reads it, so the tests check what a reader sees. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import type { AccountInReport, ReportInput } from "pulumi-aws-root-credentials/report";
import { providerModule } from "../harness/package";
import { EXAMPLE_REPORT } from "./example-report";

const { markdown, MOST_CHARACTERS } = providerModule("report/formats/markdown");
const { ACCOUNT_MARKS, reportOf } = providerModule("report/model");

/** GitHub's own limit. */
const A_COMMENT = 65_536;

const GENERATED = "2026-11-28T10:00:00.000Z";

function report(accounts: AccountInReport[], more: Partial<ReportInput> = {}) {
    return reportOf({
        source: "preview",
        started: "2026-11-28T10:00:00Z",
        complete: true,
        generated: GENERATED,
        accounts,
        ...more,
    });
}

function account(id: string, more: Partial<AccountInReport> = {}): AccountInReport {
    return { id, name: `account-${id}`, organizationalUnit: "Workloads/Prod", mark: "clean", ...more };
}

/** Every token of a text, those within others too. */
function tokensOf(text: string): Token[] {
    const all: Token[] = [];
    void marked.walkTokens(marked.lexer(text, { gfm: true }), (token) => void all.push(token));
    return all;
}

/** The text of each item of a list, with the depth at which it stands. */
function itemsOf(text: string): string[] {
    const lines: string[] = [];
    const walk = (list: Tokens.List, depth: number) => {
        for (const item of list.items) {
            const own = item.tokens.filter((each) => each.type !== "list");
            lines.push(
                `${depth} ${own
                    .map((each) => plain(each))
                    .join(" ")
                    .trim()}`,
            );
            for (const each of item.tokens) if (each.type === "list") walk(each as Tokens.List, depth + 1);
        }
    };
    for (const token of marked.lexer(text)) if (token.type === "list") walk(token as Tokens.List, 0);
    return lines;
}

function plain(token: Token): string {
    if ("tokens" in token && token.tokens) return token.tokens.map(plain).join("");
    return "text" in token ? (token.text as string) : "";
}

describe("A report as Markdown", () => {
    it("shows the organization as a tree, each account with its mark and credentials", () => {
        const items = itemsOf(markdown(EXAMPLE_REPORT));

        const at = items.findIndex((each) => each.startsWith("1 Workloads "));
        assert.match(items[at] ?? "", /^1 Workloads \(3 drifted, 1 unreadable, 1 not inspected, 1 clean\)$/);
        assert.match(items[at + 1] ?? "", /^2 NonProd /);
        assert.match(items.join("\n"), /^3 ✖ 509681347712 lindqvist-webshop drifted$/m);
        assert.match(
            items.join("\n"),
            /^4 access key AKIAJ6QWN2VCDK7XHTSA \(active, since 2017-05-11, last used 2019-12-04 for ec2 in eu-north-1\)$/m,
        );
        assert.match(items.join("\n"), /^3 ▲ 946013728851 data-lake-prod unreadable$/m);
        assert.match(items.join("\n"), /^4 What to do: Let the policy leave out root sessions/m);
        assert.match(items.join("\n"), /^2 ◆ 791546203318 network excepted$/m);
        assert.match(items.join("\n"), /^2 ◇ 382640175529 escrow-archive acknowledged$/m);
        assert.match(items.join("\n"), /^3 acknowledged until 2027-03-31T18:00:00Z: TICKET-4731: /m);
        assert.match(items.join("\n"), /^3 the service control policy p-f8w3n6rt denies it/m);
        assert.match(items.join("\n"), /^3 open until 2026-12-05T18:00:00Z: TICKET-4713: /m);
    });

    it("lists the accounts that would be opened before the tree", () => {
        const text = markdown(EXAMPLE_REPORT);

        assert.ok(text.indexOf("1 account would be opened again") < text.indexOf("### The organization"));
        assert.match(text, /`771203946655` `campaign-2024`/);
    });

    it("begins with a marker of the stack, by which a pipeline finds its earlier comment", () => {
        assert.match(
            markdown(EXAMPLE_REPORT),
            /^<!-- root-credentials-report: aws-root-credentials\/prod -->\n/,
        );
        assert.match(markdown(report([])), /^<!-- root-credentials-report -->\n/);
        assert.match(
            markdown(report([], { stack: "p/--> <b>" })),
            /^<!-- root-credentials-report: p\/[-b]+ -->\n/,
        );
    });

    it("folds units that hold many clean accounts into their count", () => {
        const many = Array.from({ length: 40 }, (_, index) => account(String(100_000_000_000 + index)));

        const items = itemsOf(markdown(report(many)));

        assert.deepEqual(items, ["0 root (40 clean)", "1 Workloads (40 clean)"]);
    });

    it("is the same text for accounts in any order", () => {
        const { accounts } = EXAMPLE_REPORT;
        const turned = reportOf({ ...EXAMPLE_REPORT, accounts: [...accounts].reverse() });

        assert.equal(markdown(turned), markdown(EXAMPLE_REPORT));
    });

    for (const [what, name] of Object.entries({
        markup: "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "a link": "[click](https://evil.example) https://evil.example www.evil.example",
        "an image": "![x](https://evil.example/pixel.png)",
        "a mention": "@octocat and @org/team",
        "an issue": "#1 GH-1 octocat/hello#1",
        "a way out of a code span": "`` ` ``` <b>x</b>",
        "new lines": "a\n\n# Heading\n\n- item\r\n<b>",
        "an override of direction": "\u202egnp.exe\u202c",
        "a comment's end": "--> <b>x</b> <!--",
        emphasis: "**bold** _it_ ~~gone~~",
        "an entity": "&lt;b&gt; &#64;octocat",
    })) {
        it(`shows ${what} in a name, a reason or an answer of AWS as it is`, () => {
            const text = markdown(
                report(
                    [
                        account("100000000001", {
                            name,
                            organizationalUnit: `Work/${name.replaceAll("/", "")}`,
                        }),
                        account("100000000002", {
                            mark: "unreadable",
                            unreadable: { cause: name, detail: name, next: name },
                        }),
                        account("100000000003", {
                            mark: "excepted",
                            exception: { until: GENERATED, reason: name },
                        }),
                        account("100000000004", { mark: "out of scope", because: name }),
                    ],
                    {
                        problems: [name],
                        leaving: [
                            { id: "100000000005", name, organizationalUnit: name, then: "allow-recovery" },
                        ],
                        policies: [
                            { accountId: "100000000001", resource: name, finding: "locked", text: name },
                        ],
                    },
                ),
            );

            const tokens = tokensOf(text);
            const ours = /^(<!-- root-credentials-report -->|<details><summary>.*|<\/details>|<\/?sub>)\s*$/;
            assert.deepEqual(
                tokens.filter(
                    ({ type, raw }) =>
                        type === "html" &&
                        !raw.split("\n").every((line) => line.trim() === "" || ours.test(line)),
                ),
                [],
            );
            const found = new Set(tokens.map(({ type }) => type));
            for (const type of ["link", "image", "del", "em"]) assert.ok(!found.has(type), type);
            const outside = tokens.filter(
                ({ type, ...rest }) => type === "text" && !("tokens" in rest && rest.tokens),
            );
            for (const { raw } of outside) assert.doesNotMatch(raw, /(^|\W)[@#]\w/, raw);
            assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/);
        });
    }

    it("of a large organization is shortened to the size of a comment, and says so", () => {
        const drifted = Array.from({ length: 10_000 }, (_, index) =>
            account(String(100_000_000_000 + index), {
                organizationalUnit: `Area-${index % 7}/Team-${index % 300}`,
                mark: index % 3 === 0 ? "unreadable" : "drifted",
                credentials: [{ kind: "loginProfile", id: "password", lastUsed: "never" }],
                ...(index % 3 === 0 && { unreadable: { cause: "c".repeat(200), detail: "d".repeat(900) } }),
            }),
        );
        const leaving = drifted.map(({ id, name }) => ({
            id,
            name,
            organizationalUnit: "",
            then: "retain" as const,
        }));

        const text = markdown(report(drifted, { leaving }));

        assert.ok(text.length <= MOST_CHARACTERS && MOST_CHARACTERS < A_COMMENT, String(text.length));
        assert.match(
            text,
            /6,666 accounts have drifted, 3,334 accounts could not be inspected and 10,000 accounts leave the stack/,
        );
        assert.match(text, /Shortened to fit into a comment/);
        assert.match(text, /^- and [\d,]+ more$/m);
        assert.match(text, /^- ✖ 6,666 drifted\n {2}- `\d{12}` `[\w-]+` in `[^`]+`: 1 root credential$/m);
        assert.match(
            text,
            /^- ▲ 3,334 unreadable\n {2}- `\d{12}` /m,
            "drifted accounts do not hide unreadable ones",
        );
        assert.match(text, /^ {2}- \*\*`Area-6`\*\* \(952 drifted, 476 unreadable\)$/m);
    });

    it("keeps to its limit with texts of any length and of any number, and counts what it leaves out", () => {
        const endless = "x@y ".repeat(20_000);
        const every = Array.from({ length: 50 }, (_, index) => index);
        const accounts = every.flatMap((index) => [
            account(String(100_000_000_000 + index), {
                organizationalUnit: `Unit ${index}`,
                mark: "unreadable",
                unreadable: { cause: endless, detail: endless, next: endless },
            }),
            account(String(200_000_000_000 + index), {
                mark: "excepted",
                exception: { until: GENERATED, reason: endless },
            }),
        ]);
        const policies = accounts.map(({ id }) => ({
            accountId: id,
            resource: `bucket-${id}`,
            finding: "locked" as const,
            text: endless,
        }));
        for (const most of [MOST_CHARACTERS, 5_500]) {
            const text = markdown(report(accounts, { policies, problems: every.map(() => endless) }), most);

            assert.ok(text.length <= most, `${text.length} of ${most}`);
            assert.match(text, /^There are 45 more reasons\.$/m);
            assert.match(text, /^- ▲ 50 unreadable$/m);
            assert.match(text, /^ {2}- 26 more units \(25 unreadable, 50 excepted\)$/m);
            assert.match(text, most === 5_500 ? /^- 100 locked$/m : /^- and \d+ more$/m);
        }
    });

    it("of any length names or counts every account", () => {
        const organizations = fc.array(
            fc.tuple(fc.constantFrom(...ACCOUNT_MARKS), fc.constantFrom("", "A", "A/B", "C", "C/D/E")),
            { maxLength: 60 },
        );
        fc.assert(
            fc.property(organizations, fc.integer({ min: 400, max: 12_000 }), (given, most) => {
                const accounts = given.map(([mark, organizationalUnit], index) =>
                    account(String(100_000_000_000 + index), { mark, organizationalUnit }),
                );
                const [before = "", tree = ""] = markdown(report(accounts), most).split(
                    "### The organization",
                );

                assert.equal(countedIn(itemsOf(tree)), accounts.length, tree);
                const [, attention] = before.split("### Accounts that need attention");
                if (attention === undefined) return;
                const loud = accounts.filter(
                    ({ mark }) => !["clean", "out of scope", "skipped"].includes(mark),
                );
                assert.equal(loud.length, countedIn(itemsOf(attention)), attention);
                for (const mark of new Set(loud.map((each) => each.mark))) {
                    const { length } = loud.filter((each) => each.mark === mark);
                    assert.ok(attention.includes(` ${length} ${mark}\n`), attention);
                }
            }),
        );
    });
});

/** A unit without items below stands for its counts. Any other unit or mark stands for the items below it. */
function countedIn(items: string[]): number {
    return items.reduce((sum, item, index) => {
        const opened = Number(items[index + 1]?.split(" ")[0] ?? -1) > Number(item.split(" ")[0]);
        if (/^\d+ (\S )?\d{12} /.test(item)) return sum + 1;
        if (opened) return sum;
        const counts =
            /^\d+ (?:\S|and) (\d+ [a-z ]+)$/.exec(item)?.[1] ?? / \(((\d+ [a-z ]+(, )?)+)\)$/.exec(item)?.[1];
        return [...(counts ?? "").matchAll(/\d+/g)].reduce((each, [count]) => each + Number(count), sum);
    }, 0);
}
