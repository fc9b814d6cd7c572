/** What `root-credentials --help` prints. */
import type { Format } from "../report/formats";

const GENERAL = `root-credentials: what an AWS organization's root users hold, for people and for pipelines.

  root-credentials audit  [options]                    looks at every account now, without a Pulumi stack; changes nothing
  root-credentials report [options] REPORT.json...     converts and merges reports, and adds the records of writes

  root-credentials help audit, root-credentials help report, root-credentials --version`;

const outputs = (
    usual: Format,
) => `  --format FORMAT   text, markdown, html, json, sarif or csv; on standard output ${usual} is the default
  --output FILE     a file instead of standard output; its ending tells the format (.txt .md .html .json .sarif .csv).
                    May be given several times. A file that is new may be read by its owner alone`;

const COLOURS = `On a terminal, text has colours unless NO_COLOR is set, and the width of the terminal. FORCE_COLOR asks for colours elsewhere.`;

const AUDIT = `Looks at the root user of every active member account of the organization and reports what it holds. Only looks.

  root-credentials audit [--account ID]... [--unit UNIT]... [--full] [--format FORMAT] [--output FILE]...

  --account ID      only this account; may be given several times
  --unit UNIT       only accounts in or below this unit, by id or by path of names (Workloads/Prod); several times too.
                    With --account as well: the accounts of these units, and those accounts wherever they are
  --full            asks every account for all lists (5 calls), and does not rely on its summary (2 calls)
${outputs("text")}

${COLOURS}

Credentials and region come from where every AWS tool has them: the environment, or AWS_PROFILE. It needs what
docs/policies/drift.json allows, and signs in to each account as root by sts:AssumeRoot: alarms on root activity see it.

Exit codes: 0 every account was inspected and is clean; 7 root credentials were found; 1 something could not be inspected;
2 the command was called wrongly.`;

const REPORT = `Converts a report from JSON to another format, and merges the reports of several stacks and organizations.
A run writes its report in JSON with ROOT_CREDENTIALS_REPORT=report.json, an audit with --output report.json.

  root-credentials report [--evidence FILE]... [--format FORMAT] [--output FILE]... [--exit-code] [REPORT.json | -]...

${outputs("markdown")}
  --evidence FILE   a record of writes: the file that pulumi up appends to (ROOT_CREDENTIALS_RECORD_FILE). May be given
                    several times. Without a report, the output has only the record
  --exit-code       ends as audit does: 0 clean, 7 something to do, 1 something that could not be inspected. That speaks of
                    accounts and of bucket and queue policies. Of other changes of the stack the exit code of
                    pulumi preview --expect-no-changes tells

Exit codes without --exit-code: 0 the report was written; 1 it was not; 2 the command was called wrongly.`;

export function usage(of?: string): string {
    return of === "audit" ? AUDIT : of === "report" ? REPORT : GENERAL;
}
