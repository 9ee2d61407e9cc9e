import { spawn, spawnSync } from "node:child_process";
import { withoutAws } from "./virga-process.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What any client of a lenient platform may sign with. */
export const anyKey: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** What every client of the AWS SDK for JavaScript is made with. */
export function sdkConfig(endpoint: string, credentials: Credentials = anyKey) {
  return { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
}

/**
 * Whether boto3 and the AWS CLI are there. `npm test` installs them where they are missing and can be had; a test that
 * is run by itself takes what the machine has.
 */
export const hasPythonClients =
  spawnSync("python3", ["-c", "import boto3"]).status === 0 && spawnSync("aws", ["--version"]).status === 0;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with the variables that point every AWS client at a platform. */
export async function run(
  endpoint: string,
  command: string,
  args: readonly string[],
  credentials: Credentials = anyKey,
  more: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutAws(process.env),
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
      PYTHONDONTWRITEBYTECODE: "1",
      ...more,
    },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { code, stdout, stderr };
}

/** What `aws …` prints, parsed; where it fails, what it says is the error's message. */
export async function awsCli<Output = Record<string, unknown>>(
  endpoint: string,
  args: readonly string[],
  credentials: Credentials = anyKey,
): Promise<Output> {
  const { code, stdout, stderr } = await run(endpoint, "aws", [...args, "--output", "json"], credentials);
  if (code !== 0) throw new Error(stderr.trim() || stdout.trim());
  return (stdout.trim() === "" ? {} : JSON.parse(stdout)) as Output;
}

/**
 * Runs a Python program that has `boto3`, `ClientError` and a function `client(service)`, and calls `answer(value)` with
 * what the test is to see.
 */
export async function python<Answer>(
  endpoint: string,
  program: string,
  credentials: Credentials = anyKey,
  more: NodeJS.ProcessEnv = {},
): Promise<Answer> {
  const { code, stdout, stderr } = await run(endpoint, "python3", ["-c", prelude + program], credentials, more);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\nanswer ") + "\nanswer ".length)) as Answer;
}

const prelude = `
import json, boto3
from botocore.config import Config
from botocore.exceptions import ClientError
client = lambda service, **more: boto3.client(service, config=Config(retries={"total_max_attempts": 1}), **more)
def answer(value):
    print("\\nanswer " + json.dumps(value, default=str))
def refusal(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ClientError as error:
        return [type(error).__name__, error.response["Error"]["Code"], error.response["Error"]["Message"]]
    return "no refusal"
`;
