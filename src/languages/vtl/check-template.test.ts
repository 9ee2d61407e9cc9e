import { expect, test } from "vitest";
import { findUnsupported, type HostShape } from "./check-template.ts";
import { parseTemplate } from "./parse-template.ts";

const hosts: ReadonlyMap<string, HostShape> = new Map<string, HostShape>([
  [
    "h",
    {
      properties: new Set(["name"]),
      assignable: (path: readonly string[]) => path.join(".") === "out.a b",
      methods: new Map([["echo", (args: readonly unknown[]) => (args.length === 1 ? undefined : "$h.echo() so")]]),
    },
  ],
]);

test.each([
  ["$h.name $h.echo(1) $h.name.more $unknown.anything", undefined],
  ["$h.other", "$h.other"],
  ["$h.other()", "$h.other()"],
  ["$h", "$h by itself"],
  ["$h.echo()", "$h.echo() so"],
  ["$h.name.size()", undefined],
  ["$h.name.getClass()", "the method getClass() in $h.name.getClass()"],
  ["#set($x = [1, {'a': $h.other}])", "$h.other"],
  ["#if(!($h.name == $h.other))#end", "$h.other"],
  ["#if(true)#elseif(true)$h.other#end", "$h.other"],
  ["#foreach($x in [$h.other..2])#end", "$h.other"],
  ["#foreach($x in [])$h.other#end", "$h.other"],
  ['$h.echo("$h.other")', "$h.other"],
  ["#set($h.out['a b'] = 1)#set($x = 1)", undefined],
  ["#set($h.out.b = 1)", "#set of $h.out.b"],
  ["#set($h = 1)", "#set of $h"],
  ["#set($x.y = 1)", "#set of $x.y"],
  ["#if(true)#set($x.y = 1)#end", "#set of $x.y"],
  ["$x[$h.other]", "$h.other"],
])("%s: %s", (template, expected) => {
  expect(findUnsupported(parseTemplate(template), hosts)).toBe(expected);
});
