import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Bucket } from "../state/buckets";
import { canonicalUserOf } from "../state/identifiers";

const MOST_BUCKETS = 10_000;

/**
 * The buckets of whoever asks, in every region. Without any parameter S3 answers as it did before there were pages:
 * with all of them, and without their regions.
 */
export function listBuckets(call: Call): Answer {
    const { organization, principal, parameters } = call;
    const prefix = parameters.get("prefix");
    const region = requestedRegion(call);
    const fitting = organization.buckets
        .ownedBy(principal.accountId)
        .filter((bucket) => bucket.name.startsWith(prefix ?? ""))
        .filter((bucket) => region === undefined || bucket.region === region);

    const asBefore = parameters.size === 0;
    const after = requestedStart(call);
    const left = fitting.filter(({ name }) => name > after);
    const size = asBefore ? left.length : Math.min(organization.buckets.pageSize, requestedSize(call));
    const page = left.slice(0, size);
    const last = page.at(-1);
    return {
        Buckets: page.map((bucket) => bucketShown(bucket, !asBefore)),
        Owner: { ID: canonicalUserOf(principal.accountId) },
        ContinuationToken: last && page.length < left.length ? tokenAfter(last) : undefined,
        Prefix: prefix,
    };
}

function bucketShown({ name, region, created }: Bucket, withRegion: boolean): Answer {
    return {
        Name: name,
        CreationDate: created,
        BucketRegion: withRegion ? region : undefined,
    };
}

/** Only the region itself answers for its buckets alone. */
function requestedRegion({ parameters, region }: Call): string | undefined {
    const wanted = parameters.get("bucket-region");
    if (wanted === undefined || wanted === region) return wanted;
    throw invalidArgument(
        "bucket-region",
        "Requests with bucket-region specified must be made to the corresponding regional endpoint",
    );
}

function requestedSize({ parameters }: Call): number {
    const wanted = parameters.get("max-buckets") ?? String(MOST_BUCKETS);
    const size = /^\d+$/.test(wanted) ? Number(wanted) : 0;
    if (size >= 1 && size <= MOST_BUCKETS) return size;
    throw invalidArgument(
        "max-buckets",
        `Argument max-buckets must be an integer between 1 and ${MOST_BUCKETS}`,
    );
}

/** A token names the last bucket seen, so that one that goes between two pages hides no other. */
function tokenAfter({ name }: Bucket): string {
    return Buffer.from(`after ${name}`).toString("base64");
}

function requestedStart({ parameters }: Call): string {
    const token = parameters.get("continuation-token");
    if (token === undefined) return "";
    const [, name] = /^after (.+)$/.exec(Buffer.from(token, "base64").toString()) ?? [];
    if (name !== undefined) return name;
    throw invalidArgument("continuation-token", "The continuation token provided is incorrect");
}

function invalidArgument(ArgumentName: string, message: string): AwsError {
    return new AwsError("InvalidArgument", message, 400, { ArgumentName });
}
