// Files that old mail programs wrote into the text itself: uuencode (POSIX.1, "begin 644 name" … "end").

const BEGIN = /^begin (?:[0-7]{3,4}) (\S.{0,250})$/;
const MAX_FILES = 50;

export interface UuFile {
  readonly name: string;
  readonly octets: Buffer;
}

/** The text without such files, and the files. A "begin" without its "end", or with other lines inside, is text. */
export function takeUuencoded(text: string): { readonly text: string; readonly files: readonly UuFile[] } {
  if (!/^begin [0-7]{3,4} \S/m.test(text)) return { text, files: [] };
  const lines = text.split("\n");
  const kept: string[] = [];
  const files: UuFile[] = [];
  for (let at = 0; at < lines.length; at++) {
    const name = BEGIN.exec(lines[at] ?? "")?.[1];
    const end = name === undefined || files.length === MAX_FILES ? -1 : endOf(lines, at + 1);
    if (name === undefined || end < 0) {
      kept.push(lines[at] ?? "");
      continue;
    }
    files.push({ name: name.trim(), octets: Buffer.concat(lines.slice(at + 1, end).map(octetsOf)) });
    at = end;
  }
  const rest = kept.join("\n").replace(/\n{3,}/g, "\n\n");
  return files.length === 0 ? { text, files } : { text: rest.trim(), files };
}

/** The index of the "end" line; -1 when a line before it is not encoded. */
function endOf(lines: readonly string[], from: number): number {
  for (let at = from; at < lines.length; at++) {
    const line = (lines[at] ?? "").trimEnd();
    if (line === "end") return at > from ? at : -1;
    // Trailing spaces stand for zeros, and mail servers cut them off.
    if (line !== "" && !/^[ -`]{1,90}$/.test(line)) return -1;
  }
  return -1;
}

function octetsOf(line: string): Buffer {
  const length = (line.charCodeAt(0) - 32) & 63;
  if (line.trim() === "" || length === 0) return Buffer.alloc(0);
  const out = Buffer.alloc(Math.ceil(length / 3) * 3);
  const six = (index: number): number => ((line.charCodeAt(index) || 32) - 32) & 63;
  for (let byte = 0, at = 1; byte < out.length; byte += 3, at += 4) {
    const bits = (six(at) << 18) | (six(at + 1) << 12) | (six(at + 2) << 6) | six(at + 3);
    out.writeUIntBE(bits, byte, 3);
  }
  return out.subarray(0, length);
}
