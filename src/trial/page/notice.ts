// One sentence that the next page shows: the trial has one person in front of it, so one place is enough.
import type { Running } from "../running.ts";

export interface Notice {
  readonly title: string;
  readonly text: string;
}

const waiting = new WeakMap<Running, Notice>();

export const setNotice = (running: Running, notice: Notice): void => {
  waiting.set(running, notice);
};

export function takeNotice(running: Running): Notice | null {
  const notice = waiting.get(running) ?? null;
  waiting.delete(running);
  return notice;
}
