/** How the page looks. Colours have a contrast of at least 4.5 to 1, light and dark; on paper it is light, and nothing is missing. */
export const STYLE = String.raw`
:root {
    color-scheme: light dark;
    --page: #f6f7f8; --sheet: #fff; --text: #1b1f24; --aside: #57606a; --edge: #d9dee3; --hover: #eef1f4;
    --clean: #19703a; --drifted: #8a5200; --blocked: #b3261e; --exception: #0b5cad; --acknowledged: #0b6b6b; --not-looked-at: #6a3cb0; --focus: #0b5cad;
    --alert: #fdf0ef; --warn: #fdf6e7;
    --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
    :root {
        --page: #111417; --sheet: #181c20; --text: #e4e8ec; --aside: #9da7b1; --edge: #31383f; --hover: #20262b;
        --clean: #5cc47a; --drifted: #e3ab4a; --blocked: #ff8f85; --exception: #7dbbff; --acknowledged: #6fd0cf; --not-looked-at: #c5a5ff; --focus: #7dbbff;
        --alert: #2b1a1a; --warn: #282114;
    }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--page); color: var(--text); scroll-padding-top: 4.5rem; }
body {
    max-width: 76rem; margin: 0 auto; padding: 1.75rem 1.5rem 4rem;
    font: .875rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
    overflow-wrap: anywhere;
}
p, ul, dl, dd, h1, h2, h3 { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; margin: .15rem 0 .9rem; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.35; font-weight: 650; }
h3 { font-size: .9375rem; font-weight: 650; margin-top: .75rem; }
code { font-family: var(--mono); font-size: .92em; }
code.said { padding: 0 .25em; border-radius: 3px; background: var(--hover); }
svg { width: .8em; height: .8em; fill: currentColor; margin-right: .45em; flex: none; }
.sprites { position: absolute; width: 0; height: 0; margin: 0; }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.cut { stroke: var(--sheet); stroke-width: 2; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 2; padding: .5rem .9rem; background: var(--sheet); color: var(--focus); border-radius: 4px; }
.skip:focus { top: .5rem; }
.aside, .product, dt, .because { color: var(--aside); }
.product { font-size: .8125rem; font-weight: 600; letter-spacing: .01em; }

.clean { color: var(--clean); }
.drifted { color: var(--drifted); }
.blocked { color: var(--blocked); }
.exception { color: var(--exception); }
.acknowledged { color: var(--acknowledged); }
.not-looked-at { color: var(--not-looked-at); }
.out-of-scope, .skipped, .none { color: var(--aside); }

.facts { display: flex; flex-wrap: wrap; gap: .35rem 2rem; margin-bottom: 1.5rem; }
.facts dt { font-size: .75rem; }
.facts dd { font-weight: 500; }

section { background: var(--sheet); border: 1px solid var(--edge); border-radius: 8px; padding: 1.1rem 1.25rem; margin-bottom: 1.1rem; }
.plain { margin-top: .5rem; }
.plain li { padding: .15rem 0; }
.plain bdi { font-weight: 550; }
.leaving > h2, .problems > h2 { display: flex; align-items: baseline; }
.leaving { border-left: 4px solid var(--drifted); background: var(--warn); }
.leaving > h2 { color: var(--drifted); }
.leaving.opens, .problems { border-left: 4px solid var(--blocked); background: var(--alert); }
.leaving.opens > h2, .problems > h2 { color: var(--blocked); }
.leaving p { max-width: 52rem; }

#marks { display: flex; flex-wrap: wrap; gap: .5rem; border: 0; margin: .75rem 0 0; padding: 0; }
#marks legend, .unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
#marks label { display: flex; align-items: center; gap: .4rem; padding: .3rem .7rem; border: 1px solid var(--edge); border-radius: 6px; }
#marks b { font-size: 1.0625rem; font-weight: 650; font-variant-numeric: tabular-nums; }
#marks input { display: none; margin: 0; width: 1rem; height: 1rem; accent-color: var(--focus); }
.scripted #marks input { display: block; }
.scripted #marks label:has(input) { cursor: pointer; }
.scripted #marks label:has(input):hover { background: var(--hover); }
#marks label:has(:checked) { border-color: currentColor; box-shadow: inset 0 0 0 1px currentColor; }
#marks label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
#marks input:focus-visible { outline: none; }

.tools {
    position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem;
    margin: .6rem -1.25rem 0; padding: .6rem 1.25rem; background: var(--sheet); border-bottom: 1px solid var(--edge);
}
.tools label { font-weight: 600; }
.tools input { flex: 1 1 16rem; min-width: 0; }
.tools input, .tools button {
    font: inherit; color: inherit; background: var(--page); border: 1px solid var(--aside); border-radius: 6px; padding: .35rem .7rem;
}
.tools ::placeholder { color: var(--aside); opacity: 1; }
.tools button { cursor: pointer; }
.tools button:hover { background: var(--hover); }
#shown { min-height: 1.5em; margin: .5rem 0 .25rem; color: var(--aside); }
#shown:empty { min-height: 0; margin: 0; }

summary { cursor: pointer; border-radius: 4px; }
#tree summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding: .3rem .4rem; list-style: none; }
#tree summary::-webkit-details-marker { display: none; }
#tree summary::before {
    content: ""; width: .4em; height: .4em; margin: 0 -.35rem .1em .1rem; flex: none;
    border: solid var(--aside); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg);
}
#tree [open] > summary::before { transform: rotate(45deg); }
#tree summary:hover { background: var(--hover); }
#tree :focus-visible { outline-offset: -2px; }
#tree .name { font-weight: 650; }
#tree > li > details > ul { margin-left: .55rem; }
#tree ul ul { margin-left: .55rem; }
#tree details > ul { padding-left: .75rem; border-left: 1px solid var(--edge); }
.counts { display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .8125rem; color: var(--aside); }
.mark { display: inline-flex; align-items: baseline; font-weight: 550; white-space: nowrap; }

.account {
    display: grid; grid-template-columns: 7.5rem minmax(8rem, 17rem) minmax(0, 1fr); column-gap: .75rem; align-items: baseline;
    padding: .25rem .4rem;
}
.large .account { content-visibility: auto; contain-intrinsic-block-size: auto 1.9rem; }
.account > bdi { font-weight: 550; }
.account > code { color: var(--aside); }
.account > :nth-child(n+4) { grid-column: 2 / -1; }
.account > p, .story { max-width: 60rem; }
#tree .credentials { display: grid; grid-template-columns: max-content fit-content(17rem) max-content max-content minmax(0, 1fr); gap: 0 1rem; margin: .1rem 0 .3rem; }
.credentials li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: baseline; padding: .1rem 0; }
.stays { grid-column: 2 / -1; }
.story p { padding: .35rem 0 .35rem .75rem; border-left: 2px solid var(--edge); white-space: pre-wrap; }
#tree .story summary { display: inline-flex; padding: 0 .4rem 0 0; color: var(--aside); }

.meanings { margin: 0; padding: 0 1.25rem; color: var(--aside); font-size: .8125rem; }
.meanings div { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); column-gap: .75rem; padding: .1rem 0; }

.policies { margin-top: .5rem; }
.policies li { padding: .4rem 0; border-top: 1px solid var(--edge); }
.policies li:first-child { border-top: 0; }
.policies .mark { min-width: 8.25rem; margin-right: .75rem; }
.policies bdi { font-weight: 550; }

.evidence p { margin-top: .5rem; max-width: 60rem; }
.evidence .warning { color: var(--blocked); }
.evidence table { width: 100%; margin-top: .9rem; border-collapse: collapse; overflow-wrap: break-word; }
.evidence td:is(:nth-child(3), :nth-child(5)), .evidence pre { overflow-wrap: anywhere; }
.evidence .wide { overflow-x: auto; }
.evidence caption { font-weight: 650; text-align: left; padding-bottom: .25rem; }
.evidence :is(th, td) { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; font-weight: inherit; }
.evidence thead th { color: var(--aside); font-size: .8125rem; }
.evidence tr:not(.check) { border-top: 1px solid var(--edge); }
.evidence .check td { padding-top: 0; }
.evidence summary { color: var(--aside); }
.evidence pre { margin: .25rem 0 .5rem; padding: .5rem .75rem; background: var(--page); border-radius: 6px; white-space: pre-wrap; font: .92em/1.5 var(--mono); }
.evidence a { color: var(--focus); }

@media (max-width: 60rem), print {
    #tree .credentials, .credentials li { display: flex; flex-wrap: wrap; gap: 0 .9rem; }
    .credentials li { width: 100%; }
    .credentials code:empty { display: none; }
    .stays { width: 100%; }
}
@media (max-width: 44rem) {
    body { padding: 1rem .75rem 3rem; }
    section { padding: .9rem .75rem; }
    .tools { position: static; margin-inline: -.75rem; padding-inline: .75rem; }
    .account { grid-template-columns: minmax(0, 1fr) auto; }
    .account > .mark { grid-column: 1 / -1; }
    .account > :nth-child(n+4) { grid-column: 1 / -1; }
    .meanings { padding: 0 .75rem; }
}

@media print {
    @page { margin: 14mm; }
    :root { --page: #fff; color-scheme: light; }
    body { max-width: none; padding: 0; font-size: 9pt; }
    section { border-radius: 0; border-width: 1px 0 0; padding: .7rem 0 0; background: none; }
    .leaving, .problems { border: 1px solid var(--blocked) !important; padding: .7rem; }
    .skip, .tools, #marks input { display: none !important; }
    .account { padding: .1rem .4rem; }
    .large .account { content-visibility: visible; }
    li, .facts, h2, h3 { break-inside: avoid; }
    .unit, .group { break-inside: auto; }
    h2, h3, summary { break-after: avoid; }
    #tree summary::before { display: none; }
    .story summary, .evidence .check { display: none !important; }
    details:not(.all-clean)::details-content { content-visibility: visible; display: block; }
}
`;
