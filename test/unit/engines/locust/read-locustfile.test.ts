import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../../harness/core/errors.ts";
import { readLocustfile } from "../../../../harness/engines/locust/read-locustfile.ts";
import { testNeeding } from "../../../helpers/parts.ts";

const python = "/usr/bin/python3";

testNeeding(["python"], "a load shape is found where Locust finds it, and nothing of the file runs", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tunebench-locustfile-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const ran = join(folder, "ran");
  const shapes = [
    "from locust import LoadTestShape\nclass Steps(LoadTestShape):\n  pass",
    "import locust\nclass Base(locust.LoadTestShape):\n  abstract = True\nclass Steps(Base):\n  pass",
  ];
  for (const text of [...shapes, `open(${JSON.stringify(ran)}, "w")\n${shapes[0]}`]) {
    t.is((await readLocustfile(python, { name: "locustfile.py", text })).ownShape, "Steps", text);
  }
  t.false(existsSync(ran));
  const plain = await readLocustfile(python, { name: "locustfile.py", text: "class Steps(Other):\n  pass" });
  t.false("ownShape" in plain);
});

testNeeding(["python"], "what is no Python is told with its place", async (t) => {
  for (const [text, place] of [
    ["x = 1\ndef f(:\n", "2:7"],
    ["a\0b", "1:1"],
  ] as const) {
    const error = await t.throwsAsync(readLocustfile(python, { name: "locustfile.py", text }), {
      instanceOf: InputError,
    });
    t.true(error?.message.startsWith(`locustfile.py:${place}: `), error?.message);
  }
});
