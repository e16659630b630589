// The second opinion in the whole service: what is set in school.yaml is asked about mail in a real mailbox.
import { expect, test } from "@jest/globals";
import { inDoubt } from "../core/wording/in-doubt.ts";
import { dovecotInstalled } from "../peers/dovecot.ts";
import { judging, startLanguageModel } from "../peers/language-model.ts";
import { mail, startSchool, until } from "./whole-school.ts";

(dovecotInstalled ? test : test.skip)(
  "mail in doubt is asked about, and kept from staff when it is abuse",
  async () => {
    const model = await startLanguageModel(judging("abusive", "insult", "It calls the teacher useless."));
    const school = await startSchool({
      at: "2026-11-17T12:00:00.000Z",
      change: (file) => file.set("wording", { second_opinion: { url: model.url, model: "small-model" } }),
    });
    try {
      const shah = await school.mailOf("shah");
      await shah.deliver(mail({ text: inDoubt() }));
      const found = await until(() =>
        school.service.store.selectFrom("cases").selectAll().executeTakeFirst(),
      );
      expect(found?.kind).toBe("insult");
      expect(model.questions).toHaveLength(1);
    } finally {
      await school.close();
      await model.close();
    }
  },
  60_000,
);
