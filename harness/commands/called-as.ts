import { basename, relative } from "node:path";

/**
 * How tunebench was called, so that what is to be typed next can be: `npx tunebench`, `node harness/main.ts` in a clone, or its name.
 * npx says itself what it runs; what it started may start others, so the script's name counts.
 */
export function calledAs(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const [, file = ""] = argv;
  if (basename(file) === "main.ts") return `node ${relative(process.cwd(), file)}`;
  const ofNpx = env.npm_lifecycle_event === "npx" && /^["']?tunebench\b/.test(env.npm_lifecycle_script ?? "");
  return ofNpx ? "npx tunebench" : "tunebench";
}

/** A text's commands as they can be typed: `tunebench run` -> `npx tunebench run`. */
export function asCalled(text: string, name = calledAs(process.argv, process.env)): string {
  return text.replace(commandInText, name);
}

const commandInText =
  /(?<!npx |[\w./-])tunebench(?= (?:run|try|find|observe|plan|report|resume|calibrate|gate|compare|deliver|doctor|explain|init|list|clean|schema|cluster)\b)/g;
