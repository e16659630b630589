// What a watched mailbox asks of the rest: may this be moved, take this in, do we know this already.
import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { readEmail, readHeaders } from "../channels/email.ts";
import { placeKey } from "../channels/imap/places.ts";
import type { Incoming, MailboxHost } from "../channels/imap.ts";
import type { Message, Place } from "../core/types.ts";
import { foresee, ownAddresses, type Reception, receive } from "../receive.ts";
import { readPosition, savePosition } from "../store/mailboxes.ts";
import {
  deliveryAt,
  placesIn,
  placesOfOctets,
  recordedKeys,
  recordedPlaces,
  setPlace,
} from "../store/places.ts";
import type { DeliveryState } from "../store/tables.ts";

export interface HostSettings {
  readonly reception: Reception;
  /** Staff id: the mailbox's name in keys and places, and who its mail is addressed to. */
  readonly account: string;
  readonly heldFolder: string;
  readonly referredFolder: string;
  /** Verifies the mark on our own mail. */
  readonly loopSecret: string;
  readonly log: Logger;
}

/** The parts of a message that can be known before it is read: enough to say whether it may wait. */
function fromHead(head: Buffer, receivedAt: string, reading: ReturnType<typeof reader>): Message {
  const { from, to, cc, subject, date, messageId, automatic, authenticity } = readHeaders(head, reading);
  return {
    key: "",
    channel: "email",
    from,
    to,
    cc,
    subject,
    date,
    messageId,
    references: [],
    text: "",
    newText: "",
    automatic,
    suppressReply: null,
    authenticity,
    attachments: [],
    receivedAt,
    rawHash: "",
    parseError: null,
  };
}

function reader({ reception, loopSecret }: HostSettings) {
  const loaded = reception.loaded();
  return {
    authservId: loaded.school.mail?.authserv_id ?? null,
    ownAddresses: ownAddresses(loaded),
    loopSecret,
  };
}

function stateIn(folder: string, { heldFolder, referredFolder }: HostSettings): DeliveryState {
  const is = (wanted: string) => folder.toLowerCase().replaceAll(".", "/").endsWith(wanted.toLowerCase());
  if (folder.toUpperCase() === "INBOX") return "inbox";
  if (is(heldFolder)) return "held";
  return is(referredFolder) ? "referred" : "gone";
}

/** Joins a mailbox to the one path of every message and to the store. */
export function mailboxHost(settings: HostSettings): MailboxHost {
  const { reception, account, log } = settings;
  const { store } = reception;
  const school = () => reception.loaded().policy.school;
  const own = () => ({ school: school(), account });
  return {
    log,
    async shield(head, receivedAt) {
      const message = fromHead(head, receivedAt, reader(settings));
      const decision = await foresee(reception, message, [account]);
      const { outcome } = decision.recipients.find(({ recipient }) => recipient === account) ?? {
        outcome: "deliver",
      };
      return outcome === "hold" || outcome === "escalate";
    },
    async received(incoming: Incoming) {
      const { raw, key, place, receivedAt, origin } = incoming;
      const message = await readEmail(raw, { ...reader(settings), key, receivedAt });
      // It may have been moved before it was read.
      const now = stateIn(place.folder, settings);
      const state = now === "gone" ? origin : now;
      await receive(reception, { message, raw, recipients: [account], place, origin: state });
    },
    async known(places) {
      const byKey = await recordedKeys(store, own(), places.map(placeKey));
      const there = await recordedPlaces(store, own(), places);
      return new Set([...byKey, ...there.map(placeKey)]);
    },
    recorded: (folder) => placesIn(store, own(), folder),
    async recognise(raw, among) {
      const hash = createHash("sha256").update(raw).digest("hex");
      const seen = new Set((await placesOfOctets(store, own(), hash)).map(placeKey));
      return among.find((place) => seen.has(placeKey(place))) ?? null;
    },
    async moved(from: Place, to: Place | null) {
      const id = await deliveryAt(store, school(), from);
      if (id === null) return;
      await setPlace(store, id, to, to === null ? "gone" : stateIn(to.folder, settings), reception.now());
    },
    position: (folder) => readPosition(store, school(), account, folder),
    savePosition: (folder, position) => savePosition(store, { ...own(), folder }, position, reception.now()),
  };
}
