/** Lists root credentials by account. */
import type { Organization, RootCredentialLeft } from "../../test/simulator";

/** `2 root credentials in 1 account:` and a line for each account, or `no root credentials`. */
export function inventory(left: RootCredentialLeft[], organization: Organization): string {
    if (left.length === 0) return "no root credentials.";
    const byAccount = Map.groupBy(left, ({ accountId }) => accountId);
    const lines = [...byAccount].map(
        ([id, credentials]) =>
            `  ${whose(id, organization)}: ${counted(credentials)}${remark(id, organization)}`,
    );
    return [
        `${several(left.length, "root credential")} in ${several(byAccount.size, "account")}:`,
        ...lines,
    ].join("\n");
}

export function whose(accountId: string, organization: Organization): string {
    return `${accountId} ${organization.account(accountId).name}`;
}

export function sorted(left: RootCredentialLeft[]): RootCredentialLeft[] {
    const key = ({ accountId, kind, id }: RootCredentialLeft) => `${accountId} ${kind} ${id}`;
    return [...left].sort((a, b) => key(a).localeCompare(key(b)));
}

const KINDS: Record<RootCredentialLeft["kind"], string> = {
    password: "password",
    accessKey: "access key",
    signingCertificate: "signing certificate",
    mfaDevice: "MFA device",
};

function counted(credentials: RootCredentialLeft[]): string {
    const byKind = Map.groupBy(credentials, ({ kind }) => kind);
    return [...byKind]
        .map(([kind, { length }]) => (length === 1 ? KINDS[kind] : several(length, KINDS[kind])))
        .join(", ");
}

function remark(accountId: string, organization: Organization): string {
    const { state } = organization.account(accountId);
    return state === "ACTIVE" ? "" : ` (${state.toLowerCase()}, so left alone)`;
}

export function several(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
