/**
 * A real MariaDB on a data directory of its own: made, started, and stopped with its parent. It is a launcher only,
 * because the server needs its system tables before it can start.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const output = { stdio: "inherit" } as const;
const folder = join(process.argv[2] ?? ".", "mariadb");
const port = process.env.PORT ?? "3306";
const initFile = join(folder, "init.sql");
// --no-defaults: the machine's own my.cnf must not reach this server. The socket's path is relative to the data.
const common = ["--no-defaults", `--datadir=${folder}`, "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M"];

mkdirSync(folder, { recursive: true });
await finished(
  spawn("mariadb-install-db", [...common, "--auth-root-authentication-method=normal", "--skip-test-db"], output),
);
writeFileSync(initFile, "CREATE USER tunebench@'%';\n");
const server = spawn(
  "mariadbd",
  [
    ...common,
    `--port=${port}`,
    "--bind-address=*",
    "--socket=m.sock",
    "--skip-name-resolve",
    "--max-connections=4000",
    "--back-log=4000",
    `--init-file=${initFile}`,
  ],
  output,
);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => server.kill(signal));
process.exitCode = await finished(server).catch((error: Error) => {
  console.error(error.message);
  return 1;
});

/** Resolves with 0 when the program ended well. */
function finished(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      code === 0 ? resolve(0) : reject(new Error(`${child.spawnfile} ended with ${signal ?? code}`)),
    );
  });
}
