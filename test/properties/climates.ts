import type { Climate } from "./case";

/** What the cases of a test are like. */
export const CLIMATES = {
    /** Everything that AWS and the way to it may do wrong, and people at work. */
    faults: { accounts: 3, steps: 2, troubles: 4, meanwhile: 2, ends: false },
    /** Runs that are killed, with a fault here and there. */
    interruptions: { accounts: 3, steps: 3, troubles: 2, meanwhile: 2, ends: true },
    /** Through sockets, where a connection that hangs costs real time. */
    sockets: { accounts: 3, steps: 2, troubles: 3, meanwhile: 1, ends: false, without: ["hang"] },
    process: { accounts: 3, steps: 2, troubles: 3, meanwhile: 1, ends: true, without: ["hang"] },
    /** On the real engine, with the SDK's real waits. */
    engine: {
        accounts: 4,
        steps: 1,
        troubles: 4,
        meanwhile: 1,
        ends: false,
        without: ["hang", "throttled", "busy", "unavailable"],
    },
} satisfies Record<string, Climate>;
