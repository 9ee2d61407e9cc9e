import { expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { ModelLibrary } from "../../../api/load-model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { serviceProtocols } from "../service-protocols.ts";

const models = new ModelLibrary();

async function decode(service: string, form: string, query = "") {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const head = { method: "POST", path: "/", query, headers };
  const protocol = serviceProtocols(await models.load(service)).protocolOf(head);
  const match = protocol.findOperation(head, utf8(form));
  return [match.operation.name, match.operation.decode(match, head, utf8(form))];
}

test("lists, maps and structures are read as SNS, IAM and SQS write them", async () => {
  const sns =
    "Action=Publish&Message=a+b%26c&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String" +
    "&MessageAttributes.entry.1.Value.StringValue=v&Nope=1";
  const attribute = { DataType: "String", StringValue: "v" };
  expect(await decode("sns", sns)).toEqual(["Publish", { Message: "a b&c", MessageAttributes: { k: attribute } }]);

  const iam =
    "Action=TagUser&UserName=u&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=";
  const Tags = [
    { Key: "a", Value: "" },
    { Key: "b", Value: "2" },
  ];
  expect(await decode("iam", iam)).toEqual(["TagUser", { UserName: "u", Tags }]);

  const sqs = "QueueUrl=q&AttributeName.1=All&AttributeName.2=X&MaxNumberOfMessages=5";
  expect(await decode("sqs", sqs, "Action=ReceiveMessage")).toEqual([
    "ReceiveMessage",
    // The model gives both members this name: one is the other's successor.
    {
      QueueUrl: "q",
      AttributeNames: ["All", "X"],
      MessageSystemAttributeNames: ["All", "X"],
      MaxNumberOfMessages: 5,
    },
  ]);
});

test.each([
  ["a missing action", "Version=2010-05-08", "MissingAction", "The request must contain the parameter Action."],
  [
    "an unknown action",
    "Action=Nope&Version=2010-05-08",
    "InvalidAction",
    "Could not find operation Nope for version 2010-05-08",
  ],
  [
    "an action that every object inherits",
    "Action=constructor",
    "InvalidAction",
    "Could not find operation constructor for version NO_VERSION_SPECIFIED",
  ],
  ["a number that is none", "Action=ListUsers&MaxItems=x", "MalformedInput", "'x' is not a valid integer"],
  [
    "an escape that is none",
    "Action=ListUsers&Marker=%zz",
    "MalformedInput",
    "The request parameters are not valid percent-encoded UTF-8",
  ],
  [
    "a list element without number",
    "Action=TagUser&Tags.member.x.Key=a",
    "MalformedInput",
    "A list element must be named by its number",
  ],
])("%s is refused", async (_what, form, code, message) => {
  await expect(decode("iam", form)).rejects.toMatchObject({ code, message, status: 400 });
});

test("errors have the code of the model, the namespace and the request id", async () => {
  const iam = serviceProtocols(await models.load("iam")).preferred;
  const error = new AwsError({ code: "NoSuchEntity", shape: "NoSuchEntityException", message: "a < b", status: 404 });
  expect(iam.refuse(error, "GetUser", "id")).toMatchObject({
    status: 404,
    body:
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>' +
      "<Message>a &lt; b</Message></Error><RequestId>id</RequestId></ErrorResponse>",
  });
  const sqs = serviceProtocols(await models.load("sqs")).protocolOf({
    method: "POST",
    path: "/",
    query: "Action=ListQueues",
    headers: {},
  });
  const shape = new AwsError({ code: "QueueDoesNotExist", message: "gone", status: 400 });
  expect(sqs.refuse(shape, undefined, "id").body).toContain("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
});

test("SQS's answers in XML name things as its query protocol does", async () => {
  const sqs = serviceProtocols(await models.load("sqs")).protocolOf({
    method: "POST",
    path: "/",
    query: "Action=ReceiveMessage",
    headers: {},
  });
  const Messages = [{ MessageId: "1", Body: "<b>", Attributes: { SentTimestamp: "2" } }];
  expect(sqs.operation("ReceiveMessage")!.encode({ Messages }, "id").body).toBe(
    '<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message>' +
      "<MessageId>1</MessageId><Body>&lt;b&gt;</Body><Attribute><Name>SentTimestamp</Name><Value>2</Value></Attribute>" +
      "</Message></ReceiveMessageResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ReceiveMessageResponse>",
  );
});
