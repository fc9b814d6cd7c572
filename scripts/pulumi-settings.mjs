// What Pulumi is to be told where a stack has many accounts; docs/scale.md says what each is worth.

const MIB = 1024 * 1024;

/**
 * The variables to add to `environment`, none of which it has.
 *
 * @param totalMemory the machine's or the container's, in bytes
 * @param backend the URL of Pulumi's backend, if it is known
 * @param unlocks whether a stack declares policies of buckets or queues
 */
export function settings(environment, { totalMemory, backend, unlocks = false }) {
    const writesAtOnce = !backend || /^https?:/.test(backend);
    // What an unlocked policy replaces has to be in the state before (docs/unlock.md), or in the record.
    const mustNotWait = unlocks && !environment.ROOT_CREDENTIALS_RECORD_FILE;
    const wanted = {
        // Accounts in flight. By itself Pulumi takes four for each core; what AWS says is too fast is waited for, and not lost.
        PULUMI_PARALLEL: "256",
        // Nothing here uses the AWS plugin, several hundred megabytes, unless the foundation is on; then Pulumi fetches it when it is used.
        PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
        // A file or a bucket is written anew for every account otherwise. Pulumi Cloud keeps a journal.
        ...(!writesAtOnce && !mustNotWait && { PULUMI_SKIP_CHECKPOINTS: "true" }),
    };
    const missing = Object.entries(wanted).filter(([name]) => !environment[name]);
    return { ...Object.fromEntries(missing), ...memory(environment.NODE_OPTIONS ?? "", totalMemory) };
}

/** By itself a Node process takes a quarter of the memory, 4 GB at most, and then fails. Two are large: the program's and the provider's. */
function memory(options, totalMemory) {
    if (/--max[-_]old[-_]space[-_]size/.test(options)) return {};
    return {
        NODE_OPTIONS: `${options} --max-old-space-size=${Math.floor((totalMemory * 0.35) / MIB)}`.trim(),
    };
}
