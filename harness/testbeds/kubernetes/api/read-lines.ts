import { StringDecoder } from "node:string_decoder";

/** What is left out of a longer line is told in its place. */
const cutMark = " [cut]";

/**
 * Whole lines of a stream, without their ends; of a line longer than `longest` characters, its beginning with a mark. A
 * last line without an end is given as well. Throws what the stream fails with.
 */
export async function* readLines(
  stream: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let begun = "";
  for await (const chunk of stream) {
    const [first = "", ...rest] = decoder.write(chunk).split("\n");
    begun = begun.length > longest ? begun : begun + first;
    for (const next of rest) {
      yield bounded(begun, longest);
      begun = next;
    }
  }
  begun += decoder.end();
  if (begun !== "") yield bounded(begun, longest);
}

function bounded(line: string, longest: number): string {
  return line.length > longest ? line.slice(0, longest) + cutMark : line;
}
