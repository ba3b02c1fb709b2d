import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { InputError } from "../../../harness/core/errors.ts";
import { loadSuite } from "../../../harness/suite/load-suite.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { suiteText } from "../../helpers/suite-files.ts";

async function scenario(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tunebench-suite-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "suite.yaml"), suiteText("ports"));
  await writeFile(join(folder, "load.ts"), "");
  await writeFile(join(folder, "k8s.yaml"), "");
  return folder;
}

test("a scenario's folder or its file is read", async (t) => {
  const folder = await scenario(t);
  const suite = await loadSuite(folder);
  t.is(suite.folder, folder);
  t.is(suite.file, join(folder, "suite.yaml"));
  t.deepEqual(await loadSuite(join(folder, "suite.yaml")), suite);
});

test("a missing suite says what was looked for", async (t) => {
  const folder = await scenario(t);
  await rm(join(folder, "suite.yaml"));
  for (const path of [folder, join(folder, "suite.yaml")]) {
    const error = await t.throwsAsync(loadSuite(path), { instanceOf: InputError });
    t.true(error?.message.includes(join(folder, "suite.yaml")));
  }
  await t.throwsAsync(loadSuite("/nowhere\0"), { instanceOf: InputError });
  await t.throwsAsync(loadSuite("/dev/zero"), { instanceOf: InputError });
});

test("a script that is not there is refused at its line", async (t) => {
  const folder = await scenario(t);
  await rm(join(folder, "load.ts"));
  await mkdir(join(folder, "load.ts"));
  const error = await t.throwsAsync(loadSuite(folder), { instanceOf: SuiteError });
  t.regex(error?.message ?? "", /suite\.yaml:12:11: load\.script: there is no file "load\.ts"/);
});

test("a manifest that is not there is refused at its line", async (t) => {
  const folder = await scenario(t);
  await rm(join(folder, "k8s.yaml"));
  const error = await t.throwsAsync(loadSuite(folder), { instanceOf: SuiteError });
  t.regex(error?.message ?? "", /suite\.yaml:5:27: target\.kubernetes\.manifest: there is no file "k8s\.yaml"/);
});

test("files of a container are there, and fit into a ConfigMap together", async (t) => {
  const folder = await scenario(t);
  const files = (text: string) => text.replace("manifest: k8s.yaml", "files: [target.ts, data.json]");
  await writeFile(join(folder, "suite.yaml"), files(suiteText("ports")));
  await writeFile(join(folder, "target.ts"), "x".repeat(500 * 1024));
  const absent = await t.throwsAsync(loadSuite(folder), { instanceOf: SuiteError });
  t.regex(absent?.message ?? "", /^\S+:5:36: target\.kubernetes\.files\[1\]: there is no file "data\.json"[^\n]*$/);
  await writeFile(join(folder, "data.json"), "x".repeat(400 * 1024));
  t.deepEqual((await loadSuite(folder)).target.kubernetes?.files, ["target.ts", "data.json"]);
  await writeFile(join(folder, "data.json"), "x".repeat(400 * 1024 + 1));
  const large = await t.throwsAsync(loadSuite(folder), { instanceOf: SuiteError });
  t.regex(
    large?.message ?? "",
    /:5:24: target\.kubernetes\.files: these files have 901 KiB together; use at most 900 KiB/,
  );
});

test("a file that is no text is refused", async (t) => {
  const folder = await scenario(t);
  await writeFile(join(folder, "suite.yaml"), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
  await t.throwsAsync(loadSuite(folder), { instanceOf: InputError, message: /not UTF-8/ });
});
