import { ApiRefusal } from "../api/refusal.ts";

/** What was asked for, or the server's no. */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | ApiRefusal> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
    throw error;
  }
}
