/**
 * What looks like a secret, by the name that it has or by its form, is in no record: a run's folder is handed on, to a colleague or as an
 * artifact of a CI. `${env.NAME}` in a suite is only a name, and stays.
 */

/** What stands in a secret's place. */
export const redacted = "(redacted)";

const secretName =
  /passw(or)?d|passphrase|token|secret|credential|api_?key|(^|_)(key|dsn|auth)(_|$)|(private|access|signing)_?key/i;

/** The password of a URL, wherever it stands in a text; an @ in it that was not encoded is part of it. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/]+)(@)/gi;

/** `--db-password=x`, `API_TOKEN=x`; the value after the first =. */
const assignment = /^(-{0,2}[A-Za-z][\w.-]*)=(.+)$/s;

/** `${env.NAME}` and other references: nothing of the value itself. */
const onlyReferences = /^(\$\{[^}]*\})*$/;

/** Whether a variable or an option of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.replace(/^-+/, "").replace(/[.-]/g, "_"));
}

/** A variable's value as records have it. */
export function redactedValue(name: string, value: string): string {
  if (isSecretName(name) && !onlyReferences.test(value)) return redacted;
  return redactedText(value);
}

/** An environment as records have it. */
export function redactedEnv(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, redactedValue(name, value)]));
}

/** A command as records have it: values of options whose names say so, and the word after one. */
export function redactedCommand(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const before = words[i - 1] ?? "";
    if (/^-/.test(before) && !before.includes("=") && !/^-/.test(word) && isSecretName(before)) {
      return redactedValue(before, word);
    }
    const [, name, value] = assignment.exec(word) ?? [];
    return name === undefined || value === undefined ? redactedText(word) : `${name}=${redactedValue(name, value)}`;
  });
}

/** A URL that a script asked, as records have it: no password, and of its query the names alone. */
export function redactedUrl(url: string): string {
  return redactedText(url).replace(/([?&][^=&#]*=)[^&#]+/g, `$1${omitted}`);
}

/** In place of a query's values: most are no secret, but any may be. */
const omitted = "…";

function redactedText(text: string): string {
  return text.replace(urlPassword, (whole, before: string, password: string, after: string) =>
    onlyReferences.test(password) ? whole : `${before}${redacted}${after}`,
  );
}
