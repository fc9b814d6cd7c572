import type { AccountSeed, OrganizationSeed, RootSeed } from "./simulator";

export const DIRTY_EVERY = 5;

/** Of so many member accounts one in five holds root credentials. */
export function throttledOrganization(memberAccounts: number): OrganizationSeed {
    const accounts = Array.from({ length: memberAccounts }, (_, index): AccountSeed => {
        const root = index % DIRTY_EVERY === 0 ? dirty(index) : {};
        return { id: String(200_000_000_000 + index * 499_999_993), name: `account-${index}`, root };
    });
    return { accounts };
}

function dirty(index: number): RootSeed {
    return {
        password: {},
        accessKeys: index % 2 === 0 ? [{}] : [],
        signingCertificates: index % 3 === 0 ? [{}] : [],
        mfaDevices: index % 4 === 0 ? [{}] : [],
    };
}
