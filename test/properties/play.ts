/** Plays a case and holds the provider to the laws after every call, every answer and every step. */
import { isDeepStrictEqual } from "node:util";
import { SECRETS } from "../provider/harness";
import type { AccountSeed, OrganizationSeed } from "../simulator";
import { SCPS, type Case, type Step } from "./case";
import { CALM, Director } from "./director";
import {
    claimsAreSeen,
    goneIsSaid,
    isAsDesired,
    outcomeIsTold,
    recoveryIsSeen,
    removableKinds,
    removalsAreTrue,
    requestsAreBounded,
    requestsOf,
    writeIsAllowed,
    type Window,
} from "./laws";
import {
    Killed,
    Stack,
    Violation,
    type Attending,
    type Declaration,
    type Operation,
    type Outcome,
} from "./stack";
import type { Stage, StagedRun, StageFor } from "./stage";
import { Witness, WRITES, type Holding } from "./witness";

/** What is worth counting. */
export interface Tally {
    cases: number;
    steps: number;
    requests: number;
    removals: number;
    killed: number;
    refused: number;
    mostRequests: Record<string, number>;
}

/** Throws a `Violation` where a law is broken. */
export async function play(plan: Case, stageFor: StageFor, tally?: Tally): Promise<void> {
    const stage = await stageFor(seedOf(plan));
    try {
        await new Player(plan, stage, tally).play();
    } finally {
        await stage.close();
    }
}

class Player {
    private readonly accountIds: string[];
    private readonly witness: Witness;
    private readonly director: Director;
    private readonly violations: Error[] = [];
    private readonly dropped = new Set<number>();
    private readonly generations = new Map<number, number>();
    private resources: Stack["resources"] = new Map();
    private untouchable = new Map<string, Holding>();
    private readonly operators = new Map<string, string>();
    private run: StagedRun | undefined;
    private said = "";
    private printed = "";
    /** Nothing goes wrong any more. */
    private calm = false;

    constructor(
        private readonly plan: Case,
        private readonly stage: Stage,
        private readonly tally: Tally | undefined,
    ) {
        const { organization } = stage;
        this.accountIds = plan.accounts.map((_, index) => accountId(index));
        this.witness = new Witness(organization);
        this.director = new Director(organization, this.witness, this.accountIds);
        organization.onlooker = this.director;
        organization.readLag.reads = plan.readLag;
        organization.iamPageSize = plan.pageSize;
        for (const flag of plan.omitted) organization.omittedSummaryKeys.add(flag);
        for (const { id } of organization.accounts()) {
            this.witness.holding(id);
            this.operators.set(id, JSON.stringify(organization.principals.userIn(id).credentials));
        }
    }

    async play(): Promise<void> {
        for (const step of this.plan.steps) await this.playStep(step);
        await this.playFinale();
        if (SECRETS.test(this.said)) throw new Violation("a secret is told");
        if (UNFIT_FOR_OUTPUT.test(this.printed)) throw new Violation("text from outside is printed as it is");
        if (this.tally) this.tally.cases++;
    }

    private async playStep(step: Step): Promise<Outcome> {
        for (const index of step.drops) if (this.plan.accounts[index]) this.dropped.add(index);
        for (const index of step.renames) this.generations.set(index, (this.generations.get(index) ?? 0) + 1);
        const before = new Map(this.resources);
        const from = this.witness.moments.length;
        this.prepare(step);
        const run = (this.run = await this.stage.startRun());
        const killed = new Promise<never>((_, reject) => {
            this.director.onEnd = () => reject(new Killed());
        });
        killed.catch(() => {});
        let outcome: Outcome;
        try {
            outcome = await Promise.race([this.command(step, run, killed, from), killed]);
        } catch (error) {
            if (!(error instanceof Killed)) throw error;
            outcome = { stopped: "killed", failures: [] };
            this.print(await run.kill());
            this.resources = step.end?.checkpoints ? new Map(this.resources) : before;
            if (this.tally) this.tally.killed++;
        } finally {
            this.director.onEnd = () => {};
        }
        if (outcome.stopped !== "killed") this.print(await run.end());
        this.stage.organization.id = HOME;
        this.lookAround();
        if (this.tally) {
            this.tally.steps++;
            this.tally.requests += this.witness.moments.length - from;
            this.tally.refused += outcome.failures.length + (outcome.stopped ? 1 : 0);
        }
        const [violation] = this.violations;
        if (violation) throw violation;
        return outcome;
    }

    private async command(
        step: Step,
        run: StagedRun,
        killed: Promise<never>,
        from: number,
    ): Promise<Outcome> {
        const started = new Map<string, number>();
        const attending: Attending = async (about, call) => {
            started.set(`${about.method} ${about.accountId}`, this.witness.moments.length);
            const answer = await Promise.race([inTime(about.method, call()), killed]);
            this.said += JSON.stringify(answer) ?? "";
            return answer;
        };
        const judge = (operation: Operation) => {
            const { method, accountId } = operation;
            const start = started.get(`${method} ${accountId}`) ?? from;
            this.judge(operation, step, this.window(start), this.window(from));
        };
        const stack = new Stack(run, attending, judge);
        // A preview stores nothing.
        stack.resources = step.command === "preview" ? new Map(this.resources) : this.resources;
        await stack.refresh();
        if (step.command === "destroy") return await stack.destroy();
        const discovered = await run.discover().then(
            (ids) => ids,
            (error: unknown) => String(error),
        );
        if (typeof discovered === "string") return { stopped: discovered, failures: [] };
        const declarations = this.declarations(discovered);
        if (declarations.size === 0) return { stopped: "there is nothing to declare", failures: [] };
        return stack.declare(declarations, step.command === "up");
    }

