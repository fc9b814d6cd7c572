/** 60 clean accounts in four levels of organizational units, with tags and different ways of having joined. */
import type { AccountSeed, OrganizationSeed } from "./simulator";

/** How many accounts stand right under each unit; numbers follow that order, from 1. */
const UNITS: [unit: string, accounts: number][] = [
    ["Security", 4],
    ["Infrastructure/Network", 5],
    ["Workloads", 2],
    ["Workloads/Prod", 6],
    ["Workloads/Prod/Payments", 8],
    ["Workloads/Prod/Payments/EU", 7],
    ["Workloads/Test", 8],
    ["Workloads/Test/Payments", 5],
    ["Sandbox", 10],
    ["Sandbox/Prod", 2],
    ["", 3],
];

/** So many, the last ones, joined on 2026-10-15 and the others long before. */
export const NEWCOMERS = 5;

const ACCOUNTS = UNITS.flatMap(([unit, count]) => Array.from({ length: count }, () => unit)).map(
    (unit, index): AccountSeed => ({
        id: idOf(index + 1),
        name: `${unit.split("/").at(-1)?.toLowerCase() || "loose"}-${index + 1}`,
        unit,
        joinedMethod: index % 6 === 0 ? "INVITED" : "CREATED",
        joined: index < 60 - NEWCOMERS ? "2024-05-01T09:00:00Z" : "2026-10-15T09:00:00Z",
        tags: { tier: String(index % 3), "cost=center": `a=${index % 2}` },
    }),
);

export const organizationOfSixty: OrganizationSeed = { accounts: ACCOUNTS };

export function idOf(number: number): string {
    return String(100_000_000_000 + number);
}

/** Numbers of the accounts under a unit and the units nested in it; of all accounts under the root. */
export function below(path: string): number[] {
    return ACCOUNTS.flatMap(({ unit = "" }, index) =>
        path === "" || unit === path || unit.startsWith(`${path}/`) ? [index + 1] : [],
    );
}
