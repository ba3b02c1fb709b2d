import test from "ava";
import { responseIn } from "../../../harness/engines/response-in.ts";

const told = {
  status: 404,
  method: "GET",
  url: "http://u:secret@h/a?token=abc&n=",
  error: "",
  body: 'a "b"\n',
  characters: 6,
};
const lineOf = (data: unknown) =>
  `time="2026-11-29T11:43:37Z" level=info msg="tunebench-response ${encodeURIComponent(JSON.stringify(data))}" source=console`;

test("a response that the script got is read from k6's output, alone or one of several runners'", (t) => {
  const response = { ...told, url: "http://u:(redacted)@h/a?token=…&n=" };
  t.deepEqual(responseIn(lineOf(told)), response);
  t.deepEqual(responseIn(`[3] ${lineOf(told)}`), response);
});

test("what only looks like one is none", (t) => {
  for (const data of [{}, { ...told, status: "404" }, null, 7]) t.is(responseIn(lineOf(data)), null);
  for (const line of ["tunebench-response %", "tunebench-response {", "hello"]) t.is(responseIn(line), null);
});
