// A server on loopback that speaks the protocol of OpenAI's chat completions, and misbehaves when told to.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly connection: string | undefined;
  readonly body: {
    readonly model: string;
    readonly temperature: number;
    readonly max_tokens: number;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly response_format: { readonly type: string };
  };
}

export type Behaviour = (response: ServerResponse, question: Question) => void;

export interface LanguageModel {
  /** Up to /v1. */
  readonly url: string;
  readonly questions: Question[];
  behaviour: Behaviour;
  close(): Promise<void>;
}

/** A completion whose content is this text. */
export const saying =
  (content: unknown): Behaviour =>
  (response) => {
    const message = { role: "assistant", content };
    const choices = [{ index: 0, finish_reason: "stop", message }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", model: "m", choices }));
  };

export const judging = (verdict: string, category: string | null, because: string): Behaviour =>
  saying(JSON.stringify({ verdict, category, because }));

async function questionOf(request: IncomingMessage): Promise<Question> {
  const { method = "", url: path = "", headers } = request;
  const body = JSON.parse((await text(request)) || "{}");
  const { authorization, connection } = headers;
  return { method, path, authorization, connection, body };
}

export async function startLanguageModel(first: Behaviour): Promise<LanguageModel> {
  const questions: Question[] = [];
  const server = createServer((request, response) => {
    void questionOf(request).then((question) => {
      questions.push(question);
      model.behaviour(response, question);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const model: LanguageModel = {
    url: `http://127.0.0.1:${port}/v1`,
    questions,
    behaviour: first,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return model;
}
