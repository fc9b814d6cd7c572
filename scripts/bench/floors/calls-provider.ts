/** The call floor's provider: a look at an account is the bare SDK calls. */
import { accountProvider } from "./account-provider";
import { auditBarely } from "./bare-calls";

export = accountProvider(auditBarely);
