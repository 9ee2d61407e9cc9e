import { createHash } from "node:crypto";
import type { PolicyRow } from "./state.ts";

type Statement = Readonly<Record<string, unknown>>;

const allow = (
  actions: readonly string[],
  resource: string | readonly string[] = "*",
  more: object = {},
): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resource,
  ...more,
});

const passRoleTo = (...services: readonly string[]): Statement =>
  allow(["iam:PassRole"], "*", { Condition: { StringEquals: { "iam:PassedToService": services } } });

const writeLogs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const networkInterfaces = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];
const readActions = (...services: readonly string[]) =>
  services.flatMap((service) => [`${service}:Get*`, `${service}:List*`, `${service}:Describe*`]);

/**
 * The policies of AWS that serverless applications name, by path and name. What they grant follows AWS's reference for
 * the services that exist here; grants for services that do not are left out.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const statements: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow(["*"])],
  PowerUserAccess: [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    allow([
      "iam:CreateServiceLinkedRole",
      "iam:DeleteServiceLinkedRole",
      "iam:ListRoles",
      "account:GetAccountInformation",
    ]),
  ],
  ReadOnlyAccess: [
    allow([
      ...readActions(
        "apigateway",
        "athena",
        "cloudformation",
        "cloudfront",
        "cloudwatch",
        "cognito-identity",
        "cognito-idp",
      ),
      ...readActions("dynamodb", "ecr", "elasticache", "events", "firehose", "iam", "kinesis", "kinesisanalytics"),
      ...readActions("kms", "lambda", "logs", "pipes", "rds", "route53", "s3", "scheduler", "ssm", "states", "wafv2"),
      ...readActions("acm", "sns", "sqs", "tag"),
      "apigateway:GET",
      "dynamodb:BatchGetItem",
      "dynamodb:PartiQLSelect",
      "dynamodb:Query",
      "dynamodb:Scan",
      "logs:FilterLogEvents",
      "logs:StartQuery",
      "logs:StopQuery",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:List*",
      "sts:GetAccessKeyInfo",
      "sts:GetCallerIdentity",
    ]),
  ],
  "job-function/ViewOnlyAccess": [
    allow([
      "cloudformation:Describe*",
      "cloudformation:List*",
      "cloudwatch:Describe*",
      "cloudwatch:List*",
      "dynamodb:DescribeTable",
      "dynamodb:ListTables",
      "iam:List*",
      "iam:GetAccountSummary",
      "kinesis:List*",
      "lambda:List*",
      "logs:Describe*",
      "s3:ListAllMyBuckets",
      "s3:ListBucket",
      "sns:List*",
      "sqs:ListQueues",
      "states:List*",
    ]),
  ],
  SecurityAudit: [allow([...readActions("iam"), "sts:GetCallerIdentity", "s3:GetBucket*", "s3:ListAllMyBuckets"])],
  IAMFullAccess: [allow(["iam:*"])],
  IAMReadOnlyAccess: [
    allow([
      ...readActions("iam").slice(0, 2),
      "iam:GenerateCredentialReport",
      "iam:SimulateCustomPolicy",
      "iam:SimulatePrincipalPolicy",
    ]),
  ],
  AmazonDynamoDBFullAccess: [
    allow([
      "dynamodb:*",
      "dax:*",
      "application-autoscaling:*",
      "cloudwatch:*",
      "kinesis:ListStreams",
      "lambda:*",
      "kms:DescribeKey",
    ]),
    passRoleTo("application-autoscaling.amazonaws.com", "dax.amazonaws.com"),
  ],
  AmazonDynamoDBReadOnlyAccess: [
    allow([
      ...readActions("dynamodb"),
      "dynamodb:BatchGetItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:PartiQLSelect",
      "dynamodb:Query",
      "dynamodb:Scan",
      ...readActions("dax"),
    ]),
  ],
  AmazonKinesisFullAccess: [allow(["kinesis:*"])],
  AmazonKinesisReadOnlyAccess: [allow(readActions("kinesis"))],
  AmazonKinesisFirehoseFullAccess: [allow(["firehose:*"])],
  AmazonS3FullAccess: [allow(["s3:*", "s3-object-lambda:*"])],
  AmazonS3ReadOnlyAccess: [allow([...readActions("s3"), "s3-object-lambda:Get*", "s3-object-lambda:List*"])],
  AmazonSNSFullAccess: [allow(["sns:*"])],
  AmazonSNSReadOnlyAccess: [allow(["sns:GetTopicAttributes", "sns:List*", "sns:GetSubscriptionAttributes"])],
  AmazonSQSFullAccess: [allow(["sqs:*"])],
  AmazonSQSReadOnlyAccess: [
    allow([
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ListDeadLetterSourceQueues",
      "sqs:ListQueues",
      "sqs:ListQueueTags",
    ]),
  ],
  AmazonSSMReadOnlyAccess: [allow(["ssm:Describe*", "ssm:Get*", "ssm:List*"])],
  AmazonEventBridgeFullAccess: [
    allow(["events:*", "schemas:*", "scheduler:*", "pipes:*"]),
    passRoleTo("events.amazonaws.com", "scheduler.amazonaws.com", "pipes.amazonaws.com"),
  ],
  AmazonCognitoPowerUser: [allow(["cognito-identity:*", "cognito-idp:*", "cognito-sync:*", "iam:ListRoles"])],
  AmazonAPIGatewayAdministrator: [allow(["apigateway:*"], "arn:aws:apigateway:*::/*")],
  AmazonAPIGatewayInvokeFullAccess: [
    allow(["execute-api:Invoke", "execute-api:ManageConnections"], "arn:aws:execute-api:*:*:*"),
  ],
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs": [
    allow([
      ...writeLogs,
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:GetLogEvents",
      "logs:FilterLogEvents",
    ]),
  ],
  AWSLambda_FullAccess: [
    allow([
      "cloudformation:DescribeStacks",
      "cloudformation:ListStackResources",
      "cloudwatch:ListMetrics",
      "cloudwatch:GetMetricData",
      "kms:ListAliases",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
      "iam:ListRoles",
      "lambda:*",
      "logs:DescribeLogGroups",
      "states:DescribeStateMachine",
      "states:ListStateMachines",
      "tag:GetResources",
      "xray:GetTraceSummaries",
      "xray:BatchGetTraces",
    ]),
    passRoleTo("lambda.amazonaws.com"),
    allow(
      ["logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"],
      "arn:aws:logs:*:*:log-group:/aws/lambda/*",
    ),
  ],
  AWSLambda_ReadOnlyAccess: [
    allow([
      ...readActions("lambda"),
      "cloudwatch:ListMetrics",
      "iam:ListRoles",
      "logs:DescribeLogGroups",
      "tag:GetResources",
    ]),
  ],
  AWSLambdaExecute: [
    allow(["logs:*"], "arn:aws:logs:*:*:*"),
    allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*"),
  ],
  "AWSLambdaInvocation-DynamoDB": [
    allow(["lambda:InvokeFunction"]),
    allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]),
  ],
  "service-role/AWSLambdaBasicExecutionRole": [allow(writeLogs)],
  "service-role/AWSLambdaDynamoDBExecutionRole": [
    allow([
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
      ...writeLogs,
    ]),
  ],
  "service-role/AWSLambdaKinesisExecutionRole": [
    allow([
      "kinesis:DescribeStream",
      "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
      "kinesis:ListStreams",
      "kinesis:SubscribeToShard",
      ...writeLogs,
    ]),
  ],
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", ...writeLogs]),
  ],
  "service-role/AWSLambdaMSKExecutionRole": [
    allow(["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", ...writeLogs]),
  ],
  "service-role/AWSLambdaVPCAccessExecutionRole": [allow([...writeLogs, ...networkInterfaces])],
  "service-role/AWSLambdaENIManagementAccess": [allow(networkInterfaces)],
  "service-role/AWSLambdaRole": [allow(["lambda:InvokeFunction"])],
  AWSStepFunctionsFullAccess: [allow(["states:*"])],
  AWSStepFunctionsReadOnlyAccess: [
    allow([
      "states:ListStateMachines",
      "states:ListActivities",
      "states:Describe*",
      "states:List*",
      "states:GetExecutionHistory",
    ]),
  ],
  AWSXRayDaemonWriteAccess: [
    allow([
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:GetSamplingStatisticSummaries",
    ]),
  ],
  AWSXrayWriteOnlyAccess: [
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]),
  ],
  CloudWatchFullAccess: [
    allow(["autoscaling:Describe*", "cloudwatch:*", "logs:*", "sns:*", "iam:GetPolicy", "iam:GetRole"]),
  ],
  CloudWatchLogsFullAccess: [allow(["logs:*", "cloudwatch:GenerateQuery"])],
  CloudWatchLogsReadOnlyAccess: [
    allow([
      "logs:Describe*",
      "logs:Get*",
      "logs:List*",
      "logs:StartQuery",
      "logs:StopQuery",
      "logs:TestMetricFilter",
      "logs:FilterLogEvents",
    ]),
  ],
  CloudWatchReadOnlyAccess: [
    allow([
      ...readActions("cloudwatch", "logs"),
      "logs:FilterLogEvents",
      "logs:StartQuery",
      "logs:StopQuery",
      "sns:Get*",
      "sns:List*",
    ]),
  ],
  CloudWatchLambdaInsightsExecutionRolePolicy: [
    allow(["logs:CreateLogGroup"]),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:/aws/lambda-insights:*"),
  ],
  AmazonSSMFullAccess: [allow(["ssm:*", "cloudwatch:PutMetricData"])],
  AmazonEventBridgeReadOnlyAccess: [
    allow([...readActions("events"), "events:TestEventPattern", ...readActions("scheduler", "pipes")]),
  ],
  AmazonEventBridgeSchedulerFullAccess: [allow(["scheduler:*"]), passRoleTo("scheduler.amazonaws.com")],
  AmazonCognitoReadOnly: [allow(readActions("cognito-identity", "cognito-idp"))],
  AmazonAthenaFullAccess: [
    allow(["athena:*", "glue:*", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
  ],
  AmazonRDSFullAccess: [
    allow([
      "rds:*",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetMetricStatistics",
      "logs:DescribeLogStreams",
      "logs:GetLogEvents",
    ]),
  ],
  AmazonRDSDataFullAccess: [allow(["rds-data:*", "secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"])],
  AmazonElastiCacheFullAccess: [allow(["elasticache:*"])],
  AmazonRoute53FullAccess: [allow(["route53:*", "route53domains:*", "cloudfront:ListDistributions"])],
  AmazonEC2ContainerRegistryReadOnly: [
    allow([...readActions("ecr"), "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"]),
  ],
  AWSCloudFormationFullAccess: [allow(["cloudformation:*"])],
  AWSCloudFormationReadOnlyAccess: [allow([...readActions("cloudformation"), "cloudformation:EstimateTemplateCost"])],
  CloudFrontReadOnlyAccess: [allow(readActions("cloudfront"))],
  CloudFrontFullAccess: [
    allow(["cloudfront:*", "acm:ListCertificates", "s3:ListAllMyBuckets", "wafv2:ListWebACLs", "wafv2:GetWebACL"]),
  ],
  SecretsManagerReadWrite: [
    allow([
      "secretsmanager:*",
      "kms:DescribeKey",
      "kms:ListAliases",
      "kms:ListKeys",
      "lambda:ListFunctions",
      "tag:GetResources",
    ]),
  ],
};

/** By ARN. Ids and dates are ours: AWS's mean nothing outside AWS. */
export const awsManagedPolicies: ReadonlyMap<string, PolicyRow> = new Map(
  Object.entries(statements).map(([pathAndName, list]) => [
    `arn:aws:iam::aws:policy/${pathAndName}`,
    managed(pathAndName, list),
  ]),
);

function managed(pathAndName: string, list: readonly Statement[]): PolicyRow {
  const slash = pathAndName.lastIndexOf("/");
  const createdAt = Date.UTC(2015, 1, 6, 18, 40, 58);
  const document = JSON.stringify({ Version: "2012-10-17", Statement: list });
  return {
    name: pathAndName.slice(slash + 1),
    path: `/${pathAndName.slice(0, slash + 1)}`,
    id: `ANPA${createHash("sha256").update(pathAndName).digest("hex").slice(0, 17).toUpperCase()}`,
    tags: [],
    createdAt,
    updatedAt: createdAt,
    defaultVersion: 1,
    nextVersion: 2,
    versions: [{ number: 1, document, createdAt }],
  };
}
