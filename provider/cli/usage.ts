/** The texts of `root-credentials --help`. */
import type { Format } from "../report/formats";

const GENERAL = `root-credentials: reports the root credentials in the accounts of an AWS organization.

  root-credentials audit  [options]                    inspects every account now, without a Pulumi stack; changes nothing
  root-credentials report [options] REPORT.json...     converts and merges reports, and adds the records of writes

  root-credentials help audit, root-credentials help report, root-credentials --version`;

const outputs = (
    usual: Format,
) => `  --format FORMAT   text, markdown, html, json, sarif or csv; the default on standard output is ${usual}
  --output FILE     writes to a file instead of standard output. Its ending sets the format (.txt .md .html .json .sarif .csv).
                    May be given several times. Only its owner may read a new file`;

const COLOURS = `On a terminal, text has the width of the terminal, and colours unless NO_COLOR is set. FORCE_COLOR sets colours elsewhere.`;

const AUDIT = `Inspects every active member account of the organization and reports the credentials of its root user. Changes nothing.

  root-credentials audit [--account ID]... [--unit UNIT]... [--full] [--format FORMAT] [--output FILE]...

  --account ID      only this account; may be given several times
  --unit UNIT       only accounts in or below this unit, by id or by path of names (Workloads/Prod); may be given several times.
                    --account adds accounts outside these units
  --full            calls all lists of every account (5 calls) instead of its summary first (2 calls)
${outputs("text")}

${COLOURS}

Credentials and region come from the environment or AWS_PROFILE, as in every AWS tool. They need the permissions of
docs/policies/drift.json. The audit opens a root session in each account by sts:AssumeRoot, so alarms on root activity see it.

Exit codes: 0 every account was inspected and is clean; 7 root credentials were found; 1 something could not be
inspected; 2 the command line is wrong.`;

const REPORT = `Converts a report from JSON to another format, and merges the reports of several stacks and organizations.
A run writes its report in JSON with ROOT_CREDENTIALS_REPORT=report.json, an audit with --output report.json.

  root-credentials report [--evidence FILE]... [--format FORMAT] [--output FILE]... [--exit-code] [REPORT.json | -]...

${outputs("markdown")}
  --evidence FILE   a record of writes: the file that pulumi up appends to (ROOT_CREDENTIALS_RECORD_FILE). May be given
                    several times. Without a report, the output has only the record
  --exit-code       ends as audit does: 0 clean, 7 something to do, 1 something that could not be inspected. The code is about
                    accounts and about bucket and queue policies. For other changes of the stack, use the exit code of
                    pulumi preview --expect-no-changes

Exit codes without --exit-code: 0 the report was written; 1 it was not written; 2 the command line is wrong.`;

export function usage(of?: string): string {
    return of === "audit" ? AUDIT : of === "report" ? REPORT : GENERAL;
}
