/** A table with two blanks between columns: the first to the left, the rest to the right. A first cell that is too wide has a line of its own. */
export function columns(head: string[], rows: string[][], width: number): string[] {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const others = widths.slice(1).reduce((sum, each) => sum + each + 2, 0);
  const first = Math.max(8, Math.min(widths[0] ?? 0, width - 2 - others));
  return table.flatMap(([name = "", ...rest]) => {
    const cells = rest.map((cell, i) => `  ${cell.padStart(widths[i + 1] ?? 0)}`).join("");
    if (name.length <= first) return [cut(`  ${name.padEnd(first)}${cells}`, width)];
    return [cut(`  ${name}`, width), cut(`  ${" ".repeat(first)}${cells}`, width)];
  });
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
