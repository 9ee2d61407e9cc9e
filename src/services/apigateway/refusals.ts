import { BadRequestException, NotFoundException } from "../../api/apigateway/errors.ts";
import { AwsError } from "../../api/aws-error.ts";

/** For what a request asks that Virga cannot do yet; `what` begins the sentence and has no verb. */
export function notImplemented(what: string, instead = ""): AwsError {
  return new AwsError({
    code: "NotImplemented",
    message: `API Gateway: ${what} is not implemented by Virga yet.${instead === "" ? "" : ` ${instead}`}`,
    status: 501,
  });
}

export function badRequest(message: string): BadRequestException {
  return new BadRequestException({ message });
}

/** AWS's answers to identifiers that lead nowhere. */
export const missing = {
  api: (account: string, id: string) =>
    new NotFoundException({ message: `Invalid API identifier specified ${account}:${id}` }),
  resource: () => new NotFoundException({ message: "Invalid Resource identifier specified" }),
  method: () => new NotFoundException({ message: "Invalid Method identifier specified" }),
  integration: () => new NotFoundException({ message: "Invalid Integration identifier specified" }),
  response: () => new NotFoundException({ message: "Invalid Response status code specified" }),
  deployment: () => new NotFoundException({ message: "Invalid Deployment identifier specified" }),
  stage: () => new NotFoundException({ message: "Invalid stage identifier specified" }),
  model: (name: string) => new NotFoundException({ message: `Invalid model name specified: ${name}` }),
} as const;
