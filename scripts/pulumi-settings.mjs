// Environment variables for stacks with many accounts. docs/scale.md has the effect of each.

const MIB = 1024 * 1024;

/**
 * Returns the variables to add or replace in `environment`.
 *
 * @param totalMemory the machine's or the container's, in bytes
 * @param backend the URL of Pulumi's backend, if it is known
 * @param unlocks whether a stack declares policies of buckets or queues
 */
export function settings(environment, { totalMemory, backend, unlocks = false }) {
    const writesAtOnce = !backend || /^https?:/.test(backend);
    // The old policy must be in the state or in the record of writes before `unlock` replaces it (docs/unlock.md).
    const mustNotWait = unlocks && !environment.ROOT_CREDENTIALS_RECORD_FILE;
    const wanted = {
        // Accounts at a time. Pulumi's default is four for each core. Throttled calls are repeated, and none is lost.
        PULUMI_PARALLEL: "256",
        // Only the foundation uses the AWS plugin, which has several hundred megabytes. Pulumi fetches it at its first use.
        PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
        // Otherwise the whole state is written to a file or bucket for every account. Pulumi Cloud keeps a journal.
        ...(!writesAtOnce && !mustNotWait && { PULUMI_SKIP_CHECKPOINTS: "true" }),
    };
    const missing = Object.entries(wanted).filter(([name]) => !environment[name]);
    return { ...Object.fromEntries(missing), ...memory(environment.NODE_OPTIONS ?? "", totalMemory) };
}

/** By default a Node process fails above a quarter of the memory, or 4 GB. The program and the provider may need more. */
function memory(options, totalMemory) {
    if (/--max[-_]old[-_]space[-_]size/.test(options)) return {};
    return {
        NODE_OPTIONS: `${options} --max-old-space-size=${Math.floor((totalMemory * 0.35) / MIB)}`.trim(),
    };
}
