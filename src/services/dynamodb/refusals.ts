import { AwsError } from "../../api/aws-error.ts";

/** DynamoDB's answer to nearly every bad request. The message is the whole text. */
export function validationException(message: string): AwsError {
  return new AwsError({ code: "ValidationException", message, status: 400 });
}

/** `One or more parameter values were invalid: …` */
export function invalidParameter(detail: string): AwsError {
  return validationException(`One or more parameter values were invalid: ${detail}`);
}

/** For a parameter that Virga knows of but cannot honour yet: refused, never accepted without effect. */
export function notImplemented(what: string): AwsError {
  return new AwsError({ code: "NotImplemented", message: `Virga has not built this yet: ${what}.`, status: 501 });
}
