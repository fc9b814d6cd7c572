/**
 * The text that Pulumi stores with every resource as its provider's code.
 *
 * Frozen for ever: it stands in the state of every stack, where old states must find the lifecycle under this very
 * name. A change would also show up as a diff of every resource. `docs/decisions/0002-constant-provider-text.md`
 * says why the code is required rather than serialised.
 */
export const PROVIDER_STUB = 'exports.handler=()=>require("pulumi-aws-root-credentials/lifecycle")';
