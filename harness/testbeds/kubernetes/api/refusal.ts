import { ExpectedError, exitCodes } from "../../../core/errors.ts";

/** What the API server answers with where it doesn't do what it was asked: the fields of a Status that are read. */
export interface ApiStatus {
  code: number;
  /** "Forbidden", "AlreadyExists", "NotFound", "Invalid" ...; "" where it gave none. */
  reason: string;
  message: string;
}

/** The API server said no. `words` are its own: untrusted text. */
export class ApiRefusal extends ExpectedError {
  readonly code: number;
  /** The Status' reason: "Forbidden", "AlreadyExists", "NotFound", "Invalid" ... */
  readonly reason: string;
  readonly words: string;
  /** An attempt before ended without an answer, so what was asked for may have been done. */
  readonly uncertain: boolean;

  constructor(doing: string, status: ApiStatus, options: { hint?: string | undefined; uncertain?: boolean } = {}) {
    super(exitCodes.cannotRunHere, `${doing}: ${status.message} (HTTP ${status.code})`, { hint: options.hint });
    this.code = status.code;
    this.reason = status.reason;
    this.words = status.message;
    this.uncertain = options.uncertain ?? false;
  }
}

/** The Status in an answer's body, or what can be made of a body that is none. */
export function statusOf(code: number, body: string): ApiStatus {
  const parsed = parseObject(body);
  const message = typeof parsed.message === "string" ? parsed.message : body.trim().slice(0, longestMessage);
  return { code, reason: typeof parsed.reason === "string" ? parsed.reason : "", message: message || "no words" };
}

const longestMessage = 500;

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** What helps against a refusal, by its code and words; undefined where nothing general can be said. */
export function remedyOf(status: ApiStatus, namespace: string): string | undefined {
  if (status.code === 401) return "the credentials are not accepted (any more): log in again, or renew the kubeconfig";
  if (isNamespaceMissing(status)) {
    return `kubectl create namespace ${namespace}, or \`create: true\` in the cluster file`;
  }
  if (isForbiddenByRbac(status)) {
    return "kubectl apply -f clusters/rbac.yaml gives an account what a run needs, and no more";
  }
  return undefined;
}

/** The second: whoever makes a role must have what it grants. */
const lackingRight = /\bcannot \S+ (?:resource|path)\b|\bis attempting to grant RBAC permissions not currently held\b/;

/** Whether the account may not do it; an admission that forbids has code 403, too, but other words. */
export function isForbiddenByRbac(status: { code: number; message: string }): boolean {
  return status.code === 403 && lackingRight.test(status.message);
}

function isNamespaceMissing(status: { code: number; message: string }): boolean {
  return status.code === 404 && /^namespaces? "/.test(status.message);
}
