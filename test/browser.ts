/** A real browser, to look at pages as people do: the one that set-up found or got. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";

const FIND = path.resolve(__dirname, "../../scripts/browser/find.mjs");

export async function startBrowser(): Promise<Browser> {
    const { findBrowser } = (await import(pathToFileURL(FIND).href)) as {
        findBrowser: () => Promise<string | undefined>;
    };
    const executablePath = await findBrowser();
    if (!executablePath)
        throw new Error("there is no Chromium that runs: `node scripts/browser/get.mjs` gets one");
    return chromium.launch({ executablePath, args: ["--disable-gpu", "--disable-quic"] });
}
