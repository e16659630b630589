// What is printed when the trial school has started.
import type { Running } from "./running.ts";
import { longDay, wallClock } from "./wall-clock.ts";

export function welcome(running: Running, trialUrl: string): string {
  const { school } = running.loaded().school;
  const now = running.clock.now();
  return `
Afterbell: a trial school on this machine (${school.name}, all invented)

  Try it out    ${trialUrl}
                write as a parent, read the staff's inboxes, move the clock
  Headteacher   ${running.webUrl}
                sign in as ${running.signIn.address}
                password   ${running.signIn.password}

At the school it is ${longDay(now, school.zone)}, ${wallClock(now, school.zone).time}. Nothing leaves this machine.
Ctrl+C stops it; "npm start" goes on from there, "npm start -- --fresh" begins anew.
Its configuration is in ${running.dataDir}/config: a change counts at once.
`;
}
