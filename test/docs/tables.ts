/** The tables of a page. */

export interface Table {
    header: string[];
    rows: string[][];
}

export function tablesOf(page: string): Table[] {
    return [...page.matchAll(/(?:^ *\|.*\|\n)+/gm)].map(([text]) => {
        const [header = [], , ...rows] = text.trim().split("\n").map(cells);
        return { header, rows };
    });
}

/** The rows of tables whose first column has this name. */
export function rowsUnder(page: string, firstColumn: string): string[][] {
    return tablesOf(page)
        .filter(({ header }) => header[0] === firstColumn)
        .flatMap(({ rows }) => rows);
}

function cells(line: string): string[] {
    return line
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|")
        .map((cell) => cell.trim());
}
