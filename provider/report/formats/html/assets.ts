/** The style sheets and the script of the page, from `provider/assets`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "../../../../assets");

export const STYLE = ["page.css", "accounts.css", "evidence.css", "media.css"].map(textOf).join("");
export const SCRIPT = textOf("page.js");

/** A browser reads each line end as `\n`, and the page's security policy has the hash of that text. */
function textOf(name: string): string {
    return readFileSync(join(FOLDER, name), "utf8").replaceAll("\r\n", "\n");
}
