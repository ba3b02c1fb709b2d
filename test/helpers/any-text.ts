import fc from "fast-check";

const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff);

/**
 * Any text: code points of all of Unicode, or ASCII with names that are JavaScript's own. fc.string({ unit: "binary" }) is
 * the same, but first makes a table of a million characters, which takes a file of tests over a second.
 */
export function anyText({ maxLength = 50 }: { maxLength?: number } = {}): fc.Arbitrary<string> {
  const unicode = fc.array(codePoint, { maxLength }).map((codes) => String.fromCodePoint(...codes));
  return fc.oneof({ weight: 3, arbitrary: unicode }, { weight: 1, arbitrary: fc.string({ maxLength }) });
}
