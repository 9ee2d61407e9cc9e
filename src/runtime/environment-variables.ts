import { dirname } from "node:path";
import type { EnvironmentSpec } from "./runtime.ts";

export interface RuntimePlace {
  readonly spec: EnvironmentSpec;
  /** `127.0.0.1:port`. */
  readonly runtimeApi: string;
  /** Folder of our own part of the runtime; `/var/runtime` on AWS. */
  readonly runtimeDirectory: string;
  /** Folder that is empty at first and belongs to this environment; `/tmp` on AWS. */
  readonly scratch: string;
  /** The interpreter's path; absent for `provided` runtimes. */
  readonly interpreter?: string;
  /** Where a Python without boto3 finds one. */
  readonly borrowedSdk?: string | undefined;
  /** The platform's own search path for programs. */
  readonly path: string;
}

/**
 * The whole environment of a function's process. Nothing of the platform's own is passed on but its search path.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(place: RuntimePlace): Record<string, string> {
  const { spec, runtimeDirectory, interpreter } = place;
  const { runtime, taskRoot, layersRoot: layers } = spec;
  const variables: Record<string, string> = {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: joinPaths(interpreter && dirname(interpreter), place.path, layers && `${layers}/bin`),
    LD_LIBRARY_PATH: joinPaths(taskRoot, `${taskRoot}/lib`, layers && `${layers}/lib`),
    TMPDIR: place.scratch,
    // Kept from the home of whoever runs the platform, with its ~/.aws.
    HOME: place.scratch,
  };
  if (runtime.startsWith("nodejs")) {
    const major = /\d+/.exec(runtime)?.[0];
    variables["NODE_PATH"] = joinPaths(
      layers && `${layers}/nodejs/node${major}/node_modules:${layers}/nodejs/node_modules`,
      `${runtimeDirectory}/node_modules:${runtimeDirectory}:${taskRoot}`,
    );
  }
  if (runtime.startsWith("python")) {
    const packages = layers && `${layers}/python/lib/${runtime}/site-packages:${layers}/python`;
    variables["PYTHONPATH"] = joinPaths(packages, runtimeDirectory);
  }

  // Everything above can be set by the function's configuration; what follows is reserved.
  Object.assign(variables, spec.variables, {
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDirectory,
    _HANDLER: spec.handler,
  });
  if (!runtime.startsWith("provided")) {
    variables["AWS_EXECUTION_ENV"] = `AWS_Lambda_${runtime}`;
    // Tells AWS's own runtime clients, and ours, to write framed log records there.
    variables["_LAMBDA_TELEMETRY_LOG_FD"] = "3";
  }
  // Our runtime takes it away before the function's code runs.
  if (place.borrowedSdk) variables["_VIRGA_BORROWED_SDK"] = place.borrowedSdk;
  return variables;
}

function joinPaths(...paths: readonly (string | undefined)[]): string {
  return paths.filter(Boolean).join(":");
}
