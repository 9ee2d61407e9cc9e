import { describe, expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { escapeXml } from "./escape-xml.ts";
import { parseXml } from "./parse-xml.ts";

const parse = (text: string, depth = 20) => parseXml(utf8(text), depth);

test("elements, attributes, text, CDATA, comments and references are read", () => {
  const root = parse(
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- c --><s:Root xmlns:s="u" a = \'1 &lt;\t2\'>' +
      "<B/>x<![CDATA[<&>]]><!-- no --><?pi ?>&#65;&#x1F600;&amp;\r\n</s:Root>\n",
  )!;
  expect(root.local).toBe("Root");
  expect({ ...root.attributes }).toEqual({ "xmlns:s": "u", a: "1 < 2" });
  expect(root.children.map(({ local }) => local)).toEqual(["B"]);
  expect(root.text).toBe("x<&>A😀&\n");
});

describe("what is no well-formed XML, or more than we take, is refused", () => {
  test.each([
    "",
    "text",
    "<a>",
    "</a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>text",
    "<a b></a>",
    "<a b=1/>",
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    "<a b='1'c='2'/>",
    "<a>&nope;</a>",
    "<a>&</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>\u0000</a>",
    "<a>]]></a>",
    "<a><![CDATA[x</a>",
    "<a><!-- -- --></a>",
    "<1/>",
    "< a/>",
    "<a",
    "<a/",
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    '<?xml version="1.0" encoding="UTF-16"?><a/>',
  ])("%s", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  test("bytes that are no UTF-8", () => {
    expect(parseXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e), 20)).toBeUndefined();
  });

  test("elements beyond the depth", () => {
    expect(parse("<a>".repeat(20) + "</a>".repeat(20))).toBeDefined();
    expect(parse("<a>".repeat(21) + "</a>".repeat(21))).toBeUndefined();
  });
});

test("an attribute named __proto__ is an attribute", () => {
  expect(Object.entries(parse('<a __proto__="x"/>')!.attributes)).toEqual([["__proto__", "x"]]);
});

test("text that was escaped is read as it was", () => {
  const text = "<&>\"'\r\n\t\u0085\u2028 ü";
  expect(parse(`<a b="${escapeXml(text.replaceAll(/[\n\t]/g, ""))}">${escapeXml(text)}</a>`)).toMatchObject({ text });
});
