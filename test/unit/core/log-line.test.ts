/** Lines of parts: which tells why, what of it may be quoted. */
import test from "ava";
import fc from "fast-check";
import { maskedLine, quotable, tellingLine, tellsOfError } from "../../../harness/core/log-line.ts";
import { createLineTally } from "../../../harness/detect/line-tally.ts";
import { anyText } from "../../helpers/any-text.ts";

test("the line with the error is quoted, not the last one", (t) => {
  const node = [
    "file:///app/x.js:3",
    "    throw new Error('boom')",
    "    ^",
    "",
    "Error: boom",
    "    at run (x.js:3)",
    "",
    "Node.js v24.21.0",
  ];
  t.is(tellingLine(node), "Error: boom");
  const python = ["Traceback (most recent call last):", '  File "s.py", line 9, in f', "MemoryError"];
  t.is(tellingLine(python), "MemoryError");
  t.is(
    tellingLine(["panic: runtime error: index out of range", "goroutine 1 [running]:", "exit status 2"]),
    "panic: runtime error: index out of range",
  );
  t.is(tellingLine(["starting", "bye"]), "bye");
  t.is(tellingLine([]), null);
});

test("secrets are left out of what is quoted", (t) => {
  for (const [line, secret] of [
    ["db error: password=hunter2 host=db", "hunter2"],
    ['failed: {"api_key": "abc def"}', "abc def"],
    ["Authorization: Bearer abcdefghijklmnop failed", "abcdefghijklmnop"],
    ["cannot reach postgres://app:s3cret@db/orders", "s3cret"],
    ["token eyJhbGciOi.eyJzdWIiOi.abc rejected", "eyJzdWIiOi"],
    ["error for key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "9f86d081"],
  ] as const) {
    t.false(quotable(line).includes(secret), line);
  }
  t.is(
    quotable("dial tcp 10.0.0.2:3306: connect: connection refused"),
    "dial tcp 10.0.0.2:3306: connect: connection refused",
  );
});

test("whatever is quoted is one line of plain text of at most 200 characters", (t) => {
  fc.assert(
    fc.property(anyText({ maxLength: 400 }), (text) => {
      const said = quotable(text);
      t.true(said.length <= 200);
      t.notRegex(said, /[\p{Cc}]/u);
    }),
  );
});

test("lines that differ in numbers and ids are one; the most frequent of those that tell of an error is kept", (t) => {
  t.is(
    maskedLine("2026/11/29 06:18:23 dial 198.18.1.2:3306 refused"),
    maskedLine("2026/11/29 06:18:24 dial 198.18.1.2:3307 refused"),
  );
  const tally = createLineTally();
  t.is(tally.commonest(), null);
  tally.add("error: no table");
  for (let at = 0; at < 3; at += 1) tally.add(`request ${at} failed: no row`);
  for (let at = 0; at < 9; at += 1) tally.add(`GET /${at} 200`);
  t.deepEqual(tally.commonest(), { line: "request 0 failed: no row", lines: 3 });
  t.true(tellsOfError("[alert] 24 worker_connections are not enough"));
});
