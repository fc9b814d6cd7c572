/** The part of the page that says what was written to AWS. */
import type { EvidenceReport } from "../../evidence";
import { counted } from "../../words";
import { markup, type Markup } from "./markup";

export function evidenceSection({ writes }: EvidenceReport): Markup {
    return markup`<section aria-labelledby="evidence">
<h2 id="evidence">What was written to AWS</h2>
<p>${counted(writes.length, "recorded write")}.</p>
</section>`;
}
