import { describe, expect, it } from "vitest";
import { AwsError } from "./aws-error.ts";
import { catalogue } from "./catalogue.ts";
import {
  ConditionalCheckFailedException,
  InternalServerError,
  TransactionCanceledException,
} from "./dynamodb/errors.ts";
import { NoSuchEntityException } from "./iam/errors.ts";
import { QueueDoesNotExist } from "./sqs/errors.ts";

describe("a modelled error", () => {
  it("is an AwsError with AWS's code, message and status", () => {
    const error = new NoSuchEntityException({ message: "The user with name ada cannot be found." });
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      name: "NoSuchEntityException",
      code: "NoSuchEntity",
      shape: "NoSuchEntityException",
      status: 404,
      message: "The user with name ada cannot be found.",
      fields: {},
    });
  });

  it("has its members besides the message as typed fields", () => {
    const reasons = [{ Code: "ConditionalCheckFailed", Item: { id: { S: "1" } } }];
    const error = new TransactionCanceledException({ message: "cancelled", CancellationReasons: reasons });
    expect(error.fields.CancellationReasons?.[0]?.Item?.["id"]?.S).toBe("1");
    expect(error.fields).toEqual({ CancellationReasons: reasons });
  });

  it("may leave its optional members out", () => {
    expect(new ConditionalCheckFailedException({ message: "The conditional request failed" }).fields).toEqual({});
  });

  it("answers 500 when it is the service's fault", () => {
    expect(new InternalServerError({ message: "" }).status).toBe(500);
  });

  it("of SQS knows the code that its query protocol has", () => {
    expect(new QueueDoesNotExist({ message: "" }).code).toBe("AWS.SimpleQueueService.NonExistentQueue");
  });

  it("can be made of every class of every service", async () => {
    for (const { name } of catalogue) {
      const classes = (await import(`./${name}/errors.ts`)) as Record<
        string,
        new (details: { message: string }) => AwsError
      >;
      for (const [className, errorClass] of Object.entries(classes)) {
        const error = new errorClass({ message: "m" });
        expect([className, error.message, error.status >= 400 && error.status < 600]).toEqual([className, "m", true]);
      }
    }
  });
});
