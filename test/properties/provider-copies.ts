/**
 * Copies of the provider's modules: a copy is the memory of one run, and may be a broken one (`mutants.ts`).
 *
 * Thousands of runs are played, so each file is compiled once and evaluated for each copy. A copy lives in a time of its
 * own, in which waiting takes no time.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import type * as accountTags from "../../provider/organization/account-tags";
import type * as aws from "../../provider/organization/member-accounts";
import type * as lifecycle from "../../provider/lifecycle/root-credentials";
import type { clientOverrides } from "../../provider/aws/clients";
import type { timeouts } from "../../provider/process/timeouts";
import { MODULES } from "../provider/harness/package";

/** One copy of the provider. */
export interface ProviderCopy {
    lifecycle: typeof lifecycle;
    organization: typeof aws;
    tags: typeof accountTags;
    timeouts: typeof timeouts;
    clientOverrides: typeof clientOverrides;
    /** Lets go of what it waits for. */
    discard(): void;
}

/** A change of the provider's compiled text, which must fit exactly once. `file` is the module's name. */
export interface Change {
    file: string;
    from: string | RegExp;
    to: string;
}

type Wrapped = (
    exports: object,
    load: (name: string) => unknown,
    module: { exports: object },
    Date: DateConstructor,
    setTimeout: (give: () => void, milliseconds: number) => NodeJS.Timeout,
) => void;

const compiled = new Map<string, Wrapped>();

/** A copy with fresh memory. `now` tells the time in it. */
export function copyOfProvider(now: () => number, changes: readonly Change[] = []): ProviderCopy {
    const modules = new Map<string, { exports: object }>();
    const timers = new Set<NodeJS.Timeout>();
    const DateInCopy = new Proxy(Date, {
        get: (date, name, self) => (name === "now" ? now : (Reflect.get(date, name, self) as unknown)),
    });
    const later = (give: () => void, milliseconds: number) => {
        const timer = setTimeout(give, milliseconds);
        timers.add(timer);
        return timer;
    };

    function load(file: string): object {
        const known = modules.get(file);
        if (known) return known.exports;
        const module = { exports: {} };
        modules.set(file, module);
        const require = createRequire(file);
        const loadFrom = (name: string): unknown => {
            if (!name.startsWith(".")) return require(name);
            return load(require.resolve(name));
        };
        wrapped(file, changes)(module.exports, loadFrom, module, DateInCopy, later);
        return module.exports;
    }

    const own = <T>(name: string) => load(join(MODULES, `${name}.js`)) as T;
    return {
        lifecycle: own("lifecycle/root-credentials"),
        organization: own("organization/member-accounts"),
        tags: own("organization/account-tags"),
        timeouts: own<{ timeouts: typeof timeouts }>("process/timeouts").timeouts,
        clientOverrides: own<{ clientOverrides: typeof clientOverrides }>("aws/clients").clientOverrides,
        discard() {
            for (const timer of timers) clearTimeout(timer);
        },
    };
}

function wrapped(file: string, changes: readonly Change[]): Wrapped {
    const text = readFileSyncOnce(file);
    const own = changes.filter((change) => file === join(MODULES, `${change.file}.js`));
    const changed = own.reduce((so, change) => apply(change, so), text);
    const key = changed === text ? file : `${file}\n${changed}`;
    const known = compiled.get(key);
    if (known) return known;
    const parameters = ["exports", "require", "module", "Date", "setTimeout"];
    const fresh = compileFunction(changed, parameters, { filename: file }) as Wrapped;
    compiled.set(key, fresh);
    return fresh;
}

function apply({ file, from, to }: Change, text: string): string {
    const pieces = text.split(from);
    if (pieces.length !== 2)
        throw new Error(
            `${String(from)} is found ${pieces.length - 1} times in ${file}.js: adapt the mutant`,
        );
    return pieces.join(to);
}

const texts = new Map<string, string>();

function readFileSyncOnce(file: string): string {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    texts.set(file, text);
    return text;
}
