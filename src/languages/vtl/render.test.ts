import { describe, expect, test } from "vitest";
import { parseTemplate } from "./parse-template.ts";
import { render, RenderError } from "./render.ts";
import { HostObject, type Value, type ValueMap } from "./value.ts";

/** An object of the surroundings with these properties, and a method that gives back what it gets. */
class Host extends HostObject {
  readonly #values: ValueMap;
  readonly methods: HostObject["methods"] = new Map([["echo", ([value]) => value]]);

  constructor(values: ValueMap) {
    super();
    this.#values = values;
  }

  text(): string {
    return "host";
  }

  property(name: string): Value {
    return this.#values[name];
  }
}

const host = new Host({
  name: "Ada",
  empty: "",
  zero: 0,
  no: false,
  nothing: null,
  list: ["a", "b", "c"],
  user: { name: "Grace", tags: ["x"], "a b": 1 },
});

function rendered(template: string): string {
  return render(parseTemplate(template), new Map([["h", host]]));
}

describe("text and references", () => {
  test.each([
    ['plain {text} \\ with "signs"', 'plain {text} \\ with "signs"'],
    ["costs $5, or $, or $$", "costs $5, or $, or $$"],
    ["# is no directive, nor is #1", "# is no directive, nor is #1"],
    ["$h.name", "Ada"],
    ["${h.name}s", "Adas"],
    ["$!h.name", "Ada"],
    ["$!{h.name}s", "Adas"],
    ["$h.name.", "Ada."],
    ["$h.name,$h.user.name", "Ada,Grace"],
    ["$h.user.tags[0]", "x"],
    ["$h.user['a b']", "1"],
    ["$h.list[-1]", "c"],
    ["$h.echo('it')", "it"],
    ['$h.echo( "it" )', "it"],
    ["$h.echo('don''t')", "don't"],
    // Unknown names stand as they are, unless they are quiet; what the surroundings lack is empty.
    ["$unknown ${unknown} $unknown.x", "$unknown ${unknown} $unknown.x"],
    ["[$!unknown][$!{unknown.x}]", "[][]"],
    ["[$h.missing][$h.nothing][$h.user.missing.more]", "[][][]"],
    ["$h.list", "[a, b, c]"],
    ["$h.user", "{name=Grace, tags=[x], a b=1}"],
    ["[$h.user.constructor][$h.user['__proto__']][$h.list['length']]", "[][][]"],
  ])("%s → %s", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("methods of values", () => {
  test.each([
    ["$h.list.size()", "3"],
    ["$h.list.get(1)", "b"],
    ["$h.list.isEmpty()", "false"],
    ["$h.list.contains('b')", "true"],
    ["$h.user.keySet()", "[name, tags, a b]"],
    ["$h.user.get('name')", "Grace"],
    ["$h.user.containsKey('nobody')", "false"],
    ["$h.name.length()", "3"],
    ["$h.name.toUpperCase().substring(1, 2)", "D"],
    ["$h.name.replace('d', '$1')", "A$1a"],
    ["$h.name.equals('Ada')", "true"],
    ["[$h.name.substring(2, 9)]", "[]"],
    ["#foreach($e in $h.user.entrySet())$e.key=$e.value;#end", "name=Grace;tags=[x];a b=1;"],
  ])("%s → %s", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("directives", () => {
  test.each([
    ["#set($x = 1)$x", "1"],
    ["#set( $x = 'a' )#set($y = \"${x}b\")$y", "ab"],
    ["#set($x = '$h.name')$x", "$h.name"],
    ["#set($x = [1, 'b', $h.name])$x[2]", "Ada"],
    ["#set($x = {'a': 1, 'b': {'c': 2}})$x.b.c", "2"],
    ["#set($x = [1..3])$x", "[1, 2, 3]"],
    ["#set($x = [3..1])$x", "[3, 2, 1]"],
    ["#set($x = 7 / 2)$x,#set($x = 7 % 2)$x,#set($x = 7.5 / 2)$x", "3,1,3.75"],
    ["#set($x = 7 / 0)[$!x]", "[]"],
    ["#set($x = 1 + 2 * 3)$x", "7"],
    ["#set($x = (1 + 2) * 3)$x", "9"],
    ["#set($x = 'a' + 1)$x", "a1"],
    ["#set($x = -1)$x", "-1"],
    // Nothing is not assigned.
    ["#set($x = 1)#set($x = $h.missing)$x", "1"],
    ["#if(true)a#end", "a"],
    ["#if(false)a#elseif(true)b#else c#end", "b"],
    ["#if(false)a#{else}c#end", "c"],
    ["#if($h.empty)a#end#if($h.zero)b#end#if($h.no)c#end#if($h.missing)d#end#if(!$unknown)e#end", "abe"],
    ["#if($h.name == 'Ada' && $h.list.size() > 2)yes#end", "yes"],
    ['#if($h.name == "Bob" || not false)yes#end', "yes"],
    ["#if(1 == '1')same#end", "same"],
    ["#if($h.missing != '')differs#end", "differs"],
    ["#if(2 le 2 and 3 gt 2 and 1 ne 2)yes#end", "yes"],
    ["#foreach($i in $h.list)$i#if($foreach.hasNext),#end#end", "a,b,c"],
    ["#foreach($i in [1..3])$foreach.index$velocityCount$i #end", "011 122 233 "],
    ["#foreach($i in $h.list)#if($i == 'b')#break#end$i#end", "a"],
    ["#foreach($i in {'a': 1})$i#end#foreach($i in $h.missing)never#end$i", "1$i"],
    ["#foreach($i in [1..2])#foreach($j in [1..2])$foreach.parent.count$j #end#end", "11 12 21 22 "],
    ["before#stop after", "before"],
    ["a## comment\nb#* more\ncomment *#c", "abc"],
    ["#[[ $h.name #if ]]#", " $h.name #if "],
    ["#nomacro text", "#nomacro text"],
  ])("%s → %s", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });

  test.each([
    ["{\n  #set($x = 1)\n  $x\n}", "{\n  1\n}"],
    ["#if(true)\n  a\n#end\nb", "  a\nb"],
    ["#if(false)\na\n#else\nb\n#end\n", "b\n"],
    ["[\n#foreach($i in [1..2])\n  $i\n#end\n]", "[\n  1\n  2\n]"],
    ["a #if(true)  \r\nb#end", "a b"],
  ])("lines that hold only directives leave no lines: %j → %j", (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });
});

describe("what is refused", () => {
  test.each([
    ["#macro(x)y#end", "#macro is not implemented (line 1, column 1)"],
    ["a\n  #parse('x')", "#parse is not implemented (line 2, column 3)"],
    ["#mine('x')", "#mine is not implemented (line 1, column 1)"],
    ["#set($h.x(1) = 1)", "#set of $h.x(1) is not implemented (line 1, column 13)"],
    ["#set($h[$i] = 1)", "#set of $h[$i] is not implemented (line 1, column 12)"],
    ["#set($x = 7.0 / 2)", "The number 7.0 (a decimal without decimals) is not implemented (line 1, column 14)"],
    ["\\$h.name", "An escape (\\$) is not implemented (line 1, column 1)"],
    ["${h.name|'x'}", "An alternate value after | is not implemented (line 1, column 9)"],
  ])("%s, which Velocity has, is named", (template, message) => {
    expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ unsupported: true, message }));
  });

  test.each([
    ["#if(true)", "#if has no #end"],
    ["#end", "#end without"],
    ["#if()#end", "Expected a value"],
    ["#if(1 ==)#end", "Expected a value"],
    ["#set($x 1)", 'Expected "="'],
    ["#set(x = 1)", "Expected a name"],
    ["#foreach($x of $y)#end", 'Expected "in"'],
    ["$h.echo('x", "A string has no end"],
    ["$h.echo('x'", 'Expected ","'],
    ["${h.name", 'Expected "}"'],
    ["$h.list[0", 'Expected "]"'],
    ["#* never ends", "A comment has no end"],
    ["(".repeat(10) + "#if(" + "(".repeat(5000), "nested too deeply"],
    ["#if(true)".repeat(5000), "nested too deeply"],
    ["#set($x = " + "[".repeat(5000), "nested too deeply"],
    ["#set($x = " + "!".repeat(5000), "nested too deeply"],
    ["#set($x = $a" + "[$a".repeat(5000), "nested too deeply"],
  ])("%#: malformed templates are said to be so", (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
  });

  test("loops and texts have bounds", () => {
    expect(() => rendered("#foreach($i in [1..500])#foreach($j in [1..500])x#end#end")).toThrow(RenderError);
    expect(() => rendered("#set($x = [1..100000])")).toThrow(RenderError);
    const doubling = "#set($x = 'aaaaaaaaaa')#foreach($i in [1..40])#set($x = \"$x$x\")#end";
    expect(() => rendered(doubling)).toThrow(RenderError);
    expect(() => rendered(doubling.replace('"$x$x"', "$x + $x"))).toThrow(RenderError);
  });
});
