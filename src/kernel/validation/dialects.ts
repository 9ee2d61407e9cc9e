import type { AwsErrorOptions } from "../../api/aws-error.ts";
import type { ServiceModel } from "../../api/model.ts";
import type { Violation } from "./violations.ts";
import { isMissing } from "./is-missing.ts";

/** How a service words its refusal of input that breaks its model. Most share one wording and differ in the code. */
export interface Dialect {
  readonly code: string;
  /** Members of the input that the service checks itself, in its own words. */
  readonly skips?: readonly string[];
  /** Only what is in the body is checked: the service answers to bad headers and query parameters in its own words. */
  readonly bodyOnly?: boolean;
  /** What stands before the path of every member. */
  readonly prefix?: (operation: string) => string;
  /** "Member must not be null" is among what entries of lists and maps must satisfy. */
  readonly entriesNotNull?: boolean;
  /** A refusal that comes before all constraints. */
  readonly first?: (operation: string, input: Readonly<Record<string, unknown>>) => string | undefined;
  /** Other words for one violation; alone, they are the whole message. */
  readonly phrase?: (violation: Violation) => string | undefined;
  /** Another answer altogether. */
  readonly answer?: (violations: readonly Violation[]) => AwsErrorOptions | undefined;
}

/** The service's dialect; without an entry below, that of its protocol. */
export function dialectOf(model: ServiceModel): Dialect {
  if (Object.hasOwn(dialects, model.name)) return dialects[model.name]!;
  return model.metadata.protocols.includes("query") ? { code: "ValidationError" } : { code: "ValidationException" };
}

const tableOperations = new Set([
  "CreateTable",
  "DeleteTable",
  "DescribeTable",
  "UpdateTable",
  "DescribeTimeToLive",
  "UpdateTimeToLive",
]);

const dialects: Readonly<Record<string, Dialect>> = {
  // A body that lacks something is malformed; headers and query parameters have errors of their own, which S3's handlers know.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  s3: {
    code: "MalformedXML",
    bodyOnly: true,
    answer: () => ({
      code: "MalformedXML",
      message: "The XML you provided was not well-formed or did not validate against our published schema",
      status: 400,
    }),
  },
  // Recorded: https://github.com/fog/fog-aws/issues/48
  cloudfront: { code: "MalformedXML" },
  // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
  route53: { code: "InvalidInput" },
  // Recorded: https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/issues/223
  logs: { code: "InvalidParameterException" },
  // Recorded: https://github.com/ks888/LambStatus/issues/6
  "cognito-idp": { code: "InvalidParameterException" },
  // Recorded in LocalStack's tests against AWS: PutIntegration with an unknown type.
  apigateway: {
    code: "ValidationException",
    prefix: (operation) => `${operation.charAt(0).toLowerCase()}${operation.slice(1)}Input.`,
  },
  // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html#apispost : the only error for bad input.
  apigatewayv2: { code: "BadRequestException" },
  // The runtime is checked by Lambda with InvalidParameterValueException, "… or be a valid ARN".
  // Entries "must not be null": recorded for cors.allowMethods, architectures and routingConfig.additionalVersionWeights.
  lambda: { code: "ValidationException", skips: ["Runtime"], entriesNotNull: true },
  dynamodb: { code: "ValidationException", first: dynamodbTableName },
  // Recorded: https://github.com/aws-actions/amazon-ecr-login (README, "registryIds").
  ecr: {
    code: "InvalidParameterException",
    answer: ([violation]) =>
      violation && {
        code: "InvalidParameterException",
        message: `Invalid parameter at '${violation.path}' failed to satisfy constraint: '${violation.constraint}'`,
        status: 400,
      },
  },
  // Recorded: https://github.com/app-sre/qontract-reconcile/pull/2640, https://github.com/aws-cloudformation/cfn-lint/pull/782
  iam: { code: "ValidationError", phrase: iamPhrase },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html (MissingParameter)
  sqs: { code: "InvalidParameterValue", answer: missingParameter("MissingRequiredParameterException") },
};

/** The operations on tables look at the name before anything else (recorded in dynalite's tests against AWS). */
function dynamodbTableName(operation: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (!tableOperations.has(operation)) return undefined;
  const name = input["TableName"];
  if (isMissing(name)) return "The parameter 'TableName' is required but was not present in the request";
  if (typeof name !== "string" || name.startsWith("arn:")) return undefined;
  if (name.length >= 3 && name.length <= 255) return undefined;
  return "TableName must be at least 3 characters long and at most 255 characters long";
}

function iamPhrase({ path, constraint }: Violation): string | undefined {
  if (constraint === "Member must satisfy regular expression pattern: [\\w+=,.@-]+") {
    return `The specified value for ${path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`;
  }
  if (constraint.startsWith("Member must satisfy regular expression pattern: ") && /^path(Prefix)?$/.test(path)) {
    return (
      `The specified value for ${path} is invalid. ` +
      "It must begin and end with / and contain only alphanumeric characters and/or / characters."
    );
  }
  return undefined;
}

/** `The request must contain the parameter QueueName.`: for the first that is missing. */
function missingParameter(shape: string): NonNullable<Dialect["answer"]> {
  return (violations) => {
    const missing = violations.find((violation) => violation.constraint === "Member must not be null");
    if (!missing) return undefined;
    return {
      code: "MissingParameter",
      shape,
      message: `The request must contain the parameter ${missing.member}.`,
      status: 400,
    };
  };
}
