import { startOptions, variableOf } from "./options.ts";

/** What `virga help` prints. */
export function helpText(): string {
  const width = Math.max(...startOptions.map((option) => signature(option).length));
  const lines = startOptions.flatMap((option) => {
    const [first = "", ...rest] = wrap(option.about + (option.default ? ` [${option.default}]` : ""), 100 - width);
    return [`  ${signature(option).padEnd(width)}  ${first}`, ...rest.map((line) => `  ${" ".repeat(width)}  ${line}`)];
  });
  return `Virga: a serverless cloud that speaks AWS, on your own machines.

Usage
  virga start [options]   Start the platform (the default command)
  virga demo              Deploy a small API on a platform of its own, call it, clean up
  virga help              This page
  virga --version         The version

Options of start
${lines.join("\n")}

  Each is also an environment variable: --${startOptions[0]!.name} is ${variableOf(startOptions[0]!.name)}, --data-dir is ${variableOf("data-dir")}, and so on.

First steps
  1. virga start
  2. In another terminal, point any AWS client at it:
       export AWS_ENDPOINT_URL=http://127.0.0.1:4566
       export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
       export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  3. aws dynamodb list-tables
     or a whole application: examples/users-api/deploy.sh

Good to know
  An access key id of 12 digits is the account: AWS_ACCESS_KEY_ID=111122223333 works in that account.
  What is built, operation by operation: docs/coverage.md. What is not answers 501 and says so.
  Log lines go to standard error: coloured on a terminal, JSON otherwise.
  GET /_virga/health tells whether the platform is up.
`;
}

function signature(option: { readonly name: string; readonly value?: string }): string {
  return `--${option.name}${option.value ? ` <${option.value}>` : ""}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
