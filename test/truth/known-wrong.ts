/** What the product does not say right yet, as `case/profile`. A row that turns right must be taken off: its test says so. */
export const knownWrong: string[] = [];
