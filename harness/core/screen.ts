/** Where text is shown: how wide in columns, whether it is a terminal, whether colours are welcome. `write` gets text as it is, escape sequences included. */
export interface Screen {
  isTTY: boolean;
  width: number;
  color: boolean;
  write(text: string): void;
}

/** NO_COLOR (https://no-color.org), TERM=dumb and anything that is not a terminal get plain text at 80 columns. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const isTTY = stream.isTTY === true && process.env.TERM !== "dumb";
  return {
    isTTY,
    width: isTTY ? Math.max(40, stream.columns ?? 80) : 80,
    color: isTTY && (process.env.NO_COLOR ?? "") === "",
    write: (text) => void stream.write(text),
  };
}
