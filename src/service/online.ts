// Signs in to every server that the configuration names, and says which setting to look at when one refuses.
import Bull from "bull";
import { Mailbox, type MailboxHost } from "../channels/imap.ts";
import { createMailer } from "../channels/smtp.ts";
import { createTexter } from "../channels/twilio/send.ts";
import type { LoadedConfig } from "../policy/load.ts";
import { mailboxesOf } from "./mailboxes.ts";
import { tryOpinion } from "./second-opinion.ts";

export interface OnlineStep {
  readonly name: string;
  /** Resolves to what was found. @throws Error with what to change */
  readonly run: () => Promise<string>;
}

/** A mailbox that is only looked at asks its host for nothing. */
const nobody = { log: { info: () => {}, warn: () => {} } } as unknown as MailboxHost;

const movesWords = {
  move: "moves by MOVE",
  "copy-and-expunge": "moves by COPY and UID EXPUNGE",
  "copy-and-flag": "copies and marks as deleted: nothing is expunged",
} as const;

function said(error: unknown): string {
  const { responseText, code, message } = error as { responseText?: string; code?: string; message?: string };
  return responseText ?? code ?? message ?? String(error);
}

function mailboxSteps(loaded: LoadedConfig): readonly OnlineStep[] {
  return mailboxesOf(loaded).map((watched) => ({
    name: `mailbox of ${watched.account}`,
    run: async () => {
      const report = await new Mailbox(watched, nobody).checkFolders().catch((error: unknown) => {
        throw new Error(
          `${said(error)}; look at mail.imap in school.yaml and at this person's mailbox in staff.yaml.`,
        );
      });
      const folders =
        report.held.exists && report.referred.exists ? "folders are there" : "folders will be made";
      return `signed in, ${folders}, ${movesWords[report.moves]}, ${report.idle ? "IDLE" : "no IDLE: polled"}`;
    },
  }));
}

function smtpSteps({ school }: LoadedConfig): readonly OnlineStep[] {
  const smtp = school.mail?.smtp;
  if (!smtp) return [];
  return [
    {
      name: `mail out by ${smtp.host}:${smtp.port}`,
      run: async () => {
        const mailer = createMailer(smtp);
        try {
          await mailer.verify();
          return smtp.user === undefined ? "connected" : "signed in";
        } catch (error) {
          throw new Error(`${said(error)}; look at mail.smtp in school.yaml.`);
        } finally {
          mailer.close();
        }
      },
    },
  ];
}

function twilioSteps({ school }: LoadedConfig): readonly OnlineStep[] {
  const { sms } = school;
  if (!sms) return [];
  return [
    {
      name: "texts by Twilio",
      run: async () => {
        const texter = createTexter({
          accountSid: sms.account_sid,
          authToken: sms.auth_token,
          apiUrl: sms.api_url,
        });
        const number = sms.numbers[0]?.number ?? "";
        await texter
          .findSent({ from: number, to: number, body: "", sentAfter: new Date().toISOString() })
          .catch((error: unknown) => {
            throw new Error(`${said(error)}; look at sms.account_sid and sms.auth_token in school.yaml.`);
          });
        return `signed in; its webhook is to call ${sms.public_url}`;
      },
    },
  ];
}

function redisSteps(redisUrl: string | undefined): readonly OnlineStep[] {
  if (redisUrl === undefined) return [];
  return [
    {
      name: "Redis",
      run: async () => {
        const queue = new Bull("afterbell-check", redisUrl, { redis: { retryStrategy: () => null } });
        queue.on("error", () => {});
        try {
          await queue.isReady();
          // isReady() also resolves while it is still connecting.
          await queue.client.ping();
          return "connected";
        } catch (error) {
          throw new Error(`${said(error)}; look at REDIS_URL.`);
        } finally {
          await queue.close(true).catch(() => {});
        }
      },
    },
  ];
}

function opinionSteps({ school, policy }: LoadedConfig): readonly OnlineStep[] {
  const settings = school.wording.second_opinion;
  if (!settings) return [];
  const text = "Could you tell me when the trip to the museum is, please?";
  return [{ name: "second opinion", run: () => tryOpinion(settings, { text, rules: policy.rules }) }];
}

/** Every server, in the order in which a school sets them up. */
export function onlineSteps(
  loaded: LoadedConfig,
  env: Readonly<Record<string, string | undefined>>,
): readonly OnlineStep[] {
  return [
    ...mailboxSteps(loaded),
    ...smtpSteps(loaded),
    ...twilioSteps(loaded),
    ...redisSteps(env["REDIS_URL"]),
    ...opinionSteps(loaded),
  ];
}
