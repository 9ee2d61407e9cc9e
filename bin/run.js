#!/usr/bin/env node
// `node bin/run.js [--dev] <script> [arguments]`: runs a script of this repository on Node 24.
import { launch } from "./launch.js";

const args = process.argv.slice(2);
const dev = args[0] === "--dev";
if (dev) args.shift();
const [script, ...rest] = args;
if (!script) {
  console.error("usage: node bin/run.js [--dev] <script> [arguments]");
  process.exit(2);
}
await launch(script, rest, { dev });
