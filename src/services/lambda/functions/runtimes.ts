import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";
import type { Runtime } from "../../../api/lambda/types.ts";
import { notImplemented } from "./not-implemented.ts";

/** Identifiers that run here, the newest of a language first. */
const runnable: readonly Runtime[] = [
  "nodejs24.x",
  "nodejs22.x",
  "nodejs20.x",
  "nodejs18.x",
  "nodejs16.x",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "python3.9",
  "python3.8",
  "provided.al2023",
  "provided.al2",
];

/** Identifiers of AWS's that Virga cannot run yet. */
const later = /^(java(8|8\.al2|11|17|21|25)|ruby[234]\.\d|dotnet(6|8|10)|provided|go1\.x)$/;

/** Refuses an identifier that nothing here runs, saying whether AWS knows it. */
export function requireRuntime(runtime: Runtime): void {
  if (runnable.includes(runtime)) return;
  if (later.test(runtime)) throw notImplemented(`the runtime ${runtime} is`);
  throw new InvalidParameterValueException({
    Type: "User",
    message:
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ` +
      `[${runnable.join(", ")}] or be a valid ARN`,
  });
}

/** Largest memory of a function on AWS; the model allows more, for capacity providers. */
const maxMemoryMb = 10_240;

export function requireMemory(memoryMb: number): void {
  if (memoryMb <= maxMemoryMb) return;
  throw new InvalidParameterValueException({
    Type: "User",
    message: `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${maxMemoryMb}`,
  });
}
