import { AwsError } from "../../../api/aws-error.ts";

/** For what a request asks that Virga cannot do yet; `what` is a sentence's subject in the plural or with "is". */
export function notImplemented(what: string): AwsError {
  return new AwsError({
    code: "NotImplemented",
    message: `Lambda: ${what} not implemented by Virga yet.`,
    status: 501,
  });
}
