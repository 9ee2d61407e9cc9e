#!/usr/bin/env node
// The command `virga`: from the bundle where one was built, else from the sources.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launch, root } from "./launch.js";

const built = existsSync(join(root, "dist/virga.js"));
await launch(built ? "dist/virga.js" : "src/cli/virga.ts", process.argv.slice(2));
