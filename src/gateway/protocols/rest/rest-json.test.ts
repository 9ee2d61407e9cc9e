import { expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { ModelLibrary } from "../../../api/load-model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { serviceProtocols } from "../service-protocols.ts";

const models = new ModelLibrary();

async function decode(service: string, request: string, body = "", headers: Record<string, string> = {}) {
  const [method = "", uri = ""] = request.split(" ");
  const [path = "", query = ""] = uri.split("?", 2);
  const head = { method, path, query, headers };
  const protocol = serviceProtocols(await models.load(service)).preferred;
  const match = protocol.findOperation(head);
  return match.operation.decode(match, head, utf8(body)) as Record<string, unknown>;
}

test("labels, query, headers and body make the input together", async () => {
  const body = '{"ImageUri":"x","Publish":true,"FunctionName":"ignored"}';
  expect(await decode("lambda", "PUT /2015-03-31/functions/f%2Fg/code", body)).toEqual({
    FunctionName: "f/g",
    ImageUri: "x",
    Publish: true,
  });
  expect(await decode("apigateway", "GET /restapis/a/resources?limit=5&position=x&embed=methods&embed=y")).toEqual({
    restApiId: "a",
    limit: 5,
    position: "x",
    embed: ["methods", "y"],
  });
  const headers = { "x-amz-invocation-type": "Event", "x-amz-log-type": "Tail" };
  expect(await decode("lambda", "POST /2015-03-31/functions/f/invocations", "raw \u0000", headers)).toEqual({
    FunctionName: "f",
    InvocationType: "Event",
    LogType: "Tail",
    Payload: utf8("raw \u0000"),
  });
});

test.each([
  ["apigateway", "GET /restapis?limit=x", "", "'x' is not a valid integer"],
  ["apigateway", "GET /restapis?limit=5&a=%zz", "", "The query string is not valid percent-encoded UTF-8"],
  ["apigateway", "POST /restapis", "{", "Could not parse the request body as JSON"],
  ["apigateway", "POST /restapis", '{"name":1}', "NUMBER_VALUE can not be converted to a String"],
])("%s %s %s is refused: %s", async (service, request, body, message) => {
  await expect(decode(service, request, body)).rejects.toMatchObject({
    code: "SerializationException",
    message,
    status: 400,
  });
});

test("an unknown path is refused with 404 and says what was asked for", async () => {
  await expect(decode("lambda", "GET /2015-03-31/nope")).rejects.toMatchObject({
    code: "UnknownOperationException",
    status: 404,
    message: "Lambda has no operation at GET /2015-03-31/nope.",
  });
});

test("errors name their type in a header and have the message where the model has it", async () => {
  const refuse = async (service: string, error: AwsError) => {
    const { status, headers, body } = serviceProtocols(await models.load(service)).preferred.refuse(
      error,
      undefined,
      "id",
    );
    return [status, Object.fromEntries(headers)["x-amzn-errortype"], body];
  };
  const missing = new AwsError({ code: "ResourceNotFoundException", message: "Function not found: f", status: 404 });
  expect(await refuse("lambda", missing)).toEqual([
    404,
    "ResourceNotFoundException",
    '{"Message":"Function not found: f","Type":"User"}',
  ]);
  const unknown = new AwsError({ code: "ValidationException", message: "1 validation error", status: 400 });
  expect(await refuse("lambda", unknown)).toEqual([400, "ValidationException", '{"message":"1 validation error"}']);
  const fields = { retryAfterSeconds: "3" };
  const many = new AwsError({ code: "TooManyRequestsException", message: "slow", status: 429, fields });
  const { headers, body } = serviceProtocols(await models.load("apigateway")).preferred.refuse(many, undefined, "id");
  expect(headers).toContainEqual(["retry-after", "3"]);
  expect(body).toBe('{"message":"slow"}');
});

test("an output's status, headers and payload go to their places", async () => {
  const lambda = serviceProtocols(await models.load("lambda")).preferred;
  const output = { StatusCode: 202, FunctionError: "Unhandled", ExecutedVersion: "$LATEST", Payload: utf8("{}") };
  expect(lambda.operation("Invoke")!.encode(output, "id")).toEqual({
    status: 202,
    headers: [
      ["x-amzn-requestid", "id"],
      ["x-amz-function-error", "Unhandled"],
      ["x-amz-executed-version", "$LATEST"],
      ["content-type", "application/json"],
    ],
    body: utf8("{}"),
  });
  expect(lambda.operation("TagResource")!.encode(undefined, "id")).toEqual({
    status: 204,
    headers: [["x-amzn-requestid", "id"]],
  });
});
