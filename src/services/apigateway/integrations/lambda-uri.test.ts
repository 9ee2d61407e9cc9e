import { expect, test } from "vitest";
import { isLambdaUri, parseLambdaUri } from "./lambda-uri.ts";

const prefix = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/";
const hello = "arn:aws:lambda:eu-west-1:111122223333:function:hello";

test.each([
  [`${prefix}${hello}/invocations`, { account: "111122223333", region: "eu-west-1", name: "hello" }],
  [
    `${prefix.replace("path/", "path//")}${hello}/invocations`,
    { account: "111122223333", region: "eu-west-1", name: "hello" },
  ],
  [
    `${prefix}${hello}:live/invocations`,
    { account: "111122223333", region: "eu-west-1", name: "hello", qualifier: "live" },
  ],
  [
    `${prefix}${hello}:\${stageVariables.alias}/invocations`,
    { account: "111122223333", region: "eu-west-1", name: "hello", qualifier: "blue" },
  ],
  [`${prefix}${hello}`, undefined],
  [`${prefix}hello/invocations`, undefined],
  [`${prefix}${hello}:\${stageVariables.missing}/invocations`, undefined],
  ["arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", undefined],
])("%s", (uri, expected) => {
  expect(parseLambdaUri(uri, { alias: "blue" })).toEqual(expected);
});

test("a URI whose function stage variables name is accepted before they are known", () => {
  expect(isLambdaUri(`${prefix}\${stageVariables.function}/invocations`)).toBe(true);
  expect(isLambdaUri(`${prefix}hello/invocations`)).toBe(false);
});
