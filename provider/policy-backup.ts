/** The provider of `PolicyBackup`, under the name that stands in every stack's state (`stub.ts`). */
export * from "./unlock/backup";
