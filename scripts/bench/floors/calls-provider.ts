/** The call floor's provider inspects an account with bare SDK calls. */
import { accountProvider } from "./account-provider";
import { auditWithBareCalls } from "./bare-calls";

export = accountProvider(auditWithBareCalls);
