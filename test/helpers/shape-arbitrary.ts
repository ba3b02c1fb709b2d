import fc from "fast-check";
import type * as z from "zod";

/**
 * Values of a zod shape, made of its objects, unions, lists and plain values: any finite number, any name out of a few. Anything else
 * of zod is refused, so that nothing is left out unseen.
 */
export function valuesOf(shape: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = shape._zod as { def: z.core.$ZodTypes["_zod"]["def"] };
  switch (def.type) {
    case "object": {
      const fields = Object.entries(def.shape);
      const requiredKeys = fields.filter(([, { _zod }]) => _zod.def.type !== "optional").map(([name]) => name);
      return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valuesOf(field)])), { requiredKeys });
    }
    case "union":
      return fc.oneof(...def.options.map(valuesOf));
    case "array":
      return fc.array(valuesOf(def.element), { maxLength: 7 });
    case "nullable":
      return fc.oneof(fc.constant(null), valuesOf(def.innerType));
    case "optional":
      return valuesOf(def.innerType);
    case "literal":
      return fc.constantFrom(...def.values);
    case "enum":
      return fc.constantFrom(...Object.values(def.entries));
    case "number":
      return fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case "string":
      return fc.constantFrom("baseline", "node-a", "");
    case "boolean":
      return fc.boolean();
    default:
      throw new Error(`no values are made of zod's ${def.type}`);
  }
}
