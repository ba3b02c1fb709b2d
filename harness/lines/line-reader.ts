import { sumOf } from "./line-writer.ts";

/** Lines that never came, both ends included. */
export interface Gap {
  from: number;
  to: number;
}

/** What was wrong with lines up to now. */
export interface LineFaults {
  gaps: Gap[];
  /** Lines in our form whose sum is wrong: cut, or changed on the way. What they said is a gap unless it comes again. */
  badSums: number;
  /** Lines that are not in our form, such as a program's warnings. */
  foreign: number;
}

/** Reads numbered lines (createLineWriter) back from a log that is followed, and followed again. */
export interface LineReader {
  /** Tells that the lines to come are from a follow that began anew, at a line that was seen before or at the first. */
  begin(): void;
  /** Takes one line without its end; gives the messages that are now due: in order, each once. */
  take(line: string): object[];
  /** Whether this follow jumped over lines, which a new one may still bring: later ones wait for them. */
  readonly jumped: boolean;
  /** Gives up what is missing, and gives the messages that waited for it. */
  giveUp(): object[];
  /** Number of the last line that was handed on; 0 before the first. */
  readonly last: number;
  readonly faults: LineFaults;
}

/**
 * A pure reader. A line that was seen is dropped. A line too far ahead waits until those before it have come; where a follow that
 * began anew (begin) also jumps over them they are lost, and a gap. Lines of one follow come in order, but may be cut or missing.
 */
export function createLineReader(): LineReader {
  const faults: LineFaults = { gaps: [], badSums: 0, foreign: 0 };
  const held = new Map<number, object>();
  let last = 0;
  let jumped = false;
  /** Holes before this line were met in an earlier follow already. */
  let metUpTo = 0;

  const release = (): object[] => {
    const due: object[] = [];
    for (let next = held.get(last + 1); next !== undefined; next = held.get(last + 1)) {
      last += 1;
      held.delete(last);
      due.push(next);
    }
    return due;
  };

  /** Hands on what is held up to a number, with a gap for each hole before it. */
  const giveUpBelow = (number: number): object[] => {
    const due: object[] = [];
    while (held.size > 0 && last < number) {
      const next = Math.min(...held.keys());
      faults.gaps.push({ from: last + 1, to: next - 1 });
      last = next - 1;
      due.push(...release());
    }
    return due;
  };

  return {
    begin: () => {
      jumped = false;
      metUpTo = Math.max(0, ...held.keys());
    },
    take(text) {
      const line = readLine(text);
      if (line === "foreign") faults.foreign += 1;
      else if (line === "bad sum") faults.badSums += 1;
      else if (line.number > last) held.set(line.number, line.message);
      if (typeof line === "string" || line.number <= last) return [];
      // Where an earlier follow had gone past the same hole, what was in it is no longer in the log.
      const due = [...release(), ...giveUpBelow(Math.min(line.number, metUpTo))];
      jumped ||= line.number > last;
      return due;
    },
    get jumped() {
      return jumped;
    },
    giveUp: () => giveUpBelow(Number.POSITIVE_INFINITY),
    get last() {
      return last;
    },
    faults,
  };
}

function readLine(text: string): { number: number; message: object } | "foreign" | "bad sum" {
  const [, digits, sum, json] = /^([1-9]\d{0,15}) ([0-9a-f]{8}) (.*)$/.exec(text) ?? [];
  if (digits === undefined || json === undefined) return "foreign";
  if (sumOf(`${digits} ${json}`) !== sum) return "bad sum";
  return { number: Number(digits), message: JSON.parse(json) };
}
