/** A refusal in AWS's own words. `code` is what goes over the wire: IAM's classic codes lack "Exception". */
export class AwsError extends Error {
    constructor(
        readonly code: string,
        message: string,
        readonly status = 400,
        /** Further members of a modelled error, such as the `Reason` of an InvalidInputException. */
        readonly members: Readonly<Record<string, string>> = {},
        /** What comes with it beside the body, such as S3's `x-amz-bucket-region`. */
        readonly headers: Readonly<Record<string, string>> = {},
    ) {
        super(message);
        this.name = code;
    }
}

/** What a constraint of the API's model says when a parameter breaks it. */
export function validationError(problem: string): AwsError {
    return new AwsError("ValidationError", problem);
}

/** The wording AWS's validators share for one bad parameter. */
export function constraintBroken(value: string | undefined, parameter: string, constraint: string): AwsError {
    const shown = value === undefined ? "null" : `'${value}'`;
    return validationError(
        `1 validation error detected: Value ${shown} at '${parameter}' failed to satisfy constraint: ${constraint}`,
    );
}
