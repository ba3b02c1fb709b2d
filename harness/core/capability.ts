/**
 * One thing that this machine, or a cluster, can or can't do; a line of doctor. `remedy`: a command or a choice; null where all is
 * well or nothing helps.
 */
export interface Capability {
  name: string;
  ok: boolean;
  /** False where experiments work without it. */
  required: boolean;
  detail: string;
  remedy: string | null;
}

/** It is there. */
export function capability(name: string, has: { detail: string; required?: boolean }): Capability {
  return { name, ok: true, required: has.required ?? true, detail: has.detail, remedy: null };
}

/** It is not. */
export function lacking(name: string, why: { detail: string; remedy: string | null }, required = true): Capability {
  return { name, ok: false, required, detail: why.detail, remedy: why.remedy };
}