    private window(from: number): Window {
        return { from, moments: this.witness.moments.slice(from) };
    }

    private judge(operation: Operation, step: Step, own: Window, ofRun: Window): void {
        const { method, accountId, stored, failure } = operation;
        // An update may stand on what `read` saw in the same run.
        const window = method === "update" ? ofRun : own;
        try {
            if (failure) {
                this.print(failure.message);
                this.said += JSON.stringify(stored?.outputs ?? "");
            }
            if (stored) {
                claimsAreSeen(stored.outputs, window, this.witness.holdingsOf(accountId));
            }
            const exception = this.isException(accountId);
            const excused =
                this.isAcknowledged(accountId) && this.stage.organization.hasPolicyOfItsOwn(accountId);
            outcomeIsTold(operation, { exception, excused }, window);
            removalsAreTrue(operation, window, this.witness);
            goneIsSaid(operation, window);
            requestsAreBounded(operation, own, this.witness.holdingsOf(accountId));
            const wanted = step.command === "destroy" || this.isDropped(accountId);
            if (
                method === "delete" &&
                !failure &&
                wanted &&
                operation.before?.outputs.onDelete !== "retain"
            ) {
                recoveryIsSeen(operation, own);
            }
            if (this.tally) {
                const most = this.tally.mostRequests;
                most[method] = Math.max(most[method] ?? 0, requestsOf(accountId, own));
            }
        } catch (error) {
            this.violations.push(error as Error);
        }
    }

    /** What is to be left alone in this step is remembered as it is, and who may be written to is told to the director. */
    private prepare(step: Step): void {
        const { organization } = this.stage;
        const inScope = this.accountIds.filter((_, index) => this.plan.accounts[index]?.inScope);
        const declared = inScope.filter((id) => !this.isDropped(id));
        const stored = [...this.resources.values()];
        const isKnown = stored.length > 0 && stored.every(({ outputs }) => outputs.organizationId === HOME);
        const elsewhere = step.elsewhere && isKnown;
        organization.id = elsewhere ? "o-stranger01" : HOME;
        organization.omitsOrganizationId = step.omitsOrganizationId;
        const mayRecover = stored.filter(
            ({ accountId, outputs }) =>
                !elsewhere &&
                outputs.onDelete !== "retain" &&
                (step.command === "destroy" || this.isDropped(accountId)),
        );
        const writing = step.command === "up" && !elsewhere ? declared : [];
        const opened = writing.filter((id) => this.isException(id));
        const restored = step.command === "preview" ? [] : mayRecover.map(({ accountId }) => accountId);
        const allowed = {
            removals: new Map(writing.map((id) => [id, removableKinds(this.isException(id))])),
            recoveries: new Set([...restored, ...opened]),
        };
        const touchable = new Set(
            [...allowed.removals.keys(), ...allowed.recoveries].filter((id) => this.witness.isActive(id)),
        );
        this.untouchable = new Map();
        for (const id of [...this.accountIds, organization.managementAccountId]) {
            if (!touchable.has(id)) this.untouchable.set(id, this.witness.holding(id));
        }
        this.director.begin(step);
        this.director.aroundDeed = (id, act) => {
            this.lookAround();
            act();
            const held = this.witness.holding(id);
            if (this.untouchable.has(id)) this.untouchable.set(id, held);
        };
        this.director.onMoment = (moment) => {
            try {
                writeIsAllowed(moment, this.witness.moments, allowed, () => this.stage.record());
                if (this.tally && moment.carriedOut && /^(Delete|Deactivate)/.test(moment.action)) {
                    this.tally.removals++;
                }
            } catch (error) {
                this.violations.push(error as Error);
            }
        };
    }

    /** What is nobody's business but its owner's is as it was. */
    private lookAround(): void {
        const { organization } = this.stage;
        for (const [id, held] of this.untouchable) {
            if (!isDeepStrictEqual(this.witness.holding(id), held)) {
                this.violations.push(new Violation(`the root credentials of ${id} were touched`));
            }
        }
        for (const [id, credentials] of this.operators) {
            if (JSON.stringify(organization.principals.userIn(id).credentials) !== credentials) {
                this.violations.push(new Violation(`the credentials of an IAM user of ${id} were touched`));
            }
        }
    }

