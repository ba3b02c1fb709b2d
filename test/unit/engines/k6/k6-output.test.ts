import test from "ava";
import { saidIn } from "../../../../harness/engines/k6/k6-output.ts";

test("of a line people get the words; of what is told to the harness nothing", (t) => {
  t.is(saidIn('time="…" level=info msg="hello \\"you\\"\\nthere" source=console'), 'hello "you"\nthere');
  t.is(
    saidIn('time="…" level=warning msg="Request Failed" error="Get \\"http://h/\\": connection refused"'),
    'Request Failed: Get "http://h/": connection refused',
  );
  t.is(saidIn("panic: of Go's own"), "panic: of Go's own");
  const response = { status: 404, method: "GET", url: "http://h/", error: "", body: null, characters: null };
  const told = encodeURIComponent(JSON.stringify(response));
  t.is(saidIn(`time="…" level=info msg="tunebench-response ${told}" source=console`), null);
  t.is(saidIn('[1] time="…" level=error msg="test run stopped from REST API"'), null);
  t.is(saidIn(`time="…" level=error msg="test run was aborted because k6 received a 'interrupt' signal"`), null);
});
