import type { IncomingHttpHeaders } from "node:http";

/** The first of them, where a header comes several times. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
}
