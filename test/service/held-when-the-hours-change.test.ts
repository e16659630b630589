// A closure, leave or new hours that are set while mail is held: it comes back by the hours as they are now.
import { afterEach, describe, expect, test } from "@jest/globals";
import { dovecotInstalled } from "../peers/dovecot.ts";
import { mail, shahsNumber, startSchool, until, type WholeSchool } from "./whole-school.ts";

const fridayNight = "2026-11-13T21:00:00.000Z";
const held = "Afterbell/Held";
const closeMonday = [{ first: "2026-11-16", last: "2026-11-16", name: "Snow" }];

let school: WholeSchool;
afterEach(() => school?.close());

async function reload(change: Parameters<WholeSchool["configure"]>[0]): Promise<void> {
  school.configure(change);
  await school.service.refresh();
}

const releases = async () =>
  (await school.service.store.selectFrom("deliveries").select("release_at").execute()).map(
    ({ release_at }) => release_at,
  );

async function hold(count: number, text = (number: number) => `Question ${number * 7}: which book?`) {
  const shah = await school.mailOf("shah");
  for (let number = 1; number <= count; number += 1) {
    await shah.deliver(mail({ text: text(number) }), { at: school.clock.now() });
  }
  await until(async () => (await releases()).length === count);
  await school.service.worker.runDue();
  return shah;
}

(dovecotInstalled ? describe : describe.skip)("while mail is held", () => {
  test("Monday is closed for snow: it comes back on Tuesday, and so does a text", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await hold(1);
    await school.twilio.sendAsParent({ from: "+447700900301", to: shahsNumber, body: "when is the trip?" });
    await reload((file) => file.setIn(["calendar", "years", 1, "closures"], closeMonday));
    expect(await releases()).toEqual(["2026-11-17T08:00:00.000Z", "2026-11-17T08:00:00.000Z"]);

    school.clock.set("2026-11-16T12:00:00.000Z");
    await school.service.worker.runDue();
    expect(await shah.list("INBOX")).toEqual([]);
    school.clock.set("2026-11-17T08:00:00.000Z");
    await until(async () => (await shah.list("INBOX")).length === 1);
    await school.sink.waitFor(({ envelopeTo }) => envelopeTo.includes("a.shah@oakhill.example"));
  });

  test("her leave was entered before a restart", async () => {
    school = await startSchool({ at: fridayNight });
    await hold(1);
    school.configure(
      () => {},
      (staff) => {
        const ids = (staff.toJS().staff as { id: string }[]).map(({ id }) => id);
        const leave = [{ first: "2026-11-16", last: "2026-11-17", name: "Ill" }];
        staff.setIn(["staff", ids.indexOf("shah"), "leave"], leave);
      },
    );
    await school.restart();
    expect(await releases()).toEqual(["2026-11-18T08:00:00.000Z"]);
  });

  test("hours that were wrong are mended: it comes back at once", async () => {
    school = await startSchool({ at: fridayNight });
    const shah = await hold(1);
    await reload((file) => file.setIn(["hours", "weeks", 0, "fri"], "08:00-22:00"));
    await until(async () => (await shah.list("INBOX")).length === 1);
    expect(await shah.list(held)).toEqual([]);
  });

  test("a digest stays one digest", async () => {
    school = await startSchool({ at: "2026-11-12T10:00:00.000Z" });
    const words = ["the trip", "the gate", "her coat", "his maths", "the bus", "lunch money", "the choir"];
    const shah = await hold(7, (number) => `A question about ${words[number - 1]}: who looks after that?`);
    expect(await shah.list(held)).toHaveLength(3);
    const closeFriday = [{ first: "2026-11-13", last: "2026-11-13", name: "Boiler" }];
    await reload((file) => file.setIn(["calendar", "years", 1, "closures"], closeFriday));
    const digests = () =>
      school.sink.mails.filter(({ envelopeTo }) => envelopeTo.includes("a.shah@oakhill.example"));
    school.clock.set("2026-11-13T12:00:00.000Z");
    await school.service.worker.runDue();
    expect(digests()).toEqual([]);
    school.clock.set("2026-11-16T08:00:00.000Z");
    await until(async () => digests().length > 0);
    await school.service.worker.runDue();
    expect(digests()).toHaveLength(1);
  });

  test("a change that has nothing to do with hours moves nothing", async () => {
    school = await startSchool({ at: fridayNight });
    await hold(1);
    await reload((file) => file.setIn(["school", "name"], "Oakhill School"));
    expect(await releases()).toEqual(["2026-11-16T08:00:00.000Z"]);
    const audit = await school.service.store.selectFrom("audit").select("action").execute();
    expect(audit.map(({ action }) => action)).not.toContain("held.replanned");
  });
});
