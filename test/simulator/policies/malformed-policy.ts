/** AWS itself would refuse the document; the message is S3's wherever S3 is known to have one for it. */
export class MalformedPolicy extends Error {}
