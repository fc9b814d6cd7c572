/**
 * How to find one write in CloudTrail.
 *
 * A root session has no name: what ties its calls to the `AssumeRoot` that opened it, and to the caller, is its access key id.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html
 */

export interface CloudTrailCheck {
    /** The event: `iam.amazonaws.com`, `DeleteAccessKey`. */
    eventSource: string;
    eventName: string;
    /** Where it was recorded; missing where the record of writes does not tell: of buckets. */
    region?: string;
    /** How long the event history of the account, which needs no trail, can be asked for it. */
    eventHistoryUntil: string;
    /** To be run in the member account. */
    inMemberAccount: string;
    /** To be run in the caller's account: who opened the session. */
    inCallerAccount: string;
    /** In Athena, on an organization's trail. */
    athena: string;
}

/** What of a write the search goes by. */
interface Wanted {
    accountId: string;
    action: string;
    id: string;
    operator: string;
    session: string;
    requestId?: string;
    attempted?: string;
    answered?: string;
}

const DAY = 86_400_000;
/** CloudTrail's event history reaches back that far. */
const EVENT_HISTORY_DAYS = 90;
/** Around the times in the record: clocks differ. */
const MARGIN = 3_600_000;

/** Where IAM's events are recorded, whatever the region of the account. */
const REGION_OF_IAM = "us-east-1";

export function cloudTrailCheckOf(wanted: Wanted): CloudTrailCheck {
    const { action, session } = wanted;
    const [service = "", eventName = ""] = action.split(":");
    const region = regionOf(service, wanted.id);
    const begun = Date.parse(wanted.attempted ?? wanted.answered ?? "");
    const ended = Date.parse(wanted.answered ?? wanted.attempted ?? "");
    const [from, to] = [new Date(begun - MARGIN), new Date(ended + MARGIN)].map((time) => time.toISOString());
    const lookup = (where: string, attribute: string, value: string) =>
        `aws cloudtrail lookup-events --region ${where} --start-time ${from} --end-time ${to} ` +
        `--lookup-attributes AttributeKey=${attribute},AttributeValue=${value}`;
    return {
        eventSource: `${service}.amazonaws.com`,
        eventName,
        ...(region !== undefined && { region }),
        eventHistoryUntil: new Date(ended + EVENT_HISTORY_DAYS * DAY).toISOString(),
        inMemberAccount: lookup(region ?? "REGION_OF_THE_BUCKET", "AccessKeyId", shell(session)),
        inCallerAccount:
            lookup("REGION_OF_STS", "EventName", "AssumeRoot") +
            ` --query ${shell(`Events[?contains(CloudTrailEvent, '${session}')].CloudTrailEvent`)}`,
        athena: athenaQuery([wanted]),
    };
}

/** Finds all of these writes, and who opened their sessions, in the trail of an organization. */
export function athenaQuery(writes: Pick<Wanted, "action" | "operator" | "session" | "requestId">[]): string {
    const valuesOf = (each: (write: (typeof writes)[number]) => string | undefined) =>
        [...new Set(writes.map(each).filter((value) => value !== undefined))].sort().map(sql).join(", ");
    const requests = writes.every(({ requestId }) => requestId !== undefined);
    const columns =
        "eventtime, recipientaccountid, awsregion, eventname, errorcode, requestid, useridentity.arn AS caller";
    const issued = "json_extract_scalar(responseelements, '$.credentials.accessKeyId')";
    return [
        `SELECT ${columns}, useridentity.accesskeyid AS session`,
        "FROM cloudtrail_logs",
        `WHERE useridentity.accesskeyid IN (${valuesOf(({ session }) => session)})`,
        ...(requests
            ? [`AND requestid IN (${valuesOf(({ requestId }) => requestId)})`]
            : [`AND eventname IN (${valuesOf(({ action }) => action.split(":")[1])})`]),
        "UNION ALL",
        `SELECT ${columns}, ${issued}`,
        "FROM cloudtrail_logs",
        `WHERE eventname = 'AssumeRoot' AND recipientaccountid IN (${valuesOf(({ operator }) => accountOf(operator))})`,
        `AND ${issued} IN (${valuesOf(({ session }) => session)})`,
        "ORDER BY session, eventtime",
    ].join("\n");
}

/** A queue's ARN names the region, a bucket's does not. */
function regionOf(service: string, id: string): string | undefined {
    if (service === "iam") return REGION_OF_IAM;
    const region = id.split(":")[3];
    return region === "" ? undefined : region;
}

function accountOf(arn: string): string {
    return arn.split(":")[4] ?? "";
}

/** A word for a POSIX shell. */
function shell(text: string): string {
    return /^[\w.:/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function sql(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}
