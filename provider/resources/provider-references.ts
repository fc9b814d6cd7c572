/**
 * The texts that Pulumi stores with every resource as its provider's code.
 *
 * Frozen for ever: they stand in the state of every stack, where old states must find the lifecycle under these very
 * names. A change would also show up as a diff of every resource. `docs/decisions/0002-constant-provider-text.md`
 * says why the code is required rather than serialised.
 */
export const PROVIDER_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")';
export const BUCKET_POLICY_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/bucket-policy")';
export const QUEUE_POLICY_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/queue-policy")';
export const POLICY_BACKUP_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/policy-backup")';
