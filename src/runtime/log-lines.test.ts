import { describe, expect, test } from "vitest";
import { LogLines, maxLineBytes } from "./log-lines.ts";

function frame(message: string, type = 0xa55a0003): Buffer {
  const text = Buffer.from(message);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(type >>> 0, 0);
  head.writeUInt32BE(text.length, 4);
  return Buffer.concat([head, text]);
}

/** The lines of an output, which are the same however it is cut into pieces. */
function linesOf(...parts: (string | Buffer)[]): string[] {
  const all = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const cut = (size: number) => {
    const got: string[] = [];
    const lines = new LogLines((line) => got.push(line));
    for (let at = 0; at < all.length; at += size) lines.write(Buffer.from(all.subarray(at, at + size)));
    lines.end();
    return got;
  };
  const whole = cut(all.length || 1);
  for (const size of all.length < 1000 ? [1, 2, 3, 7] : [65_536]) expect(cut(size)).toEqual(whole);
  return whole;
}

describe("log lines", () => {
  test.each<[string, (string | Buffer)[], string[]]>([
    ["nothing", [], []],
    ["a line", ["one\n"], ["one"]],
    ["lines with either end, and an empty one", ["one\r\n\ntwo\n"], ["one", "", "two"]],
    ["a line without its end", ["one\ntwo"], ["one", "two"]],
    ["characters of several bytes", ["å¥Zé日本\n¥"], ["å¥Zé日本", "¥"]],
    ["bytes that are no text", [Buffer.from([0xff, 0xa5, 0x5a, 0x0a])], ["\ufffd\ufffdZ"]],
    ["a record", [frame("one\n")], ["one"]],
    ["a record of several lines", [frame("Error: x\n  at y\n")], ["Error: x\n  at y"]],
    ["a record without line end, and an empty one", [frame("one"), frame("")], ["one", ""]],
    ["records of all levels", [frame("a", 0xa55a0002), frame("b", 0xa55a0013)], ["a", "b"]],
    ["records between lines", ["a\n", frame("b\nc\n"), "d\n"], ["a", "b\nc", "d"]],
    ["a record in an unfinished line", ["half", frame("record\n"), "other half\n"], ["half", "record", "other half"]],
    ["a record that never ends", [frame("abcdef").subarray(0, 19)], ["\ufffdZ\0\u0003\0\0\0\u0006\0\0\0\0\0\0\0\0abc"]],
  ])("of %s", (_name, parts, expected) => {
    expect(linesOf(...parts)).toEqual(expected);
  });

  test.each([
    ["a line", (text: string) => `${text}\nnext\n`],
    ["a record", (text: string) => Buffer.concat([frame(text), Buffer.from("next\n")])],
  ])("%s too long for an event is cut between characters", (_name, of) => {
    const text = `${"x".repeat(maxLineBytes - 1)}é${"y".repeat(maxLineBytes)}z`;
    const lines = linesOf(of(text));
    expect(lines.at(-1)).toBe("next");
    const pieces = lines.slice(0, -1);
    expect(pieces.join("")).toBe(text);
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(maxLineBytes);
  });
});