    /** Once nothing goes wrong any more, one `up` brings every account to its desired state, and another one does nothing. */
    private async playFinale(): Promise<void> {
        const { organization } = this.stage;
        organization.readLag.reads = 0;
        organization.omittedSummaryKeys.clear();
        organization.detachEveryPolicy();
        const active = this.accountIds.filter(
            (id, index) =>
                this.plan.accounts[index]?.inScope && !this.isDropped(id) && this.witness.isActive(id),
        );
        if (active.length === 0) return;
        this.calm = true;

        const first = await this.playStep(CALM);
        if (first.stopped || first.failures.length > 0) {
            throw new Violation(
                `nothing goes wrong any more, but up fails: ${first.stopped ?? first.failures.map(String).join("; ")}`,
            );
        }
        for (const id of active) {
            const held = this.witness.holding(id);
            const left = removableKinds(this.isException(id)).flatMap((kind) => held[kind]);
            if (left.length > 0) throw new Violation(`after a calm up, ${id} still holds ${left.join(", ")}`);
        }
        const stored = [...this.resources.values()];
        const other = stored.filter(
            ({ accountId: id, outputs }) => !isAsDesired(outputs, this.isException(id)),
        );
        if (other.length > 0) {
            const ids = other.map((resource) => resource.accountId);
            throw new Violation(`after a calm up, ${ids.join(", ")} is not stored as desired`);
        }

        const from = this.witness.moments.length;
        await this.playStep(CALM);
        const moments = this.witness.moments.slice(from);
        const writes = moments.filter(({ action }) => WRITES.test(action)).map(({ action }) => action);
        if (writes.length > 0) throw new Violation(`a second up writes: ${writes.join(", ")}`);
        for (const id of active) {
            const calls = moments.filter(({ about }) => about === id).map(({ action }) => action);
            const most = this.callsInACalmUp(id);
            if (calls.length > most) throw new Violation(`a second up asks about ${id}: ${calls.join(", ")}`);
        }
    }

    /** A clean account costs AssumeRoot and the summary, or AssumeRoot and the four lists; an open one is looked into. */
    private callsInACalmUp(id: string): number {
        const lists = 5;
        const fullAudit = this.plan.accounts[this.accountIds.indexOf(id)]?.fullAudit;
        if (this.isException(id)) return 2 + lists + this.witness.holding(id).mfaDevices.length;
        return fullAudit ? lists : 2;
    }

    /** All that the program discovers, beside what it leaves out on purpose. */
    private declarations(discovered: string[]): Map<string, Declaration> {
        const declared = discovered.flatMap((id) => {
            const index = this.accountIds.indexOf(id);
            const plan = this.plan.accounts[index];
            if (plan && (!plan.inScope || this.dropped.has(index))) return [];
            const name = `${id}-${this.generations.get(index) ?? 0}`;
            const declaration = {
                accountId: id,
                accountName: `account ${index} ${HOSTILE}`,
                onDelete: plan?.onDelete ?? "allow-recovery",
                ...(plan?.fullAudit && { audit: "full" }),
                ...(this.isException(id) && EXCEPTION),
                ...(this.isAcknowledged(id) && ACKNOWLEDGED),
            };
            return [[name, declaration] as const];
        });
        return new Map(declared);
    }

    private print(text: string): void {
        this.printed += text;
        this.said += text;
    }

    private isException(id: string): boolean {
        const exception = this.plan.accounts[this.accountIds.indexOf(id)]?.exception;
        return exception === "lasts" || (exception === "ends" && !this.calm);
    }

    private isAcknowledged(id: string): boolean {
        return (
            !this.isException(id) && Boolean(this.plan.accounts[this.accountIds.indexOf(id)]?.acknowledged)
        );
    }

    private isDropped(id: string): boolean {
        return this.dropped.has(this.accountIds.indexOf(id));
    }
}

const HOME = "o-simulated1";

/** What a member account can put into its name. */
const HOSTILE = "\u001b[2J\u202e<{%fg 1%}>";
// eslint-disable-next-line no-control-regex
const UNFIT_FOR_OUTPUT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]|<\{%/;

const EXCEPTION = { loginProfile: "present", until: "2099-01-01T00:00:00Z", reason: "a drill" };

const ACKNOWLEDGED = { acknowledged: { until: "2099-01-01T00:00:00Z", reason: HOSTILE } };

/** Real time, since time in the provider stands still. */
const LONGEST_CALL = 15_000;

async function inTime<T>(method: string, answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Violation(`${method} does not end`)), LONGEST_CALL);
    });
    try {
        return await Promise.race([answer, late]);
    } finally {
        clearTimeout(timer);
    }
}

function accountId(index: number): string {
    return String(index + 1).repeat(12);
}

export function seedOf({ accounts }: Case): OrganizationSeed {
    return {
        accounts: accounts.map((account, index): AccountSeed => {
            const { state, password, accessKeys, certificates, mfaDevices, scp } = account;
            return {
                id: accountId(index),
                name: `account ${index}`,
                state,
                root: {
                    ...(password && { password: {} }),
                    accessKeys: accessKeys.map((status) => ({ status })),
                    signingCertificates: Array.from({ length: certificates }, () => ({})),
                    mfaDevices: Array.from({ length: mfaDevices }, () => ({ kind: "hardware" as const })),
                },
                ...(scp && { scps: [SCPS[scp]] }),
            };
        }),
    };
}
