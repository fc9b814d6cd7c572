import assert from "node:assert/strict";
import { providerModule } from "./harness/package";

const { accountIdInKeyId } = providerModule("aws/access-key-id");

describe("The account in an access key id", () => {
    const published: [accessKeyId: string, accountId: string, where: string][] = [
        ["ASIAY34FZKBOKMUTVV7A", "609629065308", "A. Steele, AWS Access Key ID formats, 2020"],
        ["ASIAQNZGKIQY56JQ7WML", "029608264753", "T. Be'ery, A short note on AWS KEY ID, 2023"],
        ["ASIAVJ2E6QGR2WZILJFM", "364679954851", "psanford/aws-account-id-from-key"],
        ["AKIASP2TPHJSQH3FJXYZ", "171436882533", "the crate aws_account_id_from_key_id"],
    ];
    for (const [accessKeyId, accountId, where] of published) {
        it(`is ${accountId} for ${accessKeyId} (${where})`, () => {
            assert.equal(accountIdInKeyId(accessKeyId), accountId);
        });
    }

    const undecodable = ["", "ASIA", "ASIA1890ZKBOKMUTVV7A", "AIDAY34FZKBOKMUTVV7A", "ASIAY34FZKBOKMUTVV7AA"];
    for (const accessKeyId of [...undecodable, "ASIA7777777777777777"]) {
        it(`is none for "${accessKeyId}"`, () => {
            assert.equal(accountIdInKeyId(accessKeyId), undefined);
        });
    }
});
