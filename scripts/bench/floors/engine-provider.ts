/** In the engine floor's provider, every method returns at once. */
import { accountProvider } from "./account-provider";

export = accountProvider(() => Promise.resolve());
