import test from "ava";
import fc from "fast-check";
import { mimeOf, parseMime, withBody, withPart } from "../../../harness/deliver/mime.ts";

/** Lines without a delimiter of the messages below. */
const body = fc.array(fc.stringMatching(/^[ -~\t]{0,20}$/), { maxLength: 6 }).map((lines) => lines.join("\n"));
const part = fc.record({ contentType: fc.constantFrom("text/x-shellscript", "application/node.eks.aws"), body });
const parts = fc.array(part, { minLength: 1, maxLength: 4 });

test("what is written is read again, part by part", (t) => {
  fc.assert(
    fc.property(parts, (written) => {
      const read = parseMime(mimeOf(written));
      t.deepEqual(
        read?.parts.map(({ contentType, body }) => ({ contentType, body })),
        written,
      );
    }),
  );
});

test("one part more, or another body: all others stay byte for byte", (t) => {
  fc.assert(
    fc.property(parts, body, fc.nat(3), (written, text, index) => {
      const mime = parseMime(mimeOf(written));
      const changed = mime?.parts[index % written.length];
      if (mime === null || mime === undefined || changed === undefined) return t.fail();
      if (text.includes(`--${mime.boundary}`)) return;
      const more = withPart(mime, "text/plain", text);
      t.is(more.slice(0, mime.closeAt ?? 0), mime.text.slice(0, mime.closeAt ?? 0));
      t.deepEqual(
        parseMime(more)?.parts.map((one) => one.body),
        [...written.map((one) => one.body), text],
      );
      const other = withBody(mime, changed, text);
      t.deepEqual(
        parseMime(other)?.parts.map((one) => one.body),
        written.map((one, at) => (at === index % written.length ? text : one.body)),
      );
    }),
  );
});

test("a boundary that a part holds is not taken", (t) => {
  const written = [{ contentType: "text/x-shellscript", body: "cat <<END\n--TUNEBENCH--\n--TUNEBENCHX\nEND" }];
  t.is(parseMime(mimeOf(written))?.parts[0]?.body, written[0]?.body);
});

test("CRLF, a preamble, a folded header, no closing delimiter, an epilogue", (t) => {
  const head = 'Content-Type: multipart/mixed;\r\n boundary="a b"\r\nMIME-Version: 1.0\r\n\r\n';
  const message = `${head}for old readers\r\n--a b\r\n\r\nplain\r\n--a b  \r\ncontent-type: X/Y; z=1\r\n\r\nlast\r\n`;
  const mime = parseMime(message);
  t.deepEqual(
    mime?.parts.map(({ contentType, body }) => [contentType, body]),
    [
      ["text/plain", "plain"],
      ["x/y", "last"],
    ],
  );
  const more = mime === null || mime === undefined ? "" : withPart(mime, "text/x-shellscript", "#!/bin/sh\ntrue\n");
  t.is(more, `${message}--a b\r\nContent-Type: text/x-shellscript\r\n\r\n#!/bin/sh\ntrue\n\r\n--a b--\r\n`);
  t.is(parseMime(`${message}--a b--\r\nepilogue\n--a b\nnot a part`)?.parts.length, 2);
});

test("what is no message is none; one without parts is refused", (t) => {
  for (const text of ["", "#!/bin/bash\necho\n", "apiVersion: node.eks.aws/v1alpha1\n", "[settings]\n"])
    t.is(parseMime(text), null);
  t.throws(() => parseMime("Content-Type: multipart/mixed\n\n--a\n"), {
    name: "InputError",
    message: /without a boundary/,
  });
  t.throws(() => parseMime("Content-Type: multipart/mixed; boundary=a\n\ntext\n"), {
    name: "InputError",
    message: /no line --a/,
  });
});
