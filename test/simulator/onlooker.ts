import type { Call } from "./call";
import type { Exchange } from "./exchange";
import type { Fault } from "./faults";
import type { LoggedRequest } from "./request-log";

/**
 * Stands beside the organization and is told of each call, in the order in which they are carried out: for tests that
 * judge every moment, or that change something between two calls.
 */
export interface Onlooker {
    /** The call is understood and its signer known. What goes wrong with it; undefined leaves that to what is scheduled. */
    arrives?(call: Call, accountId: string): Fault | undefined;
    /** It has been carried out, or not, and is about to be answered, or not. */
    leaves?(entry: LoggedRequest, exchange: Exchange): void;
}
