import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { readEvidence } from "pulumi-aws-root-credentials/report";
import type { AccountInReport, Report } from "../../../provider/report/model";
import { startBrowser } from "../../browser";
import { providerModule } from "../harness/package";
import { EXAMPLE_REPORT } from "./example-report";

const { html } = providerModule("report/formats/html");
const { reportOf } = providerModule("report/model");

const AXE = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");

describe("A report as an HTML page", () => {
    let browser: Browser;
    let directory: string;
    /** One for each way of looking: a new one takes longer than most tests. */
    let pages: Map<string, Page>;
    /** Effects that no report may have. */
    let incidents: string[];

    before(async () => {
        browser = await startBrowser();
        directory = mkdtempSync(path.join(tmpdir(), "html-report-"));
        pages = new Map();
    });
    after(async () => {
        await browser.close();
        rmSync(directory, { recursive: true, force: true });
    });
    beforeEach(() => (incidents = []));
    afterEach(() => assert.deepEqual(incidents, []));

    async function open(report: Report, options: BrowserContextOptions = {}): Promise<Page> {
        const file = path.join(directory, "report.html");
        writeFileSync(file, html(report));
        const url = pathToFileURL(file).href;
        const way = JSON.stringify(options);
        const page = pages.get(way) ?? (await newPage(url, options));
        pages.set(way, page);
        await page.emulateMedia({ media: null });
        await page.goto(url);
        return page;
    }

    /** A page that may load nothing but `url`. */
    async function newPage(url: string, options: BrowserContextOptions): Promise<Page> {
        const context = await browser.newContext({ viewport: { width: 1240, height: 900 }, ...options });
        await context.route("**", (route) =>
            route.request().url() === url ? route.continue() : route.abort(),
        );
        const page = await context.newPage();
        page.on("request", (request) => {
            if (request.url() !== url) incidents.push(`asks for ${request.url()}`);
        });
        page.on("console", (message) => incidents.push(`says ${message.text()}`));
        page.on("pageerror", (error) => incidents.push(`fails: ${error.message}`));
        page.on("dialog", (dialog) => {
            incidents.push(`opens the dialog ${dialog.message()}`);
            void dialog.dismiss();
        });
        return page;
    }

    /** The tree as a reader sees it: a line for each unit, fold and account, indented. */
    async function treeOf(page: Page): Promise<string[]> {
        return page.evaluate(`(() => {
            const lines = [];
            const visit = (list, depth) => {
                for (const item of list.children) {
                    if (!item.checkVisibility({ contentVisibilityAuto: false })) continue;
                    const fold = item.matches(".unit, .group") && item.firstElementChild;
                    const line = fold ? fold.firstElementChild.firstElementChild.textContent
                        : [...item.children].slice(0, 2).map((part) => part.textContent).join(" ");
                    lines.push("  ".repeat(depth) + line);
                    if (fold && fold.open) visit(fold.lastElementChild, depth + 1);
                }
            };
            visit(document.getElementById("tree"), 0);
            return lines;
        })()`);
    }

    async function accountsShown(page: Page): Promise<string[]> {
        const lines = await treeOf(page);
        return lines.flatMap(
            (line) =>
                /^ *(?:drifted|unreadable|not inspected|excepted|acknowledged|clean|out of scope|skipped) (.*)$/.exec(
                    line,
                )?.[1] ?? [],
        );
    }

    it("shows the organization as a tree, with units that need attention open and others folded", async () => {
        const page = await open(EXAMPLE_REPORT);

        assert.deepEqual(await treeOf(page), [
            "Root",
            "  skipped larkspur-management",
            "  Infrastructure",
            "    acknowledged escrow-archive",
            "    excepted network",
            "    drifted shared-services",
            "  Sandbox",
            "  Security",
            "  Suspended",
            "  Workloads",
            "    NonProd",
            "      drifted lindqvist-webshop",
            "      not inspected payments-dev",
            "      clean storefront-dev",
            "    Prod",
            "      unreadable data-lake-prod",
            "      drifted payments-prod",
            "      drifted storefront-prod",
        ]);
    });

    it("counts the accounts below each unit beside its name", async () => {
        const page = await open(EXAMPLE_REPORT);

        const counts = await page.locator("#tree summary:has(.counts)").allInnerTexts();

        const workloads = counts.find((text) => text.startsWith("Workloads"));
        assert.equal(
            workloads?.replaceAll(/\s+/g, " "),
            "Workloads 6 accounts 3 drifted 1 unreadable 1 not inspected 1 clean",
        );
    });

    it("gives each mark a shape of its own and its name", async () => {
        const page = await open(EXAMPLE_REPORT);

        const marks = await page.evaluate<[string, string][]>(
            `[...document.querySelectorAll(".account > .mark")].map((mark) => [mark.textContent, document.querySelector(mark.querySelector("use").getAttribute("href")).innerHTML])`,
        );

        const shapes = new Map(marks);
        assert.deepEqual([...shapes.keys()].sort(), [
            "acknowledged",
            "clean",
            "drifted",
            "excepted",
            "not inspected",
            "out of scope",
            "skipped",
            "unreadable",
        ]);
        assert.equal(new Set(shapes.values()).size, 8);
    });

    it("shows for each account its credentials, why it is unreadable or out of scope, and its exception", async () => {
        const page = await open(EXAMPLE_REPORT);
        await page.getByRole("button", { name: "Expand all" }).click();

        const said = async (name: string) =>
            (await page.locator(".account", { hasText: name }).innerText()).replaceAll(/\s+/g, " ");

        assert.equal(
            await said("lindqvist-webshop"),
            "drifted lindqvist-webshop 509681347712 " +
                "access key AKIAJ6QWN2VCDK7XHTSA active created 2017-05-11 last used 2019-12-04 for ec2 in eu-north-1 " +
                "access key AKIAI4RXYPGUL3MOBEZQ inactive created 2018-02-27 never used " +
                "signing certificate TA7SMP42TDN5Z26OBPJE7QHV active created 2017-05-12 AWS records no use " +
                "password created 2017-05-11 last use unknown",
        );
        assert.match(
            await said("payments-prod"),
            /in eu-central-1 Stays: used 2 days ago; keepIfUsedWithin keeps it/,
        );
        assert.match(await said("network"), /Open until 2026-12-05 18:00 UTC: TICKET-4713: the registrar/);
        assert.match(
            await said("data-lake-prod"),
            /Cause: the service control policy .* Next step: Let the policy .* Details iam:ListAccessKeys was refused/,
        );
        assert.match(
            await said("escrow-archive"),
            /Acknowledged until 2027-03-31 18:00 UTC: TICKET-4731: frozen by court order Cause: the service control policy p-f8w3n6rt/,
        );
        assert.match(await said("payments-dev"), /the preview ended before its turn$/);
        assert.match(await said("sandbox-experiments"), /exclude leaves out the unit Sandbox$/);
    });

    it("says which accounts pulumi up is about to open", async () => {
        const exception = { until: "2026-12-12T08:00:00Z", reason: "TICKET-4720", opens: true } as const;
        const page = await open(
            reportOf({
                ...EXAMPLE_REPORT,
                accounts: [{ ...account(1, "Workloads"), mark: "excepted", exception }],
            }),
        );

        const shown = await page.locator("main").innerText();
        assert.match(shown, /pulumi up opens it until 2026-12-12 08:00 UTC: TICKET-4720/);
        assert.deepEqual(await flaws(page), []);
    });

    it("begins with the result, the source, the times and the caller", async () => {
        const page = await open(EXAMPLE_REPORT);

        const header = (await page.getByRole("banner").innerText()).replaceAll(/\s+/g, " ");

        assert.match(
            header,
            /4 accounts have drifted, 2 accounts could not be inspected and 2 accounts leave the stack/,
        );
        assert.match(header, /Stack aws-root-credentials\/prod Organization o-h2qz81mv4k/);
        assert.match(
            header,
            /Caller arn:aws:sts::530917264482:assumed-role\/\S+ Started 2026-11-28 10:00 UTC Generated 2026-11-28 10:12 UTC/,
        );
        assert.match(header, /Inspected 8 of 11 accounts in scope/);
        assert.match(
            header,
            /Found 9 root credentials: 3 access keys, 1 signing certificate, 4 passwords, 1 MFA device/,
        );
    });

    it("lists the leaving accounts first, and those that pulumi up opens", async () => {
        const page = await open(EXAMPLE_REPORT);

        const [first, second] = await page.getByRole("main").getByRole("region").allInnerTexts();

        assert.match(
            first?.replaceAll(/\s+/g, " ") ?? "",
            /^2 accounts leave the stack pulumi up opens 1 account .* campaign-2024 771203946655 in Workloads\/NonProd 1 account is left as found .* lab-berlin 118264550937 in Sandbox$/,
        );
        assert.match(second ?? "", /AWS did not answer within 5 minutes/);
    });

    it("lists the findings about policies", async () => {
        const page = await open(EXAMPLE_REPORT);

        const policies = page.getByRole("region", { name: "Policies" });

        assert.match(
            await policies.innerText(),
            /locked\s+larkspur-data-lake-raw in data-lake-prod 946013728851\s+The bucket's policy/,
        );
    });

    it("folds many clean accounts of a unit that needs attention", async () => {
        const page = await open(
            reportOf({
                source: "audit",
                started: "2026-11-28T10:00:00Z",
                complete: true,
                generated: "2026-11-28T10:12:44Z",
                accounts: [...clean(30, "Workloads"), { ...account(31, "Workloads"), mark: "unreadable" }],
            }),
        );

        assert.deepEqual(await treeOf(page), [
            "Root",
            "  Workloads",
            "    unreadable account-31",
            "    30 clean",
        ]);
    });

    it("searches accounts by name, id, unit and credential id only", async () => {
        const page = await open(EXAMPLE_REPORT);
        const search = page.getByRole("searchbox", { name: "Search" });
        const finds: [asked: string, found: string[]][] = [
            ["PAYMENTS", ["payments-dev", "payments-prod"]],
            ["8730941", ["storefront-dev"]],
            ["security", ["log-archive", "security-tooling"]],
            ["workloads/prod front", ["storefront-prod"]],
            ["AKIAI4RX", ["lindqvist-webshop"]],
            ["sts:AssumeRoot", []],
            ["no such account", []],
        ];
        for (const [asked, found] of finds) {
            await search.fill(asked);

            assert.deepEqual(await accountsShown(page), found, asked);
            assert.match(
                await page.getByRole("status").innerText(),
                new RegExp(`^${found.length} of 14 accounts shown`),
            );
        }
    });

    it("filters by marks and search together, and restores the folds afterwards", async () => {
        const page = await open(EXAMPLE_REPORT);
        const asFound = await treeOf(page);

        await page.getByLabel("drifted").check();
        await page.getByLabel("clean").check();
        assert.deepEqual(await accountsShown(page), [
            "shared-services",
            "log-archive",
            "security-tooling",
            "lindqvist-webshop",
            "storefront-dev",
            "payments-prod",
            "storefront-prod",
        ]);

        await page.getByRole("searchbox").fill("storefront");
        assert.deepEqual(await accountsShown(page), ["storefront-dev", "storefront-prod"]);

        await page.getByRole("searchbox").fill("");
        await page.getByLabel("drifted").uncheck();
        await page.getByLabel("clean").uncheck();
        assert.deepEqual(await treeOf(page), asFound);
        assert.equal(await page.getByRole("status").innerText(), "");
    });

    it("shows the number of accounts beside each mark", async () => {
        const page = await open(EXAMPLE_REPORT);

        const labels = await page.getByRole("group", { name: "Marks" }).locator("label").allInnerTexts();

        assert.deepEqual(
            labels.map((label) => label.replaceAll(/\s+/g, " ").trim()),
            [
                "4 drifted",
                "1 unreadable",
                "1 not inspected",
                "1 excepted",
                "1 acknowledged",
                "3 clean",
                "1 out of scope",
                "2 skipped",
            ],
        );
    });

    it("unfolds and folds everything at once", async () => {
        const page = await open(EXAMPLE_REPORT);

        await page.getByRole("button", { name: "Expand all" }).click();
        assert.equal((await accountsShown(page)).length, 14);
        assert.ok(await page.getByText("AWS said: AccessDenied").isVisible());

        await page.getByRole("button", { name: "Collapse all" }).click();
        assert.deepEqual(await treeOf(page), [
            "Root",
            "  skipped larkspur-management",
            ...["Infrastructure", "Sandbox", "Security", "Suspended", "Workloads"].map((unit) => `  ${unit}`),
        ]);
    });

    it("can be used with the keyboard alone, and shows the focus", async () => {
        const page = await open(EXAMPLE_REPORT);
        const focused = () =>
            page.evaluate<{ text: string; outlined: boolean }>(`(() => {
                const element = document.activeElement;
                const outlined = [element, element.parentElement].some((each) => {
                    const { outlineStyle, outlineWidth } = getComputedStyle(each);
                    return outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
                });
                return { outlined, text: (element.value ?? "") + (element.labels?.[0] ?? element).textContent.trim() };
            })()`);

        await page.keyboard.press("Tab");
        assert.deepEqual(await focused(), { text: "Skip to the accounts", outlined: true });
        await page.keyboard.press("Enter");

        const reached: string[] = [];
        for (let stops = 0; stops < 13; stops += 1) {
            await page.keyboard.press("Tab");
            const { text, outlined } = await focused();
            assert.ok(outlined, text);
            reached.push(text);
        }
        assert.match(
            reached.join(" | "),
            /^drifted4 drifted \| unreadable1 unreadable \| .* \| Search \| Expand all \| Collapse all \| Root.* \| Infrastructure/s,
        );

        await page.keyboard.press("Enter");
        assert.ok(!(await accountsShown(page)).includes("network"), "Enter folds the unit");
        await page.keyboard.press("Space");
        assert.ok((await accountsShown(page)).includes("network"), "Space unfolds it");

        await page.getByLabel("unreadable").focus();
        await page.keyboard.press("Space");
        assert.deepEqual(await accountsShown(page), ["data-lake-prod"]);
    });

    describe("passes the accessibility checks of axe", () => {
        const looks: [name: string, options: BrowserContextOptions][] = [
            ["light", { colorScheme: "light" }],
            ["dark", { colorScheme: "dark" }],
            ["on a phone", { viewport: { width: 390, height: 800 } }],
            ["with forced colours", { forcedColors: "active" }],
        ];
        for (const [name, options] of looks) {
            it(name, async () => {
                const page = await open(EXAMPLE_REPORT, options);

                assert.deepEqual(await flaws(page), []);

                await page.getByRole("button", { name: "Expand all" }).click();
                await page.getByLabel("unreadable").check();
                await page.getByRole("searchbox").fill("prod");
                assert.deepEqual(await flaws(page), []);
            });
        }
    });

    /** Violations, and contrasts that axe cannot judge. */
    async function flaws(page: Page): Promise<string[]> {
        await page.evaluate(AXE);
        return page.evaluate(`axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(({ violations, incomplete }) =>
            [...violations, ...incomplete.filter(({ id }) => id === "color-contrast")].flatMap(({ id, help, nodes }) =>
                nodes.map(({ html, failureSummary }) => [id, help, html, failureSummary].join(": "))))`);
    }

    it("prints folded accounts too, and no controls", async () => {
        const page = await open(EXAMPLE_REPORT, { colorScheme: "dark" });
        await page.getByRole("button", { name: "Collapse all" }).click();
        await page.emulateMedia({ media: "print" });

        for (const text of [
            "AKIAZ3MEXQ7RTBWL5NJU",
            "AWS said: AccessDenied",
            "TICKET-4713",
            "sandbox-experiments",
            "retired-newsletter",
            "campaign-2024",
            "2 clean",
        ]) {
            assert.ok(await page.getByText(text).first().isVisible(), text);
        }
        assert.ok(!(await page.getByText("log-archive").isVisible()), "what is clean is a number");
        for (const control of ["searchbox", "button", "checkbox", "link"] as const) {
            assert.equal(await page.getByRole(control).count(), 0, control);
        }
        const colours = await page.evaluate<string>(
            `[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color].join()`,
        );
        assert.equal(colours, "rgb(255, 255, 255),rgb(27, 31, 36)");
        assert.ok((await page.pdf()).length > 0);
    });

    it("says on paper that it is filtered", async () => {
        const page = await open(EXAMPLE_REPORT);
        await page.getByLabel("not inspected").check();
        await page.getByRole("searchbox").fill("payments");
        await page.emulateMedia({ media: "print" });

        const text = await page.getByRole("main").innerText();

        assert.match(text, /1 of 14 accounts shown \(search: payments; marks: not inspected\)/);
    });

    it("works without its script, and offers no controls then", async () => {
        const page = await open(EXAMPLE_REPORT, { javaScriptEnabled: false });

        assert.ok((await accountsShown(page)).includes("payments-prod"));
        assert.equal(await page.getByRole("checkbox").count(), 0);
        assert.equal(await page.getByRole("searchbox").count(), 0);
        assert.equal(await page.getByRole("button").count(), 0);
        assert.equal(
            await page
                .getByRole("group", { name: "Marks" })
                .innerText()
                .then((text) => /4\s*drifted/.test(text)),
            true,
        );

        await page.locator("summary", { hasText: "Security" }).click();
        assert.ok((await accountsShown(page)).includes("log-archive"));
        await page.getByText("Details").last().click();
        assert.ok(await page.getByText("AWS said: AccessDenied").isVisible());
    });

    describe("shows a name with markup as text", () => {
        const names: [what: string, name: string, shown?: string][] = [
            ["an element", `<img src=x onerror="alert(1)">`],
            ["a script", `<script>alert(1)</script>`],
            ["the end of an attribute", `" autofocus onfocus="alert(1)`],
            ["the end of an attribute in single quotes", `' onmouseover='alert(1)`],
            ["the end of what is around it", `</bdi></li></ul></title></style></script><iframe srcdoc="x">`],
            ["a comment", `--><!-- <![CDATA[`],
            ["an entity", `&lt;b&gt; &#60;`],
            ["a template", "${alert(1)} {{alert(1)}} `<b>x</b>`"],
            ["an override of the direction", "prod\u202Etxt\u202C", "prod\\u202etxt\\u202c"],
            ["isolates left open", "\u2066\u2067prod", "\\u2066\\u2067prod"],
            ["control characters", "a\u0000b\u001B[31mc\u0085d\re", "a\\u0000b\\u001b[31mc\\u0085d\\u000de"],
            ["half a character", "a\uD800b", "a\\ud800b"],
            ["characters without width", "pr\u200Bod\uFEFF", "pr\\u200bod\\ufeff"],
        ];
        for (const [what, name, shown = name] of names) {
            it(what, async () => {
                const harmless = name.replaceAll(/[^/`]/gu, "x");
                const expected = await skeletonOf(
                    await open(withTexts(EXAMPLE_REPORT, (text) => text + harmless)),
                );

                const page = await open(withTexts(EXAMPLE_REPORT, (text) => text + name));

                assert.deepEqual(await skeletonOf(page), expected);
                assert.equal(
                    await page.locator(".account > bdi").first().textContent(),
                    `larkspur-management${shown}`,
                );
                await page.getByRole("searchbox").fill(shown.slice(0, 12));
                assert.match(await page.getByRole("status").innerText(), /^14 of 14 accounts/);
            });
        }

        it("text from right to left, in its own place", async () => {
            const page = await open(withTexts(EXAMPLE_REPORT, (text) => `${text} חשבון`));

            const order = await page.evaluate<number[]>(
                `[...document.querySelector(".account").children].slice(0, 3).map((part) => part.getBoundingClientRect().left)`,
            );

            assert.deepEqual(
                [...order].sort((a, b) => a - b),
                order,
            );
        });
    });

    /** Every element with its attributes, but for what only repeats the texts. */
    async function skeletonOf(page: Page): Promise<string[]> {
        return page.evaluate(`[...document.querySelectorAll("*")].map((element) =>
            [element.tagName, ...[...element.attributes].map(({ name, value }) => name + "=" + value)].join(" "))`);
    }

    /** The report with each of its texts changed; what is one of a few words, as a mark, stays. */
    function withTexts(report: Report, change: (text: string) => string): Report {
        const fixed = new Set(["version", "source", "mark", "kind", "then", "totals", "finding"]);
        const changed = (value: unknown): unknown => {
            if (value === "never" || value === "unknown") return value;
            if (typeof value === "string") return change(value);
            if (Array.isArray(value)) return value.map(changed);
            if (typeof value !== "object" || value === null) return value;
            return Object.fromEntries(
                Object.entries(value).map(([key, held]) => [
                    key,
                    fixed.has(key) ? (held as unknown) : changed(held),
                ]),
            );
        };
        return changed(report) as Report;
    }

    it("blocks scripts, styles and requests that are not its own", async () => {
        const page = await open(EXAMPLE_REPORT);

        const refused = await page.evaluate<string[]>(`new Promise((resolve) => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
                refused.push(effectiveDirective);
                if (refused.length === 4) resolve(refused.sort());
            });
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            const style = document.createElement("style");
            style.textContent = "body { color: red }";
            const image = document.createElement("img");
            image.src = "https://example.com/";
            document.body.append(script, style, image);
            fetch("https://example.com/").catch(() => {});
        })`);

        assert.deepEqual(refused, ["connect-src", "img-src", "script-src-elem", "style-src-elem"]);
        assert.equal(await page.evaluate("window.ran"), undefined);
        incidents = []; // what the browser says of all it has refused
    });

    it("is the same for the same report", () => {
        const again = reportOf({ ...EXAMPLE_REPORT, accounts: [...EXAMPLE_REPORT.accounts].reverse() });

        assert.equal(html(again), html(EXAMPLE_REPORT));
    });

    it("shows 10,000 accounts, and finds one of them", async function () {
        this.timeout(60_000);
        const units = ["Workloads/Prod", "Workloads/NonProd", "Sandbox", "Security"];
        const accounts = Array.from({ length: 10_000 }, (_, index): AccountInReport => {
            const made = account(index, units[index % units.length] ?? "");
            if (index % 100 !== 0) return { ...made, mark: "clean" };
            return { ...made, mark: "drifted", credentials: [{ kind: "loginProfile", id: "password" }] };
        });
        const report = reportOf({
            source: "audit",
            started: "2026-11-28T10:00:00Z",
            complete: true,
            generated: "2026-11-28T10:12:44Z",
            accounts,
        });
        assert.ok(html(report).length < 2_500_000);

        const page = await open(report);
        await page.getByRole("searchbox").fill("account-4217");
        assert.deepEqual(await accountsShown(page), ["account-4217"]);
        await page.getByRole("searchbox").fill("workloads/prod");
        assert.match(await page.getByRole("status").innerText(), /^2,500 of 10,000 accounts shown/);
        await page.getByLabel("drifted").check();
        assert.match(await page.getByRole("status").innerText(), /^100 of 10,000 accounts shown/);
        await page.getByLabel("drifted").uncheck();
        await page.getByRole("searchbox").fill("");
        await page.getByRole("button", { name: "Expand all" }).click();
        assert.equal((await accountsShown(page)).length, 10_000);
    });

    it("shows a clean organization as one line for each unit", async () => {
        const page = await open(
            reportOf({
                source: "audit",
                started: "2026-11-28T10:00:00Z",
                complete: true,
                generated: "2026-11-28T10:12:44Z",
                accounts: clean(3, "Workloads"),
            }),
        );

        assert.equal(
            await page.getByRole("heading", { level: 1 }).innerText(),
            "Every account in scope was inspected and is as it should be",
        );
        assert.deepEqual(await treeOf(page), ["Root", "  Workloads"]);
        assert.deepEqual(await flaws(page), []);
    });

    it("shows the error of a preview without results, and no empty tree", async () => {
        const page = await open(
            reportOf({
                source: "preview",
                started: "2026-11-28T10:00:00Z",
                complete: true,
                generated: "2026-11-28T10:12:44Z",
                accounts: [],
                problems: ["The preview ended with an error."],
            }),
        );

        assert.match(await page.getByRole("main").innerText(), /The preview ended with an error\./);
        assert.deepEqual(await page.getByRole("heading").allInnerTexts(), [
            "No account was inspected",
            "Why this report is incomplete",
        ]);
        assert.deepEqual(await flaws(page), []);
    });

    it("of evidence alone has no section about accounts", async () => {
        const page = await open(
            reportOf({
                source: "evidence",
                started: "2026-11-28T10:00:00Z",
                complete: true,
                generated: "2026-11-28T10:12:44Z",
                accounts: [],
                evidence: readEvidence([{ name: "record.jsonl", text: RECORD }]),
            }),
        );

        assert.deepEqual(await page.getByRole("heading").allInnerTexts(), [
            "Evidence of what was written to AWS",
            "What was written to AWS",
        ]);
        assert.ok(!(await page.locator("body").innerText()).includes("in scope"));
        assert.deepEqual(await flaws(page), []);
    });

    /** One removal. */
    const RECORD = ["attempt", "done"]
        .map((event) =>
            JSON.stringify({
                time: "2026-11-28T10:12:44.000Z",
                event,
                accountId: "687420519933",
                action: "iam:DeleteAccessKey",
                kind: "accessKeys",
                id: "AKIAZ3MEXQ7RTBWL5NJU",
                caller: "arn:aws:iam::418263950174:user/operator",
                session: "ASIAZ3MEXQ7RTBWL5NJU",
                ...(event === "done" && { requestId: "11111111-2222-4333-8444-555555555555" }),
            }),
        )
        .join("\n");

    function clean(count: number, organizationalUnit: string): AccountInReport[] {
        return Array.from({ length: count }, (_, index) => ({
            ...account(index, organizationalUnit),
            mark: "clean",
        }));
    }

    function account(index: number, organizationalUnit: string): Omit<AccountInReport, "mark"> {
        return { id: String(300_000_000_000 + index), name: `account-${index}`, organizationalUnit };
    }
});
