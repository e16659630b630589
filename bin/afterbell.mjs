#!/usr/bin/env node
// The command `afterbell`, once installed with Node 24 or newer.
import { main } from "../src/main.ts";

const { argv, stdin, stdout, stderr, env } = process;
stdout.on("error", () => process.exit(0));
process.exitCode = await main(argv.slice(2), { stdin, stdout, stderr, env });
