import { describe, expect, test } from "vitest";
import { checkTemplates, compileTemplate } from "./compile-template.ts";
import type { TemplateInput } from "./host-objects.ts";

const input: TemplateInput = {
  body: '{ "id": 1.0,\n "name": "A \\"b\\"", "tags": [ "x" ], "gone": null }',
  params: { path: { id: "7" }, querystring: { id: "8", q: "x y" }, header: { "X-Test": "h" } },
  context: { requestId: "r-1", identity: { sourceIp: "10.0.0.1" } },
  stageVariables: { table: "users" },
};

describe("mapping templates", () => {
  test.each([
    ["$input.json('$')", '{"id":1.0,"name":"A \\"b\\"","tags":["x"],"gone":null}'],
    ["$input.json('$.tags')", '["x"]'],
    ["$input.json('$.name')", '"A \\"b\\""'],
    ["$input.json('$.missing')", '""'],
    ["$input.json('$.gone')", "null"],
    ["$input.path('$.name')", 'A "b"'],
    ["[$input.path('$.missing')]", "[]"],
    ["$input.path('$.tags').size()", "1"],
    ["#foreach($t in $input.path('$').tags)$t#end", "x"],
    ["$input.body", input.body],
    ["$input.params('id') $input.params('q') $input.params('x-test') [$input.params('none')]", "7 x y h []"],
    ["$input.params().querystring.get('q') $input.params().path.id", "x y 7"],
    ["$context.requestId $context.identity.sourceIp [$context.authorizer.claims.sub]", "r-1 10.0.0.1 []"],
    [
      "$stageVariables.table ${stageVariables.table} $stageVariables['table'] [$stageVariables.none]",
      "users users users []",
    ],
    ["$util.escapeJavaScript($input.path('$.name'))", 'A \\"b\\"'],
    ['$util.escapeJavaScript("it\'s 1/2 é")', "it\\'s 1\\/2 \\u00E9"],
    ["$util.base64Decode($util.base64Encode('a b'))", "a b"],
    ["$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", "a+b%26c a b&c"],
    ["$util.parseJson('{\"a\": [1]}').a[0]", "1"],
  ])("%s → %s", (template, expected) => {
    expect(() => checkTemplates({ "application/json": template })).not.toThrow();
    expect(compileTemplate(template)(input)).toBe(expected);
  });

  test("no body is the empty object", () => {
    expect(compileTemplate("$input.json('$')")({ ...input, body: "" })).toBe("{}");
  });

  test("a body that is no JSON is said to be so", () => {
    expect(() => compileTemplate("$input.json('$.a')")({ ...input, body: "hello" })).toThrow(
      expect.objectContaining({ name: "BodyNotJson" }),
    );
  });

  test.each([
    ["$input.json($path)", "a JSONPath that is no plain text"],
    ["$input.path('$..a')", "the JSONPath $..a"],
    ["$input.header('x')", "$input.header()"],
    ["$context.responseOverride.status", "$context.responseOverride"],
    ["#set($context.responseOverride.status = 400)", "#set of $context.responseOverride.status"],
    ["#set($context.requestOverride.header.x = 1)", "#set of $context.requestOverride.header.x"],
    ["$util.error('x')", "$util.error()"],
    ["#macro(a)#end", "#macro"],
  ])("%s is refused and named", (template, named) => {
    expect(() => checkTemplates({ "application/json": template })).toThrow(
      expect.objectContaining({ status: 501, message: expect.stringContaining(named) }),
    );
  });

  test("response templates set status and headers, and nothing else", () => {
    const template = "#set($context.responseOverride.status = 404)#set($context.responseOverride.header['X-A'] = 'b')x";
    expect(() => checkTemplates({ "application/json": template }, "response")).not.toThrow();
    const overrides = { headers: new Map() };
    expect(compileTemplate(template)({ ...input, overrides })).toBe("x");
    expect(overrides).toEqual({ status: 404, headers: new Map([["X-A", "b"]]) });
    for (const path of ["responseOverride", "responseOverride.status.x", "responseOverride.header", "requestId"]) {
      expect(() => checkTemplates({ a: `#set($context.${path} = 1)` }, "response")).toThrow("#set of");
    }
  });

  test("malformed templates and too long ones are refused", () => {
    expect(() => checkTemplates({ "application/json": "#if(true)" })).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => checkTemplates({ "application/json": "x".repeat(300 * 1024 + 1) })).toThrow("exceeds the limit");
  });
});
