// Collects the lines of a text that is read out of HTML, each with the quoting it stands under.

const MAX_QUOTE_DEPTH = 10;

export interface Lines {
  isFull(): boolean;
  text(text: string, asIs: boolean): void;
  /** A space, where two cells meet. */
  space(): void;
  /** Ends the line under way; without one it adds an empty line only when `evenEmpty`. */
  end(evenEmpty: boolean): void;
  /** Ends the line, and leaves one empty line. */
  gap(): void;
  quote(change: 1 | -1): void;
  /** Everything from here on is quoted. */
  quoteRest(): void;
  finish(): string;
}

export function collectLines(maxChars: number): Lines {
  const lines: string[] = [];
  let line = "";
  let endsInSpace = true;
  let chars = 0;
  let depth = 0;
  let rest = 0;
  let prefix = "";
  let afterBlank = true;

  const push = (content: string): void => {
    lines.push(content === "" ? prefix.trimEnd() : prefix + content);
    chars += content.length + prefix.length + 1;
    afterBlank = content === "";
  };
  const end = (evenEmpty: boolean): void => {
    // A line of one no-break space is how Outlook writes an empty line.
    if (line !== "" || (evenEmpty && lines.length > 0)) push(line.trimEnd());
    line = "";
    endsInSpace = true;
  };
  const setPrefix = (): void => {
    prefix = "> ".repeat(Math.min(depth + rest, MAX_QUOTE_DEPTH));
  };
  const append = (text: string): void => {
    const flat = text.replace(/[ \t\r\n\f]+/g, " ");
    const joined = endsInSpace ? flat.replace(/^ /, "") : flat;
    if (joined === "") return;
    line += joined.replaceAll("\u00a0", " ");
    endsInSpace = joined.endsWith(" ");
  };
  const appendAsIs = (text: string): void => {
    for (const [index, each] of text.split("\n").entries()) {
      if (index > 0) end(true);
      line += each.replace(/\r$/, "");
    }
  };

  return {
    isFull: () => chars + line.length >= maxChars,
    text: (text, asIs) => (asIs ? appendAsIs(text) : append(text)),
    space: () => append(" "),
    end,
    gap: () => {
      end(false);
      if (!afterBlank) push("");
    },
    quote: (change) => {
      end(false);
      depth += change;
      setPrefix();
    },
    quoteRest: () => {
      end(false);
      rest = 1;
      setPrefix();
    },
    finish: () => {
      end(false);
      while (/^[> ]*$/.test(lines.at(-1) ?? "-")) lines.pop();
      return lines
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim()
        .slice(0, maxChars);
    },
  };
}
