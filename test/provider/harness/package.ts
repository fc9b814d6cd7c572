/** The provider's package as Pulumi finds it, and new copies of its modules. A copy has the memory of a new process. */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as index from "pulumi-aws-root-credentials";
import type * as lifecycle from "pulumi-aws-root-credentials/lifecycle";
import type * as accessKeyId from "../../../provider/aws/access-key-id";
import type * as credentialKinds from "../../../provider/credentials/kinds/index";
import type * as answers from "../../../provider/aws/responses";
import type * as earlyListing from "../../../provider/run/shared-listing";
import type * as observe from "../../../provider/credentials/observe";
import type * as listedAccount from "../../../provider/organization/listed-account";
import type * as membership from "../../../provider/organization/membership";
import type * as organization from "../../../provider/organization/member-accounts";
import type * as pace from "../../../provider/process/timeouts";
import type * as refusalFacts from "../../../provider/aws/errors/facts";
import type * as rules from "../../../provider/aws/errors/rules/index";
import type * as refusalRules from "../../../provider/aws/errors/rules/rule";
import type * as errorClasses from "../../../provider/aws/errors/error-classes";
import type * as refusals from "../../../provider/aws/errors/diagnose";
import type * as controls from "../../../provider/report/controls";
import type * as evidence from "../../../provider/report/evidence";
import type * as csvReport from "../../../provider/report/formats/csv";
import type * as evidenceMarkdown from "../../../provider/report/formats/evidence-markdown";
import type * as htmlReport from "../../../provider/report/formats/html";
import type * as jsonReport from "../../../provider/report/formats/json";
import type * as markdownReport from "../../../provider/report/formats/markdown";
import type * as sarifReport from "../../../provider/report/formats/sarif";
import type * as reportModel from "../../../provider/report/model";
import type * as rootSession from "../../../provider/aws/root-session";
import type * as sendingRate from "../../../provider/aws/rate-limiter";
import type * as stub from "../../../provider/resources/provider-references";
import type * as auditModule from "../../../provider/audit/audit-organization";
import type * as bucketPolicy from "../../../provider/lifecycle/bucket-policy";
import type * as policyBackup from "../../../provider/lifecycle/policy-backup";
import type * as queuePolicy from "../../../provider/lifecycle/queue-policy";
import type * as lockableKind from "../../../provider/resource-policies/kind";
import type * as clients from "../../../provider/aws/clients";
import type * as accounts from "../../../provider/run/accounts";
import type * as policies from "../../../provider/run/policies";
import type * as program from "../../../provider/run/program";
import type * as results from "../../../provider/run/results";
import type * as start from "../../../provider/run/join-run";
import type * as store from "../../../provider/run/store";
import type * as queueUrl from "../../../provider/resource-policies/queue-url";
import type * as validatePolicy from "../../../provider/resource-policies/validate";

export type { RootCredentialEvidence, RootCredentialOutputs } from "pulumi-aws-root-credentials";
export type { RootCredentialInputs } from "../../../provider/credentials/state";

export const PROJECT_ROOT = resolve(__dirname, "../../../..");

const loadFromHere = createRequire(__filename);
/** The folder of the package's modules. */
export const MODULES = join(dirname(require.resolve("pulumi-aws-root-credentials/package.json")), "dist");

interface Modules {
    "aws/clients": typeof clients;
    "aws/errors/error-classes": typeof errorClasses;
    "run/accounts": typeof accounts;
    "run/policies": typeof policies;
    "run/program": typeof program;
    "run/results": typeof results;
    "run/join-run": typeof start;
    "run/store": typeof store;
    "aws/access-key-id": typeof accessKeyId;
    "audit/audit-organization": typeof auditModule;
    "lifecycle/bucket-policy": typeof bucketPolicy;
    index: typeof index;
    "aws/responses": typeof answers;
    "credentials/kinds/index": typeof credentialKinds;
    "run/shared-listing": typeof earlyListing;
    "lifecycle/root-credentials": typeof lifecycle;
    "credentials/observe": typeof observe;
    "organization/listed-account": typeof listedAccount;
    "organization/membership": typeof membership;
    "organization/member-accounts": typeof organization;
    "process/timeouts": typeof pace;
    "lifecycle/policy-backup": typeof policyBackup;
    "lifecycle/queue-policy": typeof queuePolicy;
    "aws/errors/facts": typeof refusalFacts;
    "aws/errors/rules/index": typeof rules;
    "aws/errors/rules/rule": typeof refusalRules;
    "aws/errors/diagnose": typeof refusals;
    "report/controls": typeof controls;
    "report/evidence": typeof evidence;
    "report/formats/csv": typeof csvReport;
    "report/formats/evidence-markdown": typeof evidenceMarkdown;
    "report/formats/html": typeof htmlReport;
    "report/formats/json": typeof jsonReport;
    "report/formats/markdown": typeof markdownReport;
    "report/formats/sarif": typeof sarifReport;
    "report/model": typeof reportModel;
    "aws/root-session": typeof rootSession;
    "aws/rate-limiter": typeof sendingRate;
    "resources/provider-references": typeof stub;
    "resource-policies/kind": typeof lockableKind;
    "resource-policies/queue-url": typeof queueUrl;
    "resource-policies/validate": typeof validatePolicy;
}

/** A module of the provider, loaded once for all tests. */
export function providerModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    return loadFromHere(join(MODULES, name)) as Modules[Name];
}

/** A new copy of a module of the provider and of all modules of the package that it imports. */
export function freshProviderModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    for (const loaded of Object.keys(require.cache)) {
        if (loaded.startsWith(MODULES)) delete require.cache[loaded];
    }
    return providerModule(name);
}

/** The run's registries in the modules that were loaded last, once they have joined the run. */
export async function joinedRun() {
    providerModule("run/join-run").joinRun();
    const run = {
        store: providerModule("run/store").storeOfRun(),
        accounts: providerModule("run/accounts").accountsOfRun(),
        policies: providerModule("run/policies").policiesOfRun(),
        program: providerModule("run/program").programOfRun(),
        results: providerModule("run/results").resultsOfRun(),
        listing: providerModule("run/shared-listing").listingOfRun(),
    };
    await run.store.isReady;
    return run;
}
