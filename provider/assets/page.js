/* Searches, filters by mark, and folds. It only shows and hides elements, and makes no markup of any text. */
"use strict";
(() => {
    const page = document.documentElement;
    const tree = document.getElementById("tree");
    if (!tree) return;
    const search = document.getElementById("search");
    const shown = document.getElementById("shown");
    const boxes = [...document.querySelectorAll("#marks input")];
    const folds = [...tree.querySelectorAll(".unit, .group")].map((item) => ({
        item,
        details: item.firstElementChild,
    }));
    const root = folds[0].details;
    const number = new Intl.NumberFormat("en-GB");

    /** Each account with the text to search: name, id, unit and ids of credentials. Read at the first search, because it takes time. */
    let accounts;
    function readAccounts() {
        return [...tree.querySelectorAll(".account")].map((item) => {
            const words = [...item.querySelectorAll("bdi, code:not(.said)")].map(
                (element) => element.textContent,
            );
            const holders = holdersOf(item);
            const unit = holders
                .filter((holder) => holder.className === "unit")
                .map(nameOf)
                .reverse()
                .slice(1)
                .join("/");
            return {
                item,
                holders,
                mark: item.firstElementChild.classList[1],
                text: [unit, ...words].join("\n").toLowerCase(),
            };
        });
    }

    /** The folds around an element, from the innermost out. */
    function holdersOf(item) {
        const holder = item.parentElement.closest("li");
        return holder ? [holder, ...holdersOf(holder)] : [];
    }

    function nameOf(unit) {
        return unit.querySelector("summary").firstElementChild.textContent;
    }

    /** For each fold, whether it was open before the filter. */
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
        const all = `${number.format(accounts.length)} ${accounts.length === 1 ? "account" : "accounts"}`;
        shown.textContent = filtering
            ? `${number.format(count)} of ${all} shown (${termsOf(words, marks)})`
            : "";
    }

    function termsOf(words, marks) {
        const terms = [];
        if (words.length > 0) terms.push(`search: ${words.join(" ")}`);
        if (marks.size > 0) terms.push(`marks: ${[...marks].join(", ").replaceAll("-", " ")}`);
        return terms.join("; ");
    }

    search.addEventListener("input", filter);
    for (const box of boxes) box.addEventListener("change", filter);
    document.getElementById("expand").addEventListener("click", () => {
        for (const details of tree.querySelectorAll("details")) details.open = true;
    });
    document.getElementById("collapse").addEventListener("click", () => {
        for (const details of tree.querySelectorAll("details")) details.open = details === root;
    });

    /** In other browsers the style sheet shows the content of closed folds on paper. */
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
    /** On the way back to the page, a browser restores the typed text and the ticked boxes. */
    if (search.value || boxes.some((box) => box.checked)) filter();
})();
