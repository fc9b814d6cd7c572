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
    attempted?: string;
    answered?: string;
}

const DAY = 86_400_000;
/** CloudTrail's event history reaches back that far. */
const EVENT_HISTORY_DAYS = 90;
/** Around the times in the record: clocks differ, and a root session is opened up to 15 minutes before it writes. */
const MARGIN = 3_600_000;

/** Where IAM's events are recorded, whatever the region of the account. */
const REGION_OF_IAM = "us-east-1";

export function cloudTrailCheckOf(wanted: Wanted): CloudTrailCheck {
    const { action, session } = wanted;
    const [service = "", eventName = ""] = action.split(":");
    const region = regionOf(service, wanted.id);
    const [from, to] = spanOf([wanted]);
    const lookup = (where: string, attribute: string, value: string) =>
        `aws cloudtrail lookup-events --region ${shell(where)} --start-time ${shell(from)} --end-time ${shell(to)} ` +
        `--lookup-attributes ${shell(`AttributeKey=${attribute},AttributeValue=${value}`)}`;
    const opened = `Events[?contains(CloudTrailEvent, ${jmesPath(session)})].CloudTrailEvent`;
    return {
        eventSource: `${service}.amazonaws.com`,
        eventName,
        ...(region !== undefined && { region }),
        eventHistoryUntil: new Date(endOf(wanted) + EVENT_HISTORY_DAYS * DAY).toISOString(),
        inMemberAccount: lookup(region ?? unknownRegionOf(service), "AccessKeyId", session),
        inCallerAccount: `${lookup("REGION_OF_STS", "EventName", "AssumeRoot")} --query ${shell(opened)}`,
        athena: athenaQuery([wanted]),
    };
}

/**
 * Finds all of these writes, and who opened their sessions, in the trail of an organization.
 *
 * The request id is a column and no condition. The record knows that of the last attempt only: an earlier one, whose answer was
 * lost, may be the one that AWS carried out.
 */
export function athenaQuery(writes: Omit<Wanted, "accountId" | "id">[]): string {
    const valuesOf = (each: (write: (typeof writes)[number]) => string | undefined) =>
        [...new Set(writes.map(each).filter((value) => value !== undefined))].sort().map(sql).join(", ");
    const columns =
        "eventtime, recipientaccountid, awsregion, eventname, errorcode, requestid, requestparameters, useridentity.arn AS caller";
    const issued = "json_extract_scalar(responseelements, '$.credentials.accessKeyId')";
    const [from, to] = spanOf(writes).map((time) => sql(time.replace(/\.\d+Z$/, "Z")));
    const meanwhile = `AND eventtime BETWEEN ${from} AND ${to}`;
    return [
        `SELECT ${columns}, useridentity.accesskeyid AS session`,
        "FROM cloudtrail_logs",
        `WHERE useridentity.accesskeyid IN (${valuesOf(({ session }) => session)})`,
        `AND eventname IN (${valuesOf(({ action }) => action.split(":")[1])})`,
        meanwhile,
        "UNION ALL",
        `SELECT ${columns}, ${issued}`,
        "FROM cloudtrail_logs",
        `WHERE eventname = 'AssumeRoot' AND recipientaccountid IN (${valuesOf(({ operator }) => accountOf(operator))})`,
        `AND ${issued} IN (${valuesOf(({ session }) => session)})`,
        meanwhile,
        "ORDER BY session, eventtime",
    ].join("\n");
}

/** From before the first to after the last of these writes. */
function spanOf(writes: Pick<Wanted, "attempted" | "answered">[]): [string, string] {
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const write of writes) {
        first = Math.min(first, beginOf(write), endOf(write));
        last = Math.max(last, beginOf(write), endOf(write));
    }
    return [new Date(first - MARGIN).toISOString(), new Date(last + MARGIN).toISOString()];
}

function beginOf({ attempted, answered }: Pick<Wanted, "attempted" | "answered">): number {
    return Date.parse(attempted ?? answered ?? "");
}

function endOf({ attempted, answered }: Pick<Wanted, "attempted" | "answered">): number {
    return Date.parse(answered ?? attempted ?? "");
}

/** A queue's ARN names the region, a bucket's does not. */
function regionOf(service: string, id: string): string | undefined {
    if (service === "iam") return REGION_OF_IAM;
    const region = id.split(":")[3] ?? "";
    return /^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? region : undefined;
}

function unknownRegionOf(service: string): string {
    return service === "sqs" ? "REGION_OF_THE_QUEUE" : "REGION_OF_THE_BUCKET";
}

function accountOf(arn: string): string {
    return arn.split(":")[4] ?? "";
}

/** A word for a POSIX shell. */
function shell(text: string): string {
    return /^[\w.:/@+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A text in a query of the AWS CLI. */
function jmesPath(text: string): string {
    return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function sql(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}
