/**
 * The texts that Pulumi stores with each resource as the code of its provider.
 *
 * They never change, because stored states must find the lifecycle under these names. A change would also be a diff of
 * every resource. The texts load the code instead of containing it: docs/decisions/0002-constant-provider-text.md
 */
export const ROOT_CREDENTIALS_PROVIDER =
    'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")';
export const BUCKET_POLICY_PROVIDER =
    'exports.handler=()=>require("pulumi-aws-root-credentials/bucket-policy")';
export const QUEUE_POLICY_PROVIDER =
    'exports.handler=()=>require("pulumi-aws-root-credentials/queue-policy")';
export const POLICY_BACKUP_PROVIDER =
    'exports.handler=()=>require("pulumi-aws-root-credentials/policy-backup")';
