import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Queue } from "../state/queues";

const MOST_RESULTS = 1000;

/** The queues of whoever asks, in one region. There is a next page only for those who ask for pages with `MaxResults`. */
export function listQueues(call: Call): Answer {
    const { organization, principal, parameters, region } = call;
    const prefix = parameters.get("QueueNamePrefix") ?? "";
    const after = requestedStart(call);
    const left = organization.queues
        .ownedBy(principal.accountId, region)
        .filter(({ name }) => name.startsWith(prefix) && name > after);

    const page = left.slice(0, Math.min(organization.queues.pageSize, requestedResults(call)));
    const last = page.at(-1);
    const more = last && page.length < left.length && parameters.has("MaxResults");
    return {
        QueueUrls: page.length > 0 ? page.map(({ url }) => url) : undefined,
        NextToken: more ? tokenAfter(last) : undefined,
    };
}

function requestedResults({ parameters }: Call): number {
    const wanted = parameters.get("MaxResults") ?? String(MOST_RESULTS);
    const results = /^\d+$/.test(wanted) ? Number(wanted) : 0;
    if (results >= 1 && results <= MOST_RESULTS) return results;
    throw new AwsError(
        "InvalidParameterValue",
        `Value ${wanted} for parameter MaxResults is invalid. Reason: Must be between 1 and ${MOST_RESULTS}, if provided.`,
    );
}

/** A token names the last queue seen, so that one that goes between two pages hides no other. */
function tokenAfter({ name }: Queue): string {
    return Buffer.from(`after ${name}`).toString("base64");
}

function requestedStart({ parameters }: Call): string {
    const token = parameters.get("NextToken");
    if (token === undefined) return "";
    const [, name] = /^after (.+)$/.exec(Buffer.from(token, "base64").toString()) ?? [];
    if (name !== undefined) return name;
    throw new AwsError("InvalidParameterValue", "Invalid or expired next token.");
}
