import assert from "node:assert/strict";
import { ListBucketsCommand, paginateListBuckets, type ListBucketsCommandInput } from "@aws-sdk/client-s3";
import { type Simulator, startSimulator } from "./index";
import { clientsOf, refusalOf, rootSession } from "./sdk-clients";

const MEMBER = "111122223333";
const OTHER = "444455556666";

describe("S3's list of buckets", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({
            seed: {
                accounts: [
                    {
                        id: MEMBER,
                        name: "payments",
                        buckets: [
                            { name: "reports", region: "eu-west-1" },
                            { name: "ledger-2025" },
                            { name: "ledger-2026", region: "eu-west-1" },
                        ],
                    },
                    { id: OTHER, name: "storefront", buckets: [{ name: "images" }] },
                ],
            },
        });
    });
    afterEach(() => simulator.close());

    const list = (input: ListBucketsCommandInput, region = "us-east-1", caller = MEMBER) =>
        clientsOf(simulator, caller, region).s3.send(new ListBucketsCommand(input));
    const names = async (...asked: Parameters<typeof list>) =>
        ((await list(...asked)).Buckets ?? []).map(({ Name }) => Name);

    it("has those of the account that signs, of every region, sorted", async () => {
        for (const region of ["us-east-1", "ap-south-1"]) {
            assert.deepEqual(await names({}, region), ["ledger-2025", "ledger-2026", "reports"]);
        }
        assert.deepEqual(await names({}, "us-east-1", OTHER), ["images"]);
        assert.deepEqual(await names({}, "us-east-1", "management"), []);
        const { s3 } = await rootSession(simulator, OTHER, "S3UnlockBucketPolicy");
        const { Buckets } = await s3.send(new ListBucketsCommand({}));
        assert.deepEqual(
            Buckets?.map(({ Name }) => Name),
            ["images"],
        );
    });

    it("tells the regions only to those who send a parameter", async () => {
        const plain = await list({});
        assert.deepEqual(
            plain.Buckets?.map(({ BucketRegion }) => BucketRegion),
            [undefined, undefined, undefined],
        );
        assert(plain.Buckets?.every(({ CreationDate }) => CreationDate instanceof Date));
        assert.match(plain.Owner?.ID ?? "", /^[0-9a-f]{64}$/);

        for (const parameter of [{ MaxBuckets: 10 }, { Prefix: "" }]) {
            const { Buckets } = await list(parameter);
            assert.deepEqual(
                Buckets?.map(({ BucketRegion }) => BucketRegion),
                ["us-east-1", "eu-west-1", "eu-west-1"],
            );
        }
    });

    it("can be of one prefix, and of one region if that is asked itself", async () => {
        assert.deepEqual(await names({ Prefix: "ledger" }), ["ledger-2025", "ledger-2026"]);
        assert.deepEqual(await names({ BucketRegion: "eu-west-1" }, "eu-west-1"), ["ledger-2026", "reports"]);
        assert.deepEqual(await names({ BucketRegion: "eu-west-1", Prefix: "r" }, "eu-west-1"), ["reports"]);
        assert.deepEqual(await refusalOf(list({ BucketRegion: "eu-west-1" })), {
            name: "InvalidArgument",
            message:
                "Requests with bucket-region specified must be made to the corresponding regional endpoint",
            status: 400,
        });
    });

    it("comes in pages, which a bucket that goes does not shift", async () => {
        const first = await list({ MaxBuckets: 1 });
        assert.deepEqual(
            first.Buckets?.map(({ Name }) => Name),
            ["ledger-2025"],
        );
        simulator.organization.buckets.remove("ledger-2025");
        const rest = await list({ MaxBuckets: 2, ContinuationToken: first.ContinuationToken });
        assert.deepEqual(
            rest.Buckets?.map(({ Name }) => Name),
            ["ledger-2026", "reports"],
        );
        assert.equal(rest.ContinuationToken, undefined);
    });

    it("has pages of the simulator's size, unless nobody asks for pages", async () => {
        simulator.organization.buckets.pageSize = 2;
        const { s3 } = clientsOf(simulator, MEMBER);
        const pages: number[] = [];
        for await (const { Buckets = [] } of paginateListBuckets({ client: s3 }, { MaxBuckets: 1000 })) {
            pages.push(Buckets.length);
        }
        assert.deepEqual(pages, [2, 1]);
        assert.equal((await names({})).length, 3);
    });

    it("refuses numbers and tokens that make no sense", async () => {
        for (const input of [{ MaxBuckets: 0 }, { MaxBuckets: 10_001 }, { ContinuationToken: "elsewhere" }]) {
            assert.equal((await refusalOf(list(input))).name, "InvalidArgument");
        }
    });

    it("takes a permission that is not named after it", async () => {
        simulator.organization.withholdPermissions(MEMBER, ["s3:ListAllMyBuckets"]);
        assert.equal(
            (await refusalOf(list({}))).message,
            `User: arn:aws:iam::${MEMBER}:user/operator is not authorized to perform: s3:ListAllMyBuckets ` +
                "because no identity-based policy allows the s3:ListAllMyBuckets action",
        );
    });
});
