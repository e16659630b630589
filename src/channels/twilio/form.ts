// Reads a form body with every parameter it has: blank ones and repeated ones are part of Twilio's signature.

export type FormParameters = Readonly<Record<string, string | readonly string[]>>;

/** Repeated names become arrays, in order. Never throws: octets that are not UTF-8 become U+FFFD. */
export function readForm(body: Buffer): FormParameters {
  // No prototype: a parameter may be called "__proto__" or "constructor".
  const form: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) {
    const earlier = form[name];
    if (earlier === undefined) form[name] = value;
    else if (Array.isArray(earlier)) earlier.push(value);
    else form[name] = [earlier, value];
  }
  return form;
}

/** The first value of a parameter; "" when it is absent. */
export function one(form: FormParameters, name: string): string {
  const value = form[name];
  return typeof value === "string" ? value : (value?.[0] ?? "");
}
