import { describe, expect, test } from "vitest";
import { helpText } from "./help.ts";
import { parseStartOptions, startOptions, variableOf } from "./options.ts";

test("without arguments everything has its documented default", () => {
  expect(parseStartOptions([], {})).toEqual({
    port: 4566,
    host: "127.0.0.1",
    dataDirectory: ".virga",
    region: "us-east-1",
    account: "000000000000",
    auth: "lenient",
    durability: "full",
    logLevel: "info",
    tls: undefined,
    timeTravel: false,
    corsOrigins: [],
    allowedHosts: [],
    allowReset: false,
  });
});

test("an argument wins over the environment, and the environment over the default", () => {
  const environment = { VIRGA_PORT: "5000", VIRGA_REGION: "eu-west-1", VIRGA_MEMORY: "1", VIRGA_ACCOUNT: "" };
  const options = parseStartOptions(["--port", "6000"], environment);
  expect(options).toMatchObject({ port: 6000, region: "eu-west-1", dataDirectory: undefined, account: "000000000000" });
});

test("a platform in memory may always be reset", () => {
  expect(parseStartOptions(["--memory"], {}).allowReset).toBe(true);
});

describe("what cannot be is refused with what can be done", () => {
  const cases: readonly (readonly [args: string[], environment: Record<string, string>, message: string])[] = [
    [["--port", "70000"], {}, `--port must be a number from 0 to 65535, not "70000".`],
    [["--port", "http"], {}, `--port must be a number from 0 to 65535, not "http".`],
    [["--port"], {}, "--port needs a value: --port <number>."],
    [["--port", "--memory"], {}, "--port needs a value: --port <number>."],
    [["--memory=yes"], {}, "--memory is a switch and takes no value."],
    [["--account", "42"], {}, `--account must be 12 digits, like 000000000000, not "42".`],
    [["--region", "Ohio"], {}, `--region must look like us-east-1, not "Ohio".`],
    [["--auth", "none"], {}, `--auth must be lenient or strict, not "none".`],
    [[], { VIRGA_AUTH: "none" }, `VIRGA_AUTH must be lenient or strict, not "none".`],
    [[], { VIRGA_MEMORY: "maybe" }, `VIRGA_MEMORY must be 1 or 0, not "maybe".`],
    [["--prot", "1"], {}, "There is no option --prot. See `virga help`."],
    [["--data", "x"], {}, "There is no option --data. Did you mean --data-dir? See `virga help`."],
    [["now"], {}, `"now" is not understood here. See \`virga help\`.`],
    [["--tls-cert", "a.pem"], {}, "--tls-cert and --tls-key go together; --tls-key is missing."],
    [
      ["--memory", "--data-dir", "x"],
      {},
      "--memory keeps nothing, so it does not go with --data-dir; leave one of them out.",
    ],
  ];
  test.for(cases)("%j %j", ([args, environment, message]) => {
    expect(() => parseStartOptions(args, environment)).toThrow(message);
  });
});

describe("who may reach a lenient platform", () => {
  test.for(["0.0.0.0", "::", "192.0.2.1", "example.com", "127.evil.example"])("%s is refused", (host) => {
    expect(() => parseStartOptions(["--host", host], {})).toThrow("every one of them is the account's root");
  });

  test.for(["127.0.0.1", "127.0.0.53", "localhost", "::1"])("%s is this machine, so it is allowed", (host) => {
    expect(parseStartOptions(["--host", host], {}).host).toBe(host);
  });

  test("other machines are let in when keys are checked, or on the user's word", () => {
    expect(parseStartOptions(["--host", "0.0.0.0", "--auth", "strict"], {}).auth).toBe("strict");
    expect(parseStartOptions(["--host", "0.0.0.0", "--allow-insecure"], {}).host).toBe("0.0.0.0");
  });
});

test("the help names every option and fits a terminal", () => {
  const text = helpText();
  for (const option of startOptions) expect(text).toContain(`--${option.name}`);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(variableOf("data-dir")).toBe("VIRGA_DATA_DIR");
});

test("origins and host names for browsers come as lists, and are checked", () => {
  const args = ["--cors-origin", "https://a.example, http://b.example:8080", "--allow-host", "Virga.example"];
  expect(parseStartOptions(args, {})).toMatchObject({
    corsOrigins: ["https://a.example", "http://b.example:8080"],
    allowedHosts: ["virga.example"],
  });
  expect(parseStartOptions([], { VIRGA_CORS_ORIGIN: "*" }).corsOrigins).toEqual(["*"]);
  expect(() => parseStartOptions(["--cors-origin", "https://a.example/path"], {})).toThrow("without a path");
  expect(() => parseStartOptions(["--allow-host", "a:80"], {})).toThrow("without a port");
});
