#!/usr/bin/env node
// The command `virga`: from the sources where they are, so that no stale bundle runs in a clone; else from the bundle.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launch, root } from "./launch.js";

const source = "src/cli/virga.ts";
await launch(existsSync(join(root, source)) ? source : "dist/virga.js", process.argv.slice(2));
