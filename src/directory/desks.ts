// Where the desks of the school are: headteacher, office, complaints, chair of governors, safeguarding lead.
import type { Address, Desk } from "../core/types.ts";
import type { LoadedConfig } from "../policy/load.ts";

/** The address of a desk: a member of staff's first address, or one of the school's own. */
export function deskAddress(loaded: LoadedConfig, desk: Desk): Address {
  const { school, desks } = loaded.school;
  if (desk === "office") return { name: `${school.name} office`, address: school.office.email };
  if (desk === "complaints") return { name: `${school.name} complaints`, address: desks.complaints };
  if (desk === "chair") return { name: "Chair of governors", address: desks.chair };
  return staffAddress(loaded, desk === "dsl" ? desks.dsl : desks.headteacher);
}

/** A member of staff's first address; the office's for one who has left and for the school's own number. */
export function staffAddress(loaded: LoadedConfig, id: string): Address {
  const member = loaded.staff.find((one) => one.id === id);
  const address = member?.email[0];
  if (member === undefined || address === undefined) return deskAddress(loaded, "office");
  return { name: member.name, address };
}

/** Where a desk is alerted by text; null without SMS or without a mobile. */
export function deskMobile({ school, staff }: LoadedConfig, desk: Desk): string | null {
  const id = desk === "dsl" ? school.desks.dsl : desk === "headteacher" ? school.desks.headteacher : null;
  if (!school.sms || id === null) return null;
  return staff.find((one) => one.id === id)?.mobile ?? null;
}

export function staffNames(loaded: LoadedConfig, ids: readonly string[]): readonly string[] {
  return ids.map((id) => loaded.staff.find((one) => one.id === id)?.name ?? loaded.school.school.name);
}
