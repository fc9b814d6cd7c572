/** The engine floor's program: as many accounts as BENCH_ACCOUNTS says, registered and nothing else. */
import { AccountResource, providerText } from "./account-resource";

Error.stackTraceLimit = 0; // as ours does while it registers (program/index.ts)
const text = providerText("engine-provider.js");
for (let index = 0; index < Number(process.env.BENCH_ACCOUNTS); index++) {
    new AccountResource({ id: String(100_000_000_000 + index), name: `account-${index}` }, text);
}
