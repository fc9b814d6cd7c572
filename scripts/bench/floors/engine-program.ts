/** The engine floor's program only registers BENCH_ACCOUNTS accounts. */
import { AccountResource, providerText } from "./account-resource";

Error.stackTraceLimit = 0; // as program/sdk-debugging.ts does
const text = providerText("engine-provider.js");
for (let index = 0; index < Number(process.env.BENCH_ACCOUNTS); index++) {
    new AccountResource({ id: String(100_000_000_000 + index), name: `account-${index}` }, text);
}
