// The kinds of abuse, and of what must not wait: names shared by rules, lexicons and the model.

export const ABUSE_CATEGORIES = [
  "threat",
  "insult",
  "harassment",
  "discrimination",
  "sexual",
  "defamation",
] as const;
/** From the kind that wins when two are equally likely to the one that yields. */
export const MUST_NOT_WAIT_KINDS = [
  "complaint-about-head",
  "subject-access",
  "legal",
  "ehcp",
  "collection",
  "medicine",
  "bereavement",
  "absence",
  "complaint",
] as const;
