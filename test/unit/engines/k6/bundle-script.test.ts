import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { InputError } from "../../../../harness/core/errors.ts";
import { bundleScript } from "../../../../harness/engines/k6/bundle-script.ts";

async function bundled(t: ExecutionContext, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-bundle-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "load.ts"), script);
  return await bundleScript(join(folder, "load.ts"));
}

test("k6's modules stay imports, the lib comes in by name", async (t) => {
  const code = await bundled(
    t,
    `import http from "k6/http";
import { sleep } from "k6";
import { request } from "tunebench/k6";
export default () => { http.get("/"); sleep(1); request("/"); };`,
  );
  for (const module of ["k6/http", "k6", "k6/metrics"]) {
    t.true(code.includes(`from "${module}"`), module);
  }
  t.true(code.includes("tunebench_faults"));
  t.false(code.includes(`"tunebench/k6"`));
});

test("however a script takes k6/http, its responses are told, and k6's own module is there once", async (t) => {
  const script = `import http, { get, file } from "k6/http";
import * as all from "k6/http";
export default () => { http.get("/"); get("/"); all.batch([]); file("x"); };`;
  const code = await bundled(t, script);
  t.is(code.match(/^import \w+, \* as \w+ from "k6\/http";$/gm)?.length, 1, code);
  t.true(code.includes("tunebench-response"));
});

test("a syntax error is told with file, line and column", async (t) => {
  const error = await t.throwsAsync(bundled(t, "export default () => {\n  const = 1;\n};\n"), {
    instanceOf: InputError,
  });
  t.regex(error.message, /load\.ts:2:9: Expected identifier/);
});

test("an import that is not there is told with its place", async (t) => {
  const error = await t.throwsAsync(bundled(t, `import "left-pad";\nexport default () => {};\n`), {
    instanceOf: InputError,
  });
  t.regex(error.message, /load\.ts:1:8: Could not resolve "left-pad"/);
  t.regex(error.hint ?? "", /npm packages/);
});

test("every fault is told at once", async (t) => {
  const script = `import "left-pad";\nimport "node:fs";\nexport default () => {};\n`;
  const error = await t.throwsAsync(bundled(t, script), { instanceOf: InputError });
  t.is(error.message.split("\n").length, 2);
});

test("a script without a default function, and no script at all", async (t) => {
  await t.throwsAsync(bundled(t, "export const a = 1;\n"), {
    instanceOf: InputError,
    message: /load\.ts: no default export/,
  });
  const missing = bundleScript("/nonexistent/load.ts");
  await t.throwsAsync(missing, { instanceOf: InputError, message: "/nonexistent/load.ts: no such script" });
});

test("an import by plain http is refused with its place, as k6 itself does", async (t) => {
  const error = await t.throwsAsync(bundled(t, 'import "http://jslib.k6.io/a.js";\nexport default () => {};\n'));
  t.regex(error.message, /load\.ts:1:8: http:.* can't be imported: k6 imports by https only/);
});

test("CommonJS: what it requires of k6 is imported", async (t) => {
  const code = await bundled(
    t,
    `const http = require("k6/http");
const { check } = require("k6");
module.exports.options = { vus: 3 };
module.exports.default = () => check(http.get("/"), {});`,
  );
  t.regex(code, /from "k6\/http"/);
  t.notRegex(code, /Dynamic require of/);
});

for (const script of [
  'import { browser } from "k6/browser";\nexport default () => browser.newPage();\n',
  'const { browser } = require("k6/browser");\nmodule.exports.default = () => browser.newPage();\n',
]) {
  test(`a browser is refused with its reason: ${script.split(" ")[0]}`, async (t) => {
    const error = await t.throwsAsync(bundled(t, script), { instanceOf: InputError });
    t.regex(error.message, /load\.ts:1:\d+: k6\/browser can't be run here: a browser sends its requests itself/);
    t.regex(error.hint ?? "", /HTTP, WebSocket and gRPC/);
  });
}
