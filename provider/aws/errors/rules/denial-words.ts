/** Conditions and text that several groups of rules use for denials. */
import type { Denial, Facts } from "../facts";

export function isAccessDenied(code: string): boolean {
    return /^AccessDenied/.test(code);
}

export function isAssumeRootDenied({ code, action }: Facts): boolean {
    return isAccessDenied(code) && action === "sts:AssumeRoot";
}

export function grant({ denial, action, accountId }: Facts): string {
    const resource = denial?.resource || (accountId ? `arn:aws:iam::${accountId}:root` : "*");
    return `Allow ${caller(denial)} ${denial?.action || action} on ${resource}`;
}

export function caller(denial: Denial | undefined): string {
    return denial?.principal || "the caller";
}
