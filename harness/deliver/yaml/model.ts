/** Path within a file: the document's index first, then keys and indices. */
export type YamlPath = (string | number)[];

/** Plain values as a file has them; every scalar is its text, or null. */
export type Plain = null | string | Plain[] | { [key: string]: Plain };

/** What a map has at a key, itself or by `<<`; of several maps there the first that has it counts. */
export function meantValue(map: Plain, key: string | number): Plain {
  if (map === null || typeof map === "string") return null;
  if (Array.isArray(map)) return map[Number(key)] ?? null;
  if (Object.hasOwn(map, key)) return map[key] ?? null;
  const sources = [map["<<"] ?? null].flat();
  return sources.map((source) => meantValue(source, key)).find((value) => value !== null) ?? null;
}

/** Whether two values are the same, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [Object.entries(one), new Map(Object.entries(other))];
  return a.length === b.size && a.every(([key, value]) => b.has(key) && isSame(value, b.get(key)));
}

/** The values of a path's keys, set: what a change is to come to. Maps on the way are made. */
export function withValue(root: Plain, path: YamlPath, value: unknown): Plain {
  const [key, ...rest] = path;
  if (key === undefined) return plain(value);
  if (Array.isArray(root)) return root.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  const map = root === null || typeof root === "string" ? {} : root;
  const there = Object.hasOwn(map, key) ? (map[String(key)] ?? null) : null;
  return Object.fromEntries([...Object.entries(map), [String(key), withValue(there, rest, value)]]);
}

/** The values without what is at these paths. */
export function withoutValues(root: Plain, paths: YamlPath[]): Plain {
  if (root === null || typeof root === "string") return root;
  const inner = (key: string | number) =>
    paths.filter(([first]) => String(first) === String(key)).map((path) => path.slice(1));
  const stays = (key: string | number) => inner(key).every((path) => path.length > 0);
  if (Array.isArray(root))
    return root.flatMap((item, index) => (stays(index) ? [withoutValues(item, inner(index))] : []));
  const kept = Object.entries(root).filter(([key]) => stays(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutValues(value, inner(key))]));
}

/** What a value is in a file: every scalar its text. */
export function plain(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return String(value);
}
