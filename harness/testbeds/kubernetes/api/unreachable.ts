import { CapabilityError } from "../../../core/errors.ts";

/** Credentials could not be had: an exec plugin that is missing or fails, a certificate's file that is not there. */
export class CredentialsMissing extends CapabilityError {}

/** The server could not be spoken to. `code` is Node's ("ECONNREFUSED" ...) or "TIMEOUT". */
export class Unreachable extends CapabilityError {
  readonly code: string;

  constructor(code: string, message: string, hint: string) {
    super(message, { hint });
    this.code = code;
  }
}

const sentences: Record<string, string> = {
  ECONNREFUSED: "refused the connection",
  ECONNRESET: "cut the connection",
  EPIPE: "cut the connection",
  ENOTFOUND: "has a name that is not known",
  EAI_AGAIN: "has a name that could not be looked up",
  EHOSTUNREACH: "is not reached from this machine",
  ENETUNREACH: "is not reached from this machine",
  ETIMEDOUT: "did not answer",
};

/** Whom a call was for; `requestMs` is how long an answer was waited for. */
interface Whom {
  server: string;
  context: string;
  requestMs: number;
}

/** What Node says of a connection that failed, as a sentence with a way on. */
export function unreachable(code: string, words: string, whom: Whom): Unreachable {
  const hint = `is it up, and the way to it open? kubectl --context ${whom.context} version`;
  const server = `the API server at ${whom.server}`;
  if (code === "TIMEOUT")
    return new Unreachable(code, `${server} did not answer within ${whom.requestMs / 1000} s`, hint);
  const sentence = sentences[code];
  if (sentence !== undefined) return new Unreachable(code, `${server} ${sentence} (${code})`, hint);
  if (!/CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) {
    return new Unreachable(code, `${server} can't be spoken to: ${words}`, hint);
  }
  const remedy =
    "in the kubeconfig, certificate-authority-data must be this cluster's, and server or tls-server-name a name in it";
  return new Unreachable(code, `the certificate of ${server} is not accepted: ${words}`, remedy);
}

/** Node's code of a connection that failed; "" where it gave none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * client-node's words where it can't get credentials, without what a plugin wrote to its standard output: that holds
 * the token.
 */
export function credentialsMissing(error: unknown, context: string): CredentialsMissing {
  const hint = `kubectl --context ${context} version must work first`;
  if (!(error instanceof Error) || error instanceof SyntaxError || error instanceof TypeError) {
    return new CredentialsMissing("the kubeconfig's credential plugin did not write a credential", { hint });
  }
  if ("syscall" in error && typeof error.syscall === "string" && error.syscall.startsWith("spawn")) {
    const program = error.syscall.replace(/^spawn /, "");
    return new CredentialsMissing(`the kubeconfig's credential plugin ${program} is not installed, or not on PATH`, {
      hint,
    });
  }
  const words = error.message.trim().split("\n").slice(-3).join(" ").slice(0, 300);
  return new CredentialsMissing(`the kubeconfig's credentials can't be had: ${words || "no words"}`, { hint });
}
