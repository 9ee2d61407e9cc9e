import { resolve } from "node:path";
import type { StartOptions } from "./options.ts";

export interface ReadyFacts {
  readonly platform: { readonly endpoint: string };
  readonly options: StartOptions;
  /** Where the root access key is kept, with `--auth strict`. */
  readonly credentialsFile: string | undefined;
  readonly version: string;
  readonly startMs: number;
}

/** What `virga start` says when it is ready: where it is, how to point clients at it, and the next step. */
export function readyText(facts: ReadyFacts): string {
  const { platform, options, credentialsFile, version, startMs } = facts;
  const { endpoint } = platform;
  const data = options.dataDirectory
    ? `${resolve(options.dataDirectory)} (durability: ${options.durability})`
    : "in memory; nothing survives a stop";
  const access =
    options.auth === "strict"
      ? "strict: only access keys that were made here"
      : "lenient: any access key is the account's root; keys made here are checked";
  const credentials = credentialsFile
    ? [`export AWS_SHARED_CREDENTIALS_FILE=${credentialsFile}`]
    : ["export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"];
  const lines = [
    `Virga ${version} is ready at ${endpoint} (${Math.round(startMs)} ms)`,
    "",
    `  Data     ${data}`,
    `  Region   ${options.region}, account ${options.account}`,
    `  Access   ${access}`,
    ...(credentialsFile ? [`  Root key ${credentialsFile} (readable by you only)`] : []),
    ...(options.timeTravel ? [`  Clock    moves by POST ${endpoint}/_virga/clock`] : []),
    "",
    "Point the AWS CLI and SDKs at it:",
    "",
    `  export AWS_ENDPOINT_URL=${endpoint}`,
    `  export AWS_REGION=${options.region} AWS_DEFAULT_REGION=${options.region}`,
    ...credentials.map((line) => `  ${line}`),
    ...(options.tls ? trustLines(resolve(options.tls.certFile)) : []),
    "",
    "Then try `aws dynamodb list-tables`, or deploy a whole API: examples/users-api/deploy.sh",
    "Stop with Ctrl-C. Everything else: virga help",
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/** How clients come to trust a certificate that no authority has signed. */
function trustLines(certFile: string): string[] {
  return [`  export AWS_CA_BUNDLE=${certFile} NODE_EXTRA_CA_CERTS=${certFile}   # if it is self-signed`];
}
