import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";
import type {
  CreateFunctionRequest,
  LoggingConfig,
  UpdateFunctionConfigurationRequest,
} from "../../../api/lambda/types.ts";
import type { FunctionRow, LayerUse, LoggingRow } from "../state.ts";
import { notImplemented } from "./not-implemented.ts";
import { requireMemory, requireRuntime } from "./runtimes.ts";

/** What can be set on a function besides its code. */
export type Configuration = Pick<
  FunctionRow,
  | "runtime"
  | "handler"
  | "role"
  | "description"
  | "timeoutSeconds"
  | "memoryMb"
  | "ephemeralStorageMb"
  | "variables"
  | "logGroup"
  | "layers"
  | "logging"
>;

type ConfigurationInput = UpdateFunctionConfigurationRequest &
  Pick<CreateFunctionRequest, "CodeSigningConfigArn" | "PublishTo" | "TenancyConfig" | "PackageType" | "Architectures">;

const maxVariablesBytes = 4096;

/** Set by Lambda itself: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reservedVariables: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

/** What `before` becomes when the members that `input` brings are set. */
export function applyConfiguration<Before extends Configuration>(
  before: Before,
  input: ConfigurationInput,
  /** Instead of those that it had. */
  given?: readonly LayerUse[],
): Before {
  refuseWhatIsNotBuilt(input);
  if (input.Runtime !== undefined) requireRuntime(input.Runtime);
  if (input.MemorySize !== undefined) requireMemory(input.MemorySize);
  const variables = input.Environment ? readVariables(input.Environment.Variables ?? {}) : before.variables;
  const { variables: _, layers: __, logging: ___, ...rest } = before;
  const logging = readLogging(before.logging, input.LoggingConfig);
  const layers = given ?? before.layers ?? [];
  return {
    ...(rest as Before),
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    role: input.Role ?? before.role,
    description: input.Description ?? before.description,
    timeoutSeconds: input.Timeout ?? before.timeoutSeconds,
    memoryMb: input.MemorySize ?? before.memoryMb,
    ephemeralStorageMb: input.EphemeralStorage?.Size ?? before.ephemeralStorageMb,
    logGroup: input.LoggingConfig?.LogGroup ?? before.logGroup,
    ...(logging && { logging }),
    ...(layers.length > 0 && { layers }),
    ...(variables && Object.keys(variables).length > 0 && { variables }),
  };
}

/** Levels belong to JSON logs only. */
function readLogging(before: LoggingRow | undefined, input: LoggingConfig | undefined): LoggingRow | undefined {
  if (!input) return before;
  const { ApplicationLogLevel, SystemLogLevel } = input;
  if ((input.LogFormat ?? (before ? "JSON" : "Text")) === "JSON") {
    return {
      applicationLevel: ApplicationLogLevel ?? before?.applicationLevel ?? "INFO",
      systemLevel: SystemLogLevel ?? before?.systemLevel ?? "INFO",
    };
  }
  if (ApplicationLogLevel === undefined && SystemLogLevel === undefined) return undefined;
  throw new InvalidParameterValueException({
    Type: "User",
    message: "To set ApplicationLogLevel or SystemLogLevel, LogFormat must be JSON.",
  });
}

function readVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw new InvalidParameterValueException({
      Type: "User",
      message:
        "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    });
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > maxVariablesBytes) {
    throw new InvalidParameterValueException({
      Type: "User",
      message:
        "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `exceeded the 4KB limit. String measured: ${measured}`,
    });
  }
  return { ...variables };
}

/** An accepted member takes effect; these would not, so they are refused unless they ask for nothing. */
function refuseWhatIsNotBuilt(input: ConfigurationInput): void {
  if (input.PackageType === "Image" || input.ImageConfig) throw notImplemented("functions from container images are");
  if (input.VpcConfig?.SecurityGroupIds?.length || input.VpcConfig?.Ipv6AllowedForDualStack) {
    throw notImplemented("functions in a VPC (VpcConfig) are");
  }
  if (input.VpcConfig?.SubnetIds?.length) throw notImplemented("functions in a VPC (VpcConfig.SubnetIds) are");
  if (input.DeadLetterConfig?.TargetArn) throw notImplemented("dead-letter queues (DeadLetterConfig) are");
  if (input.KMSKeyArn) throw notImplemented("encryption with KMSKeyArn is");
  if (input.FileSystemConfigs?.length) throw notImplemented("file systems (FileSystemConfigs) are");
  if (input.TracingConfig?.Mode === "Active") throw notImplemented("active tracing (TracingConfig.Mode Active) is");
  if (input.SnapStart?.ApplyOn === "PublishedVersions") throw notImplemented("SnapStart is");
  if (input.CodeSigningConfigArn) throw notImplemented("code signing is");
  if (input.PublishTo) throw notImplemented("capacity providers (PublishTo) are");
  if (input.CapacityProviderConfig) throw notImplemented("capacity providers are");
  if (input.DurableConfig) throw notImplemented("durable functions are");
  if (input.TenancyConfig) throw notImplemented("tenant isolation is");
}
