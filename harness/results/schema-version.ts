/** Version of every record on disk: it goes up with each change of a record, and a reader refuses any other. */
export const schemaVersion = 9;
