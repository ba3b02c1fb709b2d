/** Suffixes of a quantity (apimachinery, resource.Quantity): binary, decimal, and the small ones. */
const suffixes: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** "512Mi" -> 536870912, "500m" -> 0.5, "1e3" -> 1000; null where it is none. */
export function parseQuantity(text: string | undefined): number | null {
  const [, digits, exponent, suffix = ""] =
    /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec(text ?? "") ?? [];
  const factor = suffixes[suffix];
  if (digits === undefined || factor === undefined) return null;
  return Number(`${digits}${exponent ?? ""}`) * factor;
}
