/** CPUs of a list as taskset -c and the kernel write it: "0-2,5", "0-6:2". null where it is no such list. */
export function cpusOfList(list: string): number[] | null {
  const cpus: number[] = [];
  for (const piece of list.trim().split(",")) {
    const match = /^(\d{1,5})(?:-(\d{1,5})(?::([1-9]\d{0,4}))?)?$/.exec(piece.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    if (last < first) return null;
    for (let cpu = first; cpu <= last; cpu += Number(match[3] ?? 1)) cpus.push(cpu);
  }
  return [...new Set(cpus)].sort((a, b) => a - b);
}

/** CPUs of a mask that are set: 5n -> [0, 2]. */
export function cpusInMask(mask: bigint): number[] {
  const bits = mask.toString(2);
  return [...bits].flatMap((bit, index) => (bit === "1" ? [bits.length - 1 - index] : [])).sort((a, b) => a - b);
}
