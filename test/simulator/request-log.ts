import type { Service } from "./action-names";

/** One request as AWS's own trail would remember it; never a secret, a token or a password. */
export interface LoggedRequest {
    readonly time: Date;
    readonly requestId: string;
    readonly service: Service;
    readonly action: string;
    readonly region: string | undefined;
    /** The key that signed: correlates a root session's calls with the AssumeRoot that issued it. */
    readonly accessKeyId: string | undefined;
    /** The account whose credentials signed, and whose rates the call is charged to. */
    readonly callerAccountId: string | undefined;
    readonly callerArn: string | undefined;
    /** What the call was about: a target account, an access key id, a parent. */
    readonly target: string | undefined;
    /** The task policy that AssumeRoot was asked for. */
    readonly taskPolicyArn: string | undefined;
    /** The key of the root session that AssumeRoot handed out. */
    readonly issuedAccessKeyId: string | undefined;
    /** Undefined if the connection was broken or left hanging. */
    readonly status: number | undefined;
    readonly errorCode: string | undefined;
}

const MOST_ENTRIES = 100_000;

/** The latest requests, oldest first. */
export class RequestLog implements Iterable<LoggedRequest> {
    #entries: LoggedRequest[] = [];
    /** Requests since the start or the last `clear`, also those no longer kept. */
    total = 0;

    /** @param most how many to keep; 0 keeps none */
    constructor(private readonly most = MOST_ENTRIES) {}

    add(request: LoggedRequest): void {
        this.total++;
        if (this.most === 0) return;
        // Dropping half at a time keeps adding cheap.
        if (this.#entries.length >= this.most)
            this.#entries = this.#entries.slice(-Math.floor(this.most / 2));
        this.#entries.push(request);
    }

    [Symbol.iterator](): Iterator<LoggedRequest> {
        return this.#entries[Symbol.iterator]();
    }

    get entries(): readonly LoggedRequest[] {
        return this.#entries;
    }

    /** The actions asked for, in order. */
    actions(): string[] {
        return this.#entries.map(({ action }) => action);
    }

    of(action: string): LoggedRequest[] {
        return this.#entries.filter((request) => request.action === action);
    }

    clear(): void {
        this.#entries = [];
        this.total = 0;
    }
}
