/** The provider's package as Pulumi finds it, and fresh copies of its modules: a copy is a process's memory. */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as index from "pulumi-aws-root-credentials";
import type * as lifecycle from "pulumi-aws-root-credentials/lifecycle";
import type * as accessKeyId from "../../../provider/access-key-id";
import type * as credentialKinds from "../../../provider/credential-kinds";
import type * as answers from "../../../provider/credential-kinds/answers";
import type * as earlyListing from "../../../provider/early-listing";
import type * as observe from "../../../provider/observe";
import type * as organization from "../../../provider/organization";
import type * as pace from "../../../provider/pace";
import type * as parallelism from "../../../provider/parallelism";
import type * as refusalFacts from "../../../provider/refusal-facts";
import type * as refusalRules from "../../../provider/refusal-rules";
import type * as refusals from "../../../provider/refusals";
import type * as controls from "../../../provider/report/controls";
import type * as evidence from "../../../provider/report/evidence";
import type * as csvReport from "../../../provider/report/formats/csv";
import type * as evidenceMarkdown from "../../../provider/report/formats/evidence-markdown";
import type * as htmlReport from "../../../provider/report/formats/html";
import type * as jsonReport from "../../../provider/report/formats/json";
import type * as markdownReport from "../../../provider/report/formats/markdown";
import type * as sarifReport from "../../../provider/report/formats/sarif";
import type * as reportModel from "../../../provider/report/model";
import type * as rootSession from "../../../provider/root-session";
import type * as sendingRate from "../../../provider/sending-rate";
import type * as runMemory from "../../../provider/this-run";
import type * as stub from "../../../provider/stub";
import type * as auditModule from "../../../provider/audit";
import type * as bucketPolicy from "../../../provider/bucket-policy";
import type * as policyBackup from "../../../provider/policy-backup";
import type * as queuePolicy from "../../../provider/queue-policy";
import type * as lockableKind from "../../../provider/unlock/kind";
import type * as queueUrl from "../../../provider/unlock/queue-url";
import type * as validatePolicy from "../../../provider/unlock/validate";
import type * as wrongAccount from "../../../provider/wrong-account";

export type { RootCredentialEvidence, RootCredentialOutputs } from "pulumi-aws-root-credentials";
export type { RootCredentialInputs } from "../../../provider/state";

export const PROJECT_ROOT = resolve(__dirname, "../../../..");

const loadFromHere = createRequire(__filename);
/** Where the package's modules are. */
export const MODULES = join(dirname(require.resolve("pulumi-aws-root-credentials/package.json")), "dist");

interface Modules {
    "access-key-id": typeof accessKeyId;
    audit: typeof auditModule;
    "bucket-policy": typeof bucketPolicy;
    index: typeof index;
    "credential-kinds/answers": typeof answers;
    "credential-kinds/index": typeof credentialKinds;
    "early-listing": typeof earlyListing;
    lifecycle: typeof lifecycle;
    observe: typeof observe;
    organization: typeof organization;
    pace: typeof pace;
    "policy-backup": typeof policyBackup;
    "queue-policy": typeof queuePolicy;
    parallelism: typeof parallelism;
    "refusal-facts": typeof refusalFacts;
    "refusal-rules": typeof refusalRules;
    refusals: typeof refusals;
    "report/controls": typeof controls;
    "report/evidence": typeof evidence;
    "report/formats/csv": typeof csvReport;
    "report/formats/evidence-markdown": typeof evidenceMarkdown;
    "report/formats/html": typeof htmlReport;
    "report/formats/json": typeof jsonReport;
    "report/formats/markdown": typeof markdownReport;
    "report/formats/sarif": typeof sarifReport;
    "report/model": typeof reportModel;
    "root-session": typeof rootSession;
    "sending-rate": typeof sendingRate;
    stub: typeof stub;
    "this-run": typeof runMemory;
    "unlock/kind": typeof lockableKind;
    "unlock/queue-url": typeof queueUrl;
    "unlock/validate": typeof validatePolicy;
    "wrong-account": typeof wrongAccount;
}

/** A module of the provider, as it was loaded first. */
export function providerModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    return loadFromHere(join(MODULES, name)) as Modules[Name];
}

/** A module of the provider that remembers nothing: it and all that it imports from the package is loaded anew. */
export function freshProviderModule<Name extends keyof Modules>(name: Name): Modules[Name] {
    for (const loaded of Object.keys(require.cache)) {
        if (loaded.startsWith(MODULES)) delete require.cache[loaded];
    }
    return providerModule(name);
}
