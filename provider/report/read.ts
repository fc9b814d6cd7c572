/** Reads a report in JSON, and checks it by its schema, `schema/report.schema.json`. */
import { Ajv2020, type AnySchemaObject, type ErrorObject } from "ajv/dist/2020";
import { createRequire } from "node:module";
import { messageOf } from "../process/error-text";
import { SCHEMA } from "./formats/json";
import { reportOf, type Report } from "./model";
import { InvalidInput } from "./invalid-input";

const schema = createRequire(__filename)(
    "pulumi-aws-root-credentials/schema/report.schema.json",
) as AnySchemaObject;

/** Formats (date-time) are not checked, because a report with an odd time is still a report. */
const validate = new Ajv2020({ validateFormats: false }).compile(schema);

/**
 * @param name the file's name, or standard input
 * @throws InvalidInput if the text is no report of this version; the message names the place and what was expected there
 */
export function readReport(text: string, name: string): Report {
    const value = jsonIn(text, name);
    if (!validate(value))
        throw new InvalidInput(`${name}: ${EXPECTED}, and ${faultOf(value, validate.errors?.[0])}. ${HOW}`);
    const { $schema, ...report } = value as Report & { $schema: string };
    void $schema;
    // The totals follow from the accounts, whatever the file says.
    return reportOf(report);
}

const EXPECTED = "expected a report of this tool in JSON";
const HOW =
    "Write one with ROOT_CREDENTIALS_REPORT=report.json pulumi preview, or with root-credentials audit --output report.json";

function jsonIn(text: string, name: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        const because = messageOf(error);
        const found = text.trim() === "" ? "it is empty" : `it is no JSON document: ${because}`;
        throw new InvalidInput(`${name}: ${EXPECTED}, and ${found}. ${HOW}`, { cause: error });
    }
}

function faultOf(value: unknown, error: ErrorObject | undefined): string {
    const { $schema } = (value ?? {}) as { $schema?: unknown };
    if ($schema !== SCHEMA)
        return `its $schema is ${JSON.stringify($schema) ?? "missing"} and not "${SCHEMA}"`;
    const place = error?.instancePath ? ` at ${error.instancePath}` : "";
    return `this one does not match its schema${place}: it ${error?.message ?? "differs"}`;
}
