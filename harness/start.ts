#!/usr/bin/env node
/** The installed command. An older Node could not even read what main imports: it is told so before anything is loaded. */
export {};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  await import("./main.ts");
} else {
  process.stderr.write(
    `tunebench: this is Node ${process.versions.node}, and 22.18 or newer is needed\n  run it with a newer one, for example: npx --package node@24 --package tunebench tunebench\n`,
  );
  process.exitCode = 3;
}
