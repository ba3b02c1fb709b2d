/**
 * Text of unknown origin (suite, logs, platform) made safe to show on one line: control characters, which could move
 * a terminal's cursor or end an XML document, and bidirectional overrides become U+FFFD; line ends become spaces.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\r\n\t]+/g, " ")
    .replace(/[\p{Cc}\p{Bidi_Control}\uFFFE\uFFFF]/gu, "\uFFFD");
}
