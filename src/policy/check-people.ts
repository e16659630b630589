// Staff, desks and telephone numbers held against each other: every name must lead to one person.
import { mailboxKey } from "../directory/address.ts";
import { toE164 } from "../directory/telephone.ts";
import { checkHours, checkLeave } from "./check-hours.ts";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { SchoolFile, StaffMember } from "./schema.ts";
import { type Path, problemAt, type YamlFile } from "./yaml-file.ts";

/** A member of staff with their place in staff.yaml. */
export interface PlacedMember {
  readonly member: StaffMember;
  readonly path: Path;
}

/** Ids that mean something else: a number that belongs to the school, an addressee who is nobody's. */
const RESERVED: readonly string[] = ["school", "unlisted"];
const NOT_A_NUMBER = 'is not a whole telephone number: write it as "07700 900123" or "+44 7700 900123"';

interface Claim {
  readonly as: string;
  readonly shown: string;
  readonly path: Path;
  readonly who: string;
}

/** Whatever two people claim is named at the second one. */
const twice = (
  yaml: YamlFile,
  claims: readonly Claim[],
  say: (claim: Claim, other: Claim) => string,
): readonly Problem[] => {
  const owners = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const owner = owners.get(claim.as);
    if (owner === undefined) {
      owners.set(claim.as, claim);
      return [];
    }
    return owner.who === claim.who ? [] : [problemAt(yaml, claim.path, say(claim, owner))];
  });
};

const checkIds = (yaml: YamlFile, staff: readonly PlacedMember[]): readonly Problem[] => {
  const reserved = staff
    .filter(({ member }) => RESERVED.includes(member.id))
    .map(({ member, path }) =>
      problemAt(yaml, [...path, "id"], `${member.id} has a meaning of its own here: choose another id`),
    );
  const claims = staff.map(({ member, path }) => {
    const place = [...path, "id"];
    return { as: member.id, shown: member.id, path: place, who: String(place[1]) };
  });
  const repeated = twice(
    yaml,
    claims,
    ({ shown }, other) =>
      `${shown} is also the id on line ${yaml.at(other.path).line}: give each member of staff one of their own`,
  );
  return [...reserved, ...repeated];
};

const checkShared = (yaml: YamlFile, staff: readonly PlacedMember[]): readonly Problem[] => {
  const emails = staff.flatMap(({ member, path }) =>
    member.email.map((shown, index) => ({
      as: mailboxKey(shown),
      shown,
      path: [...path, "email", index],
      who: member.id,
    })),
  );
  const mobiles = staff.flatMap(({ member, path }) =>
    member.mobile === undefined
      ? []
      : [
          {
            as: toE164(member.mobile) ?? member.mobile,
            shown: member.mobile,
            path: [...path, "mobile"],
            who: member.id,
          },
        ],
  );
  const mailboxes = staff.flatMap(({ member, path }) =>
    member.mailbox === undefined
      ? []
      : [{ as: member.mailbox.user, shown: "", path: [...path, "mailbox", "user"], who: member.id }],
  );
  return [
    ...twice(
      yaml,
      emails,
      ({ shown }, other) =>
        `${shown} is also an address of ${other.who}: an address belongs to one member of staff`,
    ),
    ...twice(
      yaml,
      mobiles,
      ({ shown }, other) =>
        `${shown} is also the mobile of ${other.who}: a number belongs to one member of staff`,
    ),
    ...twice(
      yaml,
      mailboxes,
      (_, other) => `is also the mailbox of ${other.who}: a mailbox is watched for one member of staff`,
    ),
  ];
};

export const checkStaff = (yaml: YamlFile, staff: readonly PlacedMember[]): readonly Problem[] => [
  ...checkIds(yaml, staff),
  ...checkShared(yaml, staff),
  ...staff.flatMap(({ member, path }) => [
    ...(member.mobile !== undefined && toE164(member.mobile) === null
      ? [problemAt(yaml, [...path, "mobile"], NOT_A_NUMBER)]
      : []),
    ...(member.texts_to === "phone" && member.mobile === undefined
      ? [problemAt(yaml, [...path, "texts_to"], "phone needs a mobile: add it, or write email")]
      : []),
    ...(member.hours === undefined ? [] : checkHours(yaml, [...path, "hours"], member.hours)),
    ...checkLeave(yaml, path, member),
  ]),
];

/** @param ids every id in staff.yaml; null when the file cannot be read, and nothing can be said */
const nobody = (
  yaml: YamlFile,
  path: Path,
  id: string,
  ids: readonly string[] | null,
): readonly Problem[] => {
  if (ids === null || ids.includes(id)) return [];
  return [problemAt(yaml, path, `"${id}" is nobody's id in staff.yaml${didYouMean(id, ids)}`)];
};

export const checkDesks = (
  yaml: YamlFile,
  desks: SchoolFile["desks"],
  ids: readonly string[] | null,
  staff: readonly PlacedMember[],
): readonly Problem[] => {
  const named = (["headteacher", "deputy", "dsl"] as const).flatMap((desk) => {
    const id = desks[desk];
    return id === undefined ? [] : nobody(yaml, ["desks", desk], id, ids);
  });
  const dsl = staff.find(({ member }) => member.id === desks.dsl)?.member;
  if (dsl === undefined || dsl.mobile !== undefined) return named;
  const message = `${dsl.name} has no mobile in staff.yaml: an alert reaches the safeguarding lead by e-mail only`;
  return [...named, problemAt(yaml, ["desks", "dsl"], message, "warning")];
};

export const checkNumbers = (
  yaml: YamlFile,
  sms: NonNullable<SchoolFile["sms"]>,
  ids: readonly string[] | null,
): readonly Problem[] => {
  const numbers = sms.numbers.flatMap(({ number, belongs_to }, index) => {
    const path = ["sms", "numbers", index];
    const owners = belongs_to === "school" ? [] : belongs_to;
    return [
      ...(toE164(number) === null ? [problemAt(yaml, [...path, "number"], NOT_A_NUMBER)] : []),
      ...owners.flatMap((id, at) => nobody(yaml, [...path, "belongs_to", at], id, ids)),
    ];
  });
  const claims = sms.numbers.map(({ number }, index) => ({
    as: toE164(number) ?? number,
    shown: number,
    path: ["sms", "numbers", index, "number"],
    who: String(index),
  }));
  const repeated = twice(
    yaml,
    claims,
    ({ shown }, other) =>
      `${shown} stands on line ${yaml.at(other.path).line} already: name all its owners there`,
  );
  const prefixes = sms.reply_prefixes.flatMap((prefix, index) =>
    /^\+\d{1,14}$/.test(prefix)
      ? []
      : [problemAt(yaml, ["sms", "reply_prefixes", index], 'write how the numbers begin, in quotes: "+447"')],
  );
  return [...numbers, ...repeated, ...prefixes];
};

export const checkOffice = (yaml: YamlFile, { office }: SchoolFile["school"]): readonly Problem[] =>
  toE164(office.telephone) === null ? [problemAt(yaml, ["school", "office", "telephone"], NOT_A_NUMBER)] : [];
