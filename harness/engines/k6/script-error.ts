/**
 * The error that the script threw, with its place in the source; null where the line is about something else. k6 goes on
 * with the next iteration and ends with 0, so a script that throws before its first request looks like a quiet target.
 */
export function scriptErrorIn(line: string): string | null {
  const message = /\blevel=error msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  if (message === undefined || !/\(?file:\/\//.test(message)) return null;
  return message.replace(/\\n/g, "\n").replace(/\\t/g, "  ").replace(/\\"/g, '"').trim();
}
