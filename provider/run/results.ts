/** The results of this run's creates and updates, by account. */
import { oncePerRun } from "../process/once-per-run";
import type { AccountInReport } from "../report/model";
import { Registry, storeOfRun } from "./store";

type ResultEvent =
    | { is: "failures are reported" }
    | ({ is: "failed"; accountId: string } & AccountFailure)
    | { is: "result"; account: AccountInReport };

/** Why an account is not as declared after its create or update. */
export interface AccountFailure {
    accountName?: string;
    cause: string;
    /** Sentences with the cause, AWS's answer and the next step. */
    detail: string;
}

export class ResultRegistry extends Registry<ResultEvent> {
    #programReports = false;
    readonly #failures = new Map<string, AccountFailure>();
    readonly #results = new Map<string, AccountInReport>();

    protected override apply(event: ResultEvent): void {
        switch (event.is) {
            case "failures are reported":
                this.#programReports = true;
                break;
            case "failed":
                this.#failures.set(event.accountId, event);
                break;
            case "result":
                this.#results.set(event.account.id, event.account);
                break;
        }
    }

    /** The program will fail at its end for each account that fails, and name it (decision 19). */
    announceReport(): void {
        this.append({ is: "failures are reported" });
    }

    /** The program will report failures. False if the processes share no events. */
    isReportAnnounced(): boolean {
        return this.catchUp().#programReports;
    }

    /** Throws if the failure cannot be passed to the program. */
    addFailure(accountId: string, failure: AccountFailure): void {
        this.store.assertShared();
        this.append({ is: "failed", accountId, ...failure });
    }

    /** Accounts that are not as declared, although their create or update succeeded for Pulumi. Throws if this is unknown. */
    failures(): ({ id: string } & AccountFailure)[] {
        this.store.assertShared();
        return [...this.catchUp().#failures].map(([id, failure]) => ({ ...failure, id }));
    }

    failureOf(accountId: string): AccountFailure | undefined {
        return this.catchUp().#failures.get(accountId);
    }

    /** An account as its create or update has left it, for the report of the run. */
    addResult(account: AccountInReport): void {
        this.append({ is: "result", account });
    }

    results(): AccountInReport[] {
        return [...this.catchUp().#results.values()];
    }
}

export const resultsOfRun = oncePerRun(() => new ResultRegistry(storeOfRun()));
