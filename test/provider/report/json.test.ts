import assert from "node:assert/strict";
import { providerModule } from "../harness/package";
import { everything, isReport, quiet, REPORT_SCHEMA, tenThousand } from "./documents";

const { json, KEYS, SCHEMA } = providerModule("report/formats/json");

describe("A report as JSON", () => {
    it("matches the published schema", () => {
        assert.equal(REPORT_SCHEMA.$id, SCHEMA);
        for (const report of [everything(), quiet()]) {
            const { $schema, ...rest } = isReport(json(report)) as { $schema: string };
            assert.equal($schema, SCHEMA);
            assert.deepEqual(rest, report);
        }
    });

    it("with any property added, missing or changed does not match the schema", () => {
        const text = json(everything());
        const broken = [
            text.replace('"version": 1', '"version": 2'),
            text.replace('"mark": "unreadable"', '"mark": "fine"'),
            text.replace('"id": "418263950174"', '"id": "418"'),
            text.replace('"name": "network"', '"name": "network", "secret": "x"'),
            text.replace('"result": "unknown"', '"result": "probably"'),
            text.replace('"problems"', '"trouble"'),
        ];
        for (const each of broken) {
            assert.notEqual(each, text);
            assert.throws(() => isReport(each), assert.AssertionError);
        }
    });

    it("is the same text for accounts in any order", () => {
        const [one, other] = [json(tenThousand(1)), json(tenThousand(2))];

        assert.ok(one === other, "the texts differ");
        assert.ok(one.startsWith('{\n  "$schema": "urn:'));
        const turned = Object.fromEntries(Object.entries(everything()).reverse());
        assert.equal(json(turned as unknown as ReturnType<typeof everything>), json(everything()));
    });

    it("escapes invisible characters and those that turn the direction of text", () => {
        const text = json(everything());

        assert.match(text, /turned \\u202eback\\u202c and \\u200bhidden/);
        assert.doesNotMatch(text, /[^\P{C}\n]/u);
    });

    it("orders every property of the schema, and the schema describes each", () => {
        const properties = propertiesOf(REPORT_SCHEMA);

        assert.ok(properties.length > 80);
        for (const [name, property] of properties) {
            assert.ok(KEYS.includes(name), `${name} has no place`);
            const { description } = resolved(property);
            assert.ok(
                typeof description === "string" && description.endsWith("."),
                `${name}: ${description}`,
            );
        }
        assert.equal(new Set(KEYS).size, KEYS.length);
        assert.deepEqual([...new Set(properties.map(([name]) => name))].sort(), [...KEYS].sort());
    });
});

interface Schema {
    [keyword: string]: unknown;
    description?: string;
    $ref?: string;
    properties?: Record<string, Schema>;
    additionalProperties?: unknown;
    $defs?: Record<string, Schema>;
    items?: Schema;
    oneOf?: Schema[];
}

function resolved(schema: Schema): Schema {
    const name = schema.$ref?.replace("#/$defs/", "");
    return name === undefined ? schema : ((REPORT_SCHEMA.$defs as Record<string, Schema>)[name] ?? {});
}

/** All of them, however deep. No object may have others. */
function propertiesOf(schema: Schema): [string, Schema][] {
    const own = Object.entries(schema.properties ?? {});
    if (own.length > 0) assert.equal(schema.additionalProperties, false);
    const below = [...own, ...Object.entries(schema.$defs ?? {})].map(([, each]) => each);
    return [
        ...own,
        ...[...below, ...(schema.items ? [schema.items] : []), ...(schema.oneOf ?? [])].flatMap(propertiesOf),
    ];
}
