/**
 * `npm run demo`: seven commands against a simulated organization.
 *
 * Each command runs as a user would type it. Then the demo checks the exit code and the credentials in the simulated AWS,
 * because the tool's own output is no proof.
 */
import { isDeepStrictEqual } from "node:util";
import { Interruption } from "./demo/interruption";
import { inventory, several, sorted, whose } from "./demo/inventory";
import { Screen } from "./demo/screen";
import { DemoEnvironment } from "./demo/environment";
import { ORGANIZATION, REPORT, STEPS, type Step } from "./demo/steps";

class UnexpectedResult extends Error {}

const interruption = new Interruption();
const screen = new Screen(interruption);

async function demo(): Promise<void> {
    let report: string;
    const environment = await DemoEnvironment.create(ORGANIZATION, interruption);
    try {
        await introduce(environment);
        for (const [index, step] of STEPS.entries()) {
            screen.heading(`${index + 1} of ${STEPS.length} · ${step.title}`);
            await runStep(step, environment);
        }
        checkUntouched(environment);
        report = environment.copyOut(REPORT);
    } finally {
        await environment.clear();
    }
    screen.heading("On a real organization");
    screen.text(REAL_ORGANIZATION);
    screen.heading("The report of the audit");
    screen.text("The organization as a tree, for a browser. It needs nothing else:");
    screen.blank();
    screen.path(report);
}

async function introduce(environment: DemoEnvironment): Promise<void> {
    screen.text(INTRODUCTION);
    screen.blank();
    screen.says(`The simulated AWS holds ${inventory(environment.before, environment.organization)}`);
    screen.blank();
    screen.text("In the shell of this demo:");
    screen.blank();
    for (const { because, lines } of environment.exports()) {
        screen.comment(because);
        for (const line of lines) screen.command(line);
    }
    screen.blank();
    await run("pulumi stack init demo", environment, 0);
}

async function runStep(
    { reads, command, exitCode, meaning, left, meanwhile }: Step,
    environment: DemoEnvironment,
) {
    const { organization } = environment;
    const earlier = sorted(organization.rootCredentialsLeft());
    if (meanwhile) {
        screen.text(`Meanwhile: ${meanwhile(organization)}`);
        screen.blank();
    }
    for (const line of reads) screen.text(line);
    screen.blank();

    await run(command, environment, exitCode);
    screen.blank();
    screen.text(`exit code ${exitCode}: ${meaning}`);

    const found = sorted(organization.rootCredentialsLeft());
    const same = isDeepStrictEqual(found, earlier);
    screen.says(
        same
            ? `The simulated AWS holds the same as before: ${several(found.length, "root credential")}.`
            : `The simulated AWS now holds ${inventory(found, organization)}`,
    );
    const expected = sorted(left(environment.before, organization));
    if (!isDeepStrictEqual(found, expected)) {
        throw new UnexpectedResult(`expected in the simulated AWS ${inventory(expected, organization)}`);
    }
}

async function run(command: string, environment: DemoEnvironment, expected: number): Promise<void> {
    screen.command(`npx ${command}`);
    screen.blank();
    const exitCode = await environment.run(command);
    if (exitCode !== expected) {
        throw new UnexpectedResult(`expected exit code ${expected} of ${command}, got ${exitCode}`);
    }
}

function checkUntouched(environment: DemoEnvironment): void {
    const touched = environment.touchedOutOfScope();
    if (touched.length > 0) {
        throw new UnexpectedResult(
            `expected untouched: ${touched.map((id) => whose(id, environment.organization)).join(", ")}`,
        );
    }
    screen.blank();
    screen.says(
        "The simulated AWS confirms that these never changed: the management account's root user, " +
            "the suspended account, and every IAM user's own keys and password.",
    );
}

const INTRODUCTION = [
    "This program keeps every member account of an AWS organization free of root credentials: the passwords, access " +
        "keys, signing certificates and MFA devices of root users. You will see it run against a simulated AWS on this " +
        "machine. It takes about a minute, needs no AWS account and leaves nothing behind but a report.",
    "",
    "Below, $ marks a command as you would type it. Its output follows, whole and as the command " +
        "prints it. The lines about exit codes and about the simulated AWS are the demo's own.",
].join("\n");

const REAL_ORGANIZATION = `\
Once, in the management account, let IAM manage root credentials centrally:

  $ aws organizations enable-aws-service-access --service-principal iam.amazonaws.com
  $ aws iam enable-organizations-root-credentials-management

Then, signed in to the management account or to the delegated administrator for IAM:

  $ export AWS_PROFILE=<profile> AWS_REGION=us-east-1   # any region in which your accounts may use STS
  $ npx root-credentials audit --output report.html     # read-only; needs no stack
  $ npx pulumi login <where Pulumi keeps its state, such as s3://my-bucket>
  $ npx pulumi stack init production
  $ npx pulumi preview --expect-no-changes              # read-only; exit code 7 means drift
  $ npx pulumi up                                       # asks before it removes anything

\`up\` removes credentials for good. Pulumi can only allow the owner of the root user's mailbox to recover the password again: for an account that leaves this program, and for all accounts on \`npx pulumi destroy\`.
To try this without AWS: npm run simulator.`;

demo()
    .catch((error: unknown) => {
        if (interruption.cause) {
            screen.complaint("Stopped. Nothing is left behind.");
            process.exitCode = interruption.exitCode;
            return;
        }
        process.exitCode = 1;
        if (error instanceof UnexpectedResult) screen.complaint(`The demo failed: ${error.message}`);
        else throw error;
    })
    .finally(() => interruption.stopListening());
