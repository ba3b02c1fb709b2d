import test from "ava";
import { pathAsWritten } from "../../../harness/testbeds/netns/workspace.ts";

const workspace = { folder: "/tmp/tunebench-1.partial-2-3" };

test("a path in a part's data folder is told as the suite writes it, whichever copy's it is", (t) => {
  const data = `$\{data}`;
  t.is(pathAsWritten(workspace, `${workspace.folder}/data/app.sock`), `${data}/app.sock`);
  t.is(pathAsWritten(workspace, `${workspace.folder}/data-target-2/run/app.sock`), `${data}/run/app.sock`);
  t.is(pathAsWritten(workspace, `${workspace.folder}/data`), data);
});

test("a path elsewhere stays as it is", (t) => {
  for (const path of ["/run/app.sock", "@abstract", `${workspace.folder}/database/app.sock`, "/data/app.sock"])
    t.is(pathAsWritten(workspace, path), path);
});
