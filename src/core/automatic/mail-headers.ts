// The header fields of one mail, in order, as the automatic-mail rules read them.

export interface MailHeader {
  /** Lower case. */
  readonly name: string;
  /** Unfolded and decoded (RFC 2047), without surrounding space. */
  readonly value: string;
}

export interface MailHeaders {
  /** From the top of the mail down, as they came. */
  readonly list: readonly MailHeader[];
  /** The topmost value of a field (lower-case name); null when the field is absent. */
  get(name: string): string | null;
  all(name: string): readonly string[];
}

export function mailHeaders(list: readonly MailHeader[]): MailHeaders {
  const byName = new Map<string, string[]>();
  for (const { name, value } of list) {
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  return {
    list,
    get: (name) => byName.get(name)?.[0] ?? null,
    all: (name) => byName.get(name) ?? [],
  };
}
