/** Width and colours of standard output. */
import { ansi, plain } from "../report/formats/text/palette";
import { MOST_LINES, PAPER, type Screen } from "../report/formats/text";

type Output = Pick<NodeJS.WriteStream, "isTTY" | "columns">;

/** A narrower terminal wraps the lines. */
const NARROWEST = 40;

export function screenOf({ isTTY, columns }: Output, environment: NodeJS.ProcessEnv): Screen {
    const width = isTTY && columns > 0 ? Math.max(NARROWEST, columns) : PAPER.width;
    return {
        width,
        palette: showsColours(isTTY, environment) ? ansi : plain,
        mostLines: MOST_LINES,
        all: "Add --output report.html or --output report.txt to see all.",
    };
}

/** By https://no-color.org and https://force-color.org. NO_COLOR wins. */
function showsColours(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
    if (NO_COLOR) return false;
    if (FORCE_COLOR) return !["0", "false"].includes(FORCE_COLOR);
    return isTerminal && TERM !== "dumb";
}
