import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
    t.is((await readLocustfile(python, { name: "locustfile.py", text, folder })).ownShape, "Steps", text);
  }
  t.false(existsSync(ran));
  const plain = await readLocustfile(python, { name: "locustfile.py", text: "class Steps(Other):\n  pass", folder });
  t.false("ownShape" in plain);
});

testNeeding(
  ["python"],
  "what it imports of its folder is found, and the files whose names are texts in it",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tunebench-locustfile-"));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const files = {
      "users.py": "from pages.shop import Shop\nimport os\nopen('users.csv')",
      "pages/__init__.py": "",
      "pages/shop.py": "from . import cart\nfrom .cart import Cart",
      "pages/cart.py": "import json, pages.cart\njson.load(open(os.path.join(here, 'data', 'carts.json')))",
      "broken.py": "def (",
      "users.csv": "u1",
      "data/carts.json": "[]",
      "data/other.json": "[]",
      "unused.py": "",
      "locust.conf": "",
      "locustfile.py": "",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const text = "import users, broken, requests\nname = 'locustfile.py'\nabove = '../../etc/passwd'";
    const { files: found } = await readLocustfile(python, { name: "load/locustfile.py", text, folder });
    const wanted = [
      "broken.py",
      "data/carts.json",
      "locust.conf",
      "pages/__init__.py",
      "pages/cart.py",
      "pages/shop.py",
    ];
    t.deepEqual(found, [...wanted, "users.csv", "users.py"]);
  },
);

testNeeding(["python"], "what is no Python is told with its place", async (t) => {
  for (const [text, place] of [
    ["x = 1\ndef f(:\n", "2:7"],
    ["a\0b", "1:1"],
  ] as const) {
    const error = await t.throwsAsync(readLocustfile(python, { name: "locustfile.py", text, folder: tmpdir() }), {
      instanceOf: InputError,
    });
    t.true(error?.message.startsWith(`locustfile.py:${place}: `), error?.message);
  }
});
