import assert from "node:assert/strict";
import { Places } from "../../program/places";

describe("Places", () => {
    it("are given to those who wait, in their order, as others leave", async () => {
        const places = new Places(2);
        const taken: string[] = [];
        const take = async (who: string) => {
            await places.take();
            taken.push(who);
        };
        const all = ["a", "b", "c", "d"].map(take);
        await Promise.all(all.slice(0, 2));
        assert.deepEqual(taken, ["a", "b"]);

        places.leave();
        await all[2];
        assert.deepEqual(taken, ["a", "b", "c"]);

        places.leave();
        await Promise.all(all);
        assert.deepEqual(taken, ["a", "b", "c", "d"]);
    });

    it("that were left are free for who comes later", async () => {
        const places = new Places(1);

        await places.take();
        places.leave();
        await places.take();
    });
});
