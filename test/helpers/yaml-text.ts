import { stringify } from "yaml";

/** Objects as a person reads them: what the API server would be sent. */
export function yamlText(objects: object[]): string {
  return objects
    .map((object) => stringify(JSON.parse(JSON.stringify(object)), { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}
