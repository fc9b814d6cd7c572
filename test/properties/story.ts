/** A case in words, for whoever has to find out why it fails. */
import {
    ALWAYS,
    type AccountPlan,
    type Case,
    type End,
    type Meanwhile,
    type Step,
    type Trouble,
} from "./case";

export function story({ accounts, readLag, pageSize, omitted, steps }: Case): string {
    return [
        ...accounts.map((account, index) => `Account ${index}${accountInWords(account)}`),
        ...(readLag > 0 ? [`What is deleted is still shown by ${readLag} reads.`] : []),
        ...(pageSize < 100 ? [`IAM lists ${pageSize} on a page.`] : []),
        ...(omitted.length > 0 ? [`The summary leaves out ${omitted.join(", ")}.`] : []),
        ...steps.flatMap((step, index) => [`Step ${index + 1}: ${step.command}`, ...stepInWords(step)]),
        "Then nothing goes wrong any more: up, and up again.",
    ].join("\n");
}

function accountInWords(account: AccountPlan): string {
    const {
        inScope,
        state,
        password,
        accessKeys,
        certificates,
        mfaDevices,
        onDelete,
        scp,
        fullAudit,
        exception,
        acknowledged,
    } = account;
    const holds = [
        password ? "a password" : "",
        ...accessKeys.map((status) => `an ${status.toLowerCase()} access key`),
        certificates > 0 ? `${certificates} signing certificates` : "",
        mfaDevices > 0 ? `${mfaDevices} MFA devices` : "",
    ].filter(Boolean);
    const traits = [
        inScope ? "" : "out of scope",
        state === "ACTIVE" ? "" : state.toLowerCase(),
        onDelete === "retain" ? "retained" : "",
        fullAudit ? "audited in full" : "",
        exception ? `opened by an exception that ${exception}` : "",
        acknowledged ? "acknowledged" : "",
        scp ? `under the SCP "${scp}"` : "",
    ].filter(Boolean);
    return `${traits.length > 0 ? ` (${traits.join(", ")})` : ""} holds ${holds.join(", ") || "nothing"}.`;
}

function stepInWords({
    drops,
    renames,
    troubles,
    meanwhile,
    end,
    elsewhere,
    omitsOrganizationId,
}: Step): string[] {
    return [
        ...(drops.length > 0 ? [`the program declares ${drops.join(", ")} no longer`] : []),
        ...(renames.length > 0 ? [`the resources of ${renames.join(", ")} are renamed`] : []),
        ...troubles.map(troubleInWords),
        ...meanwhile.map(meanwhileInWords),
        ...(end ? [endInWords(end)] : []),
        ...(elsewhere ? ["the caller is signed in to another organization"] : []),
        ...(omitsOrganizationId ? ["IAM leaves out the organization's id"] : []),
    ].map((line) => `    ${line}`);
}

function troubleInWords({ account, call, after, times, fault }: Trouble): string {
    const which = call === "*" ? "calls" : call;
    const about = account === undefined ? "" : ` about account ${account}`;
    const count = times === ALWAYS ? "all others" : `the next ${times}`;
    return `${which}${about}: ${after} go well, ${count} meet ${fault}`;
}

function meanwhileInWords({ account, after, deed }: Meanwhile): string {
    return `after ${after} calls about account ${account}: ${deed}`;
}

function endInWords({ at, carriedOut, checkpoints }: End): string {
    const stored = checkpoints ? "what was finished is stored" : "nothing of the step is stored";
    return `request ${at} is ${carriedOut ? "" : "not "}carried out, and the run is killed; ${stored}`;
}
