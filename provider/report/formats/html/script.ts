/**
 * What the page can do: search, filter by mark, fold and unfold everything. It only shows and hides what is there, and makes no
 * markup of any text.
 */
export const SCRIPT = String.raw`
"use strict";
(() => {
    const page = document.documentElement;
    const tree = document.getElementById("tree");
    if (!tree) return;
    const search = document.getElementById("search");
    const shown = document.getElementById("shown");
    const boxes = [...document.querySelectorAll("#marks input")];
    const folds = [...tree.querySelectorAll(".unit, .group")].map((item) => ({ item, details: item.firstElementChild }));
    const root = folds[0].details;
    const number = new Intl.NumberFormat("en-GB");

    /** What can be searched for: name, id, unit, ids of credentials. Read when it is first needed. */
    let accounts;
    function readAccounts() {
        return [...tree.querySelectorAll(".account")].map((item) => {
            const words = [...item.querySelectorAll("bdi, code:not(.said)")].map((element) => element.textContent);
            const holders = holdersOf(item);
            const unit = holders.filter((holder) => holder.className === "unit").map(nameOf).reverse().slice(1).join("/");
            return { item, holders, mark: item.firstElementChild.classList[1], text: [unit, ...words].join("\n").toLowerCase() };
        });
    }

    function holdersOf(item) {
        const holders = [];
        for (let holder = item.parentElement.closest("li"); holder; holder = holder.parentElement.closest("li")) {
            holders.push(holder);
        }
        return holders;
    }

    function nameOf(unit) {
        return unit.querySelector("summary").firstElementChild.textContent;
    }

    /** What was open before anything was filtered. */
    let openBefore;

    function filter() {
        accounts ??= readAccounts();
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const marks = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
        const filtering = words.length + marks.size > 0;
        const needed = new Set();
        let count = 0;
        for (const { item, holders, mark, text } of accounts) {
            const fits = (marks.size === 0 || marks.has(mark)) && words.every((word) => text.includes(word));
            item.hidden = !fits;
            if (!fits) continue;
            count += 1;
            for (const holder of holders) needed.add(holder);
        }
        if (filtering) openBefore ??= new Map(folds.map(({ details }) => [details, details.open]));
        for (const { item, details } of folds) {
            item.hidden = !needed.has(item);
            if (openBefore) details.open = filtering ? needed.has(item) : openBefore.get(details);
        }
        if (!filtering) openBefore = undefined;
        root.parentElement.hidden = false;
        page.classList.toggle("filtered", filtering);
        const of = number.format(accounts.length) + (accounts.length === 1 ? " account" : " accounts");
        shown.textContent = filtering ? number.format(count) + " of " + of + " shown" + asked(words, marks) : "";
    }

    function asked(words, marks) {
        const parts = [];
        if (words.length > 0) parts.push("search: " + words.join(" "));
        if (marks.size > 0) parts.push("marks: " + [...marks].join(", ").replaceAll("-", " "));
        return " (" + parts.join("; ") + ")";
    }

    search.addEventListener("input", filter);
    for (const box of boxes) box.addEventListener("change", filter);
    document.getElementById("expand").addEventListener("click", () => {
        for (const details of tree.querySelectorAll("details")) details.open = true;
    });
    document.getElementById("collapse").addEventListener("click", () => {
        for (const details of tree.querySelectorAll("details")) details.open = details === root;
    });

    /** Where the style sheet cannot show on paper what is folded. */
    if (!CSS.supports("selector(::details-content)")) {
        let folded = [];
        addEventListener("beforeprint", () => {
            folded = [...tree.querySelectorAll("details:not(.all-clean):not([open])")];
            for (const details of folded) details.open = true;
        });
        addEventListener("afterprint", () => {
            for (const details of folded) details.open = false;
        });
    }

    page.classList.add("scripted");
    document.querySelector(".tools").hidden = false;
    /** A browser that comes back to the page may have kept what was typed. */
    if (search.value || boxes.some((box) => box.checked)) filter();
})();
`;
