import { Document, Scalar } from "yaml";

/** A new document of plain values. Quoted as YAML 1.1 wants it, which Kubernetes and cloud-init read. */
export function yamlOf(value: unknown): string {
  return new Document(value, { version: "1.1", aliasDuplicateObjects: false }).toString({ lineWidth: 0 });
}

/** A long text as a block, where YAML can carry it so unchanged. */
export function blockText(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = /[^\P{Cc}\n\t]/u.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  return scalar;
}
