// A reload changes the mail server: the connections to the one before are closed, and it stops without delay.
import { afterEach, describe, expect, test } from "@jest/globals";
import { startSmtpSink } from "../../src/trial/peers/smtp-sink.ts";
import { dovecotInstalled } from "../peers/dovecot.ts";
import { layWire } from "../peers/wire.ts";
import { mail, startSchool, until, type WholeSchool } from "./whole-school.ts";

const fridayNight = "2026-11-13T21:00:00.000Z";

let school: WholeSchool;
afterEach(() => school?.close());

const deliver = async (parent: string) => {
  const shah = await school.mailOf("shah");
  await shah.deliver(mail({ from: parent }), { at: fridayNight });
};

(dovecotInstalled ? describe : describe.skip)("after a reload", () => {
  test("no connection to the mail server of before is left, and one that stays is kept", async () => {
    const before = await startSmtpSink();
    const wire = await layWire(before);
    try {
      school = await startSchool({ at: fridayNight });
      school.configure((file) => file.setIn(["mail", "smtp", "port"], wire.port));
      await school.service.refresh();
      await deliver("rosa.delgado@gmail.com");
      await until(async () => before.mails.length === 1);
      expect(wire.counts().open).toBe(1);

      school.configure((file) => file.setIn(["school", "name"], "Oakhill School"));
      await school.service.refresh();
      await deliver("leo.delgado@gmail.com");
      await until(async () => before.mails.length === 2);
      expect(wire.counts()).toMatchObject({ open: 1, total: 1 });

      school.configure((file) => file.setIn(["mail", "smtp", "port"], school.sink.port));
      await school.service.refresh();
      await deliver("ana.delgado@gmail.com");
      await until(async () => school.sink.mails.length === 1);
      await until(async () => wire.counts().open === 0);
    } finally {
      await wire.stop();
      await before.close();
    }
  });
});
