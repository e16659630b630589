// A contact of the school: a parent, with every address and number that they write from.
import type { Adjustment } from "../core/types.ts";

export const CONTACT_ROLES = ["parent", "governor", "hsa"] as const;
/** What a contact is to the school; "hsa" is the Home School Association (clause 3.7). */
export type ContactRole = (typeof CONTACT_ROLES)[number];

export interface Contact {
  /** The school's own number or name for them; never changed. */
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly emails: readonly string[];
  /** E.164. */
  readonly numbers: readonly string[];
  readonly roles: readonly ContactRole[];
  /** BCP 47 tag of the language for replies. */
  readonly language: string;
  readonly adjustments: readonly Adjustment[];
  /** As the school wrote it: names or classes. */
  readonly children: string;
}
