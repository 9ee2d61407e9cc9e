import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seededIds } from "../base/ids.ts";
import { LogPipes } from "./log-pipe.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-test-pipes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("what was written before is read at once, in order, and the last line without its end when the pipe closes", async () => {
  const lines: string[] = [];
  const pipe = await new LogPipes(folder, seededIds("a")).open((line) => lines.push(line));
  const [out, err] = pipe.childEnds;
  writeSync(out, "one\n");
  writeSync(err, "two\nthr");
  pipe.drain();
  expect(lines).toEqual(["one", "two"]);
  writeSync(out, "ee");
  pipe.closeChildEnds();
  pipe.close();
  expect(lines).toEqual(["one", "two", "three"]);
});

test("a pipe whose writers are gone never reads from what got its descriptor's number after it", async () => {
  const lines: string[] = [];
  const pipe = await new LogPipes(folder, seededIds("a")).open((line) => lines.push(line));
  pipe.closeChildEnds();
  const file = join(folder, "somebody-else's");
  writeFileSync(file, "not a log line\n");
  // The pipe's end is seen in some turn of the event loop; from then on its number may be given out again.
  const opened: number[] = [];
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    opened.push(openSync(file, "r"));
    pipe.drain();
  }
  pipe.close();
  for (const fd of opened) closeSync(fd);
  expect(lines).toEqual([]);
});
