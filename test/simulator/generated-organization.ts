import type { AccountSeed, OrganizationSeed, RootSeed } from "./state/seed";

const UNITS = ["Security", "Infrastructure", "Workloads/Prod", "Workloads/NonProd", "Sandbox"];

/** An organization of any size, the same in every run: most accounts hold a password, some hold more. */
export function generatedOrganization(memberAccounts: number): OrganizationSeed {
    return { accounts: Array.from({ length: memberAccounts }, (_, index) => generatedAccount(index + 1)) };
}

function generatedAccount(number: number): AccountSeed {
    return {
        // The factor has no common divisor with 10^11, so no two accounts get the same id.
        id: `1${String((number * 20_947_631_719) % 100_000_000_000).padStart(11, "0")}`,
        name: `account-${String(number).padStart(5, "0")}`,
        unit: UNITS[number % UNITS.length] ?? "",
        joinedMethod: number % 10 === 0 ? "INVITED" : "CREATED",
        root: generatedRoot(number),
    };
}

/** Every fourth account is clean; of the others every fifth has an access key, every seventh an MFA device. */
function generatedRoot(number: number): RootSeed {
    if (number % 4 === 0) return {};
    return {
        password: {},
        accessKeys: number % 5 === 0 ? [{}] : [],
        mfaDevices: number % 7 === 0 ? [{}] : [],
    };
}
