/** A denial as AWS words it; each service has a manner of its own. */
export function denialText(arn: string, action: string, resource: string, because: string): string {
    const [service = ""] = action.split(":");
    switch (service) {
        case "s3":
            return s3DenialText(arn, action, resource, because);
        case "sqs":
            return sqsDenialText(arn, action, resource, because);
        default:
            return inWords(arn, action, ` on resource: ${resource}`, because);
    }
}

/** S3 puts the resource in quotation marks, and names none where there is none in particular. */
function s3DenialText(arn: string, action: string, resource: string, because: string): string {
    return inWords(arn, action, resource === "*" ? "" : ` on resource: "${resource}"`, because);
}

/** SQS writes actions in lower case. */
function sqsDenialText(arn: string, action: string, resource: string, because: string): string {
    const name = action.toLowerCase();
    return inWords(arn, name, ` on resource: ${resource}`, because.replace(action, name));
}

function inWords(arn: string, action: string, on: string, because: string): string {
    return `User: ${arn} is not authorized to perform: ${action}${on} ${because}`.trimEnd();
}
