#!/usr/bin/env node
// The command `afterbell`, once installed with Node 24 or newer.
import "../src/main.ts";
