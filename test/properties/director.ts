/** Lets happen what a case has planned for a step: faults, other people's deeds, the end of the run. */
import {
    accessDenied,
    answerHangs,
    answerLost,
    connectionReset,
    doubledFlags,
    doubledMember,
    emptyBody,
    emptyFlags,
    emptyPage,
    expiredToken,
    hang,
    htmlBody,
    missingResult,
    paddedList,
    refusal,
    renamedMembers,
    serverError,
    summaryWithoutQuotas,
    throttled,
    truncatedBody,
    wrongAccount,
    type Fault,
    type LoggedRequest,
    type Onlooker,
    type Organization,
} from "../simulator";
import type { Call } from "../simulator/call";
import type { Exchange } from "../simulator/exchange";
import { SCPS, type Deed, type Step, type Trouble } from "./case";
import type { Moment, Witness } from "./witness";

export class Director implements Onlooker {
    private step: Step = CALM;
    private calls = 0;
    private readonly callsAbout = new Map<string, number>();
    private readonly met = new Map<Trouble, number>();
    private deeds = 0;
    private over = false;
    /** Called when the run is to end at once. */
    onEnd: () => void = () => {};
    /** Called around a deed, so that it is not taken for the provider's. */
    aroundDeed: (accountId: string, act: () => void) => void = (_, act) => act();
    /** Called after each call. */
    onMoment: (moment: Moment) => void = () => {};

    constructor(
        private readonly organization: Organization,
        private readonly witness: Witness,
        private readonly accountIds: readonly string[],
    ) {}

    begin(step: Step): void {
        this.step = step;
        this.calls = 0;
        this.callsAbout.clear();
        this.met.clear();
        this.over = false;
    }

    arrives(call: Call, accountId: string): Fault | undefined {
        this.calls++;
        const about = (this.callsAbout.get(accountId) ?? 0) + 1;
        this.callsAbout.set(accountId, about);
        for (const { account, after, deed } of this.step.meanwhile) {
            if (after + 1 === about && this.accountIds[account] === accountId) this.does(deed, accountId);
        }
        if (this.over) return hang();
        if (this.step.end && this.calls >= this.step.end.at) {
            this.over = true;
            this.onEnd();
            return this.step.end.carriedOut ? answerHangs() : hang();
        }
        return this.troubleWith(call, accountId);
    }

    leaves(entry: LoggedRequest, exchange: Exchange): void {
        this.onMoment(this.witness.sees(entry, exchange));
    }

    private troubleWith(made: Call, accountId: string): Fault | undefined {
        let worst: Fault | undefined;
        for (const trouble of this.step.troubles) {
            const { account, call, after, times, fault } = trouble;
            if (call !== "*" && call !== made.action) continue;
            if (account !== undefined && this.accountIds[account] !== accountId) continue;
            const fit = this.make(fault, made, accountId);
            if (!fit) continue;
            const met = (this.met.get(trouble) ?? 0) + 1;
            this.met.set(trouble, met);
            if (met > after && met <= after + times) worst ??= fit;
        }
        return worst;
    }

    private make(fault: Trouble["fault"], call: Call, accountId: string): Fault | undefined {
        if (fault === "wrongAccount") {
            const other = this.accountIds.find((id) => id !== accountId && this.organization.find(id));
            return call.action === "AssumeRoot" && other ? wrongAccount(other) : undefined;
        }
        return MEETS[fault]?.test(call.action) === false ? undefined : MAKERS[fault](call);
    }

    private does(deed: Deed, accountId: string): void {
        const account = this.organization.find(accountId);
        if (!account) return;
        const id = String(++this.deeds).padStart(8, "0");
        const created = this.organization.clock.now();
        const acts: Record<Deed, () => void> = {
            password: () => this.organization.setRootPassword(accountId),
            accessKey: () => void this.organization.createRootAccessKey(accountId),
            certificate: () =>
                account.root.signingCertificates.push({
                    id: `NEWCERTIFICATE${id}`,
                    status: "Active",
                    created,
                }),
            mfaDevice: () => account.root.mfaDevices.push({ serial: `NEWDEVICE${id}`, enabled: created }),
            leaves: () => this.organization.leave(accountId),
            suspended: () => this.organization.setState(accountId, "SUSPENDED"),
            scp: () => void this.organization.attachScp(accountId, SCPS.everything),
        };
        this.aroundDeed(accountId, acts[deed]);
    }
}

/** Nothing goes wrong. */
export const CALM: Step = {
    command: "up",
    drops: [],
    renames: [],
    troubles: [],
    meanwhile: [],
    end: undefined,
    elsewhere: false,
    omitsOrganizationId: false,
};

/** The calls that a fault may meet; any, where nothing is said. It would leave the answers of others as they are. */
const MEETS: Partial<Record<Trouble["fault"], RegExp>> = {
    unfinishedList: /^List(AccessKeys|SigningCertificates|MFADevices)$/,
    paddedList: /^List(AccessKeys|SigningCertificates|MFADevices)$/,
    doubledMember: /^List(AccessKeys|SigningCertificates|MFADevices)$/,
    renamedMembers: /^List(AccessKeys|SigningCertificates|MFADevices)$/,
    emptyFlags: /^GetAccountSummary$/,
    doubledFlags: /^GetAccountSummary$/,
    withoutQuotas: /^GetAccountSummary$/,
    falseAbsence: /LoginProfile$|^Delete|^Deactivate/,
    falselyGone: /^(AssumeRoot|DescribeAccount)$/,
};

const MAKERS: Record<Exclude<Trouble["fault"], "wrongAccount">, (call: Call) => Fault> = {
    throttled,
    serverError: () => serverError(),
    unavailable: () => serverError(503),
    accessDenied: () => accessDenied(),
    expiredToken,
    busy: () =>
        refusal(
            "EntityTemporarilyUnmodifiable",
            "The entity is being modified by another request. Try again later.",
            409,
        ),
    emptyBody,
    missingResult,
    truncatedBody,
    htmlBody,
    connectionReset,
    answerLost,
    hang,
    unfinishedList: () => emptyPage({ isTruncated: "true" }),
    paddedList,
    doubledMember,
    renamedMembers,
    emptyFlags,
    doubledFlags,
    withoutQuotas: summaryWithoutQuotas,
    falseAbsence: () => refusal("NoSuchEntity", "It cannot be found.", 500),
    // The provider asks where an account stands once it may not enter it.
    falselyGone: ({ action }) =>
        action === "AssumeRoot"
            ? accessDenied()
            : refusal("AccountNotFoundException", "It cannot be found.", 500),
};
