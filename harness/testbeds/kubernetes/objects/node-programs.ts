/**
 * Programs of one file that write settings, given to Node with --eval: constant texts, the values come in TUNEBENCH_SYSCTLS (JSON:
 * key -> value). They say what went wrong as sysctl(8) does.
 */

const shared = `
const { readFileSync, writeFileSync } = require("node:fs");
const settings = Object.entries(JSON.parse(process.env.TUNEBENCH_SYSCTLS));
const fileOf = (key) => "/proc/sys/" + key.split(".").join("/");
const words = {
  EROFS: "Read-only file system", EACCES: "Permission denied", EPERM: "Operation not permitted",
  EINVAL: "Invalid argument", ENOENT: "No such file or directory",
};
const wordsOf = (error) => words[error.code] || error.code || error.message;
const read = (key) => {
  try {
    return readFileSync(fileOf(key), "utf8").trim().replace(/\\s+/g, " ");
  } catch (error) {
    throw new Error("sysctl: cannot stat " + fileOf(key) + ": " + wordsOf(error));
  }
};
const write = (key, value) => {
  try {
    writeFileSync(fileOf(key), value + "\\n", { flag: "r+" });
  } catch (error) {
    throw new Error("sysctl: error setting key '" + key + "': " + wordsOf(error));
  }
};
const say = (message) => process.stdout.write(JSON.stringify(message) + "\\n");
const fail = (error) => {
  process.stderr.write(error.message + "\\n");
  process.exitCode = 1;
};
`;

/** For an init container: writes each setting, says what was there before and is there now, ends; the first that fails ends it with 1. */
export const writeSettings = `${shared}
try {
  for (const [key, value] of settings) {
    const before = read(key);
    write(key, value);
    say({ key, before, after: read(key) });
  }
} catch (error) {
  fail(error);
}
`;

/** For a pod on the node's own network: as writeSettings, then {"applied": true}, and at SIGTERM the earlier values again. */
export const holdSettings = `${shared}
const earlier = [];
const restore = () => {
  for (const [key, value] of earlier.reverse()) {
    try {
      write(key, value);
      say({ key, restored: read(key) });
    } catch (error) {
      fail(error);
    }
  }
};
const stop = () => {
  restore();
  process.exit();
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
try {
  for (const [key, value] of settings) {
    if (!key.startsWith("net.")) throw new Error("sysctl: error setting key '" + key + "': not a key of net.*");
    const before = read(key);
    earlier.push([key, before]);
    write(key, value);
    say({ key, before, after: read(key) });
  }
  say({ applied: true });
  setInterval(() => {}, 60000);
} catch (error) {
  fail(error);
  restore();
}
`;
