/**
 * Searches that find a write in CloudTrail.
 *
 * A root session has no name. Its access key id ties its calls to the `AssumeRoot` that opened it, and so to the caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html
 */

export interface CloudTrailCheck {
    /** The event: `iam.amazonaws.com`, `DeleteAccessKey`. */
    eventSource: string;
    eventName: string;
    /** The region of the event. Missing for a bucket, because the record of writes does not have its region. */
    region?: string;
    /** The end of the time in which the account's event history has it. The event history needs no trail. */
    eventHistoryUntil: string;
    /** A command for the member account. */
    inMemberAccount: string;
    /** A command for the caller's account. It finds who opened the session. */
    inCallerAccount: string;
    /** A query in Athena on an organization's trail. */
    athena: string;
}

/** The facts about a write that a search needs. */
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
/** The event history of CloudTrail reaches back so many days. */
const EVENT_HISTORY_DAYS = 90;
/** Added before and after the times in the record, because clocks differ and a root session opens up to 10 minutes before a write. */
const MARGIN = 3_600_000;

/** IAM records its events in this region for every account. */
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
 * Finds all given writes, and who opened their sessions, in the trail of an organization.
 *
 * The request id is a column and no condition, because the record has only that of the last attempt. AWS may have carried out an
 * earlier attempt whose answer was lost.
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

/** The time from before the first write to after the last one. */
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

/** The ARN of a queue names the region, that of a bucket does not. */
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

/** A text in a `--query` of the AWS CLI. */
function jmesPath(text: string): string {
    return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function sql(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
}
