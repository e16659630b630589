// The command line as somebody at a terminal meets it, without starting a process for each call.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { productDir } from "../../src/commands/command.ts";
import { main } from "../../src/main.ts";

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function say(
  args: readonly string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
): Promise<Answer> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([readAll(stdout), readAll(stderr)]);
  const status = await main(args, { stdin: Readable.from([Buffer.from(input)]), stdout, stderr, env });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { status, stdout: out, stderr: err };
}

/** The example school in a folder of its own, with another school.yaml. */
export function copySchool(dir: string, change: (schoolYaml: string) => string = (text) => text): void {
  cpSync(join(productDir, "config"), dir, { recursive: true });
  const file = join(dir, "school.yaml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
