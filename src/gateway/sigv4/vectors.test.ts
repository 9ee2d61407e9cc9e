import { readdirSync, readFileSync } from "node:fs";
import { hash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { canonicalRequest, type SignedParts } from "./canonical-request.ts";
import { findSignature } from "./signature.ts";
import { deriveSigningKey } from "./signing-key.ts";
import { verifySignature } from "./verify-signature.ts";

const root = fileURLToPath(new URL("../../../test/vectors/sigv4", import.meta.url));
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const cases = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".sreq"))
  .map((file) => dirname(file));

/** Reads a request as node:http gives it: one char per byte, repeated headers joined by comma and space. */
function parseRequest(text: string): { parts: SignedParts; body: string } {
  const [head = "", ...rest] = text.replaceAll("\r", "").split("\n\n");
  const [line = "", ...lines] = head.split("\n");
  const first = line.indexOf(" ");
  const target = line.slice(first + 1, line.lastIndexOf(" "));
  const mark = target.indexOf("?");
  const rawHeaders: [string, string][] = [];
  for (const header of lines) {
    if (/^\s/.test(header)) rawHeaders.at(-1)![1] += `\n${header}`;
    else rawHeaders.push([header.slice(0, header.indexOf(":")), header.slice(header.indexOf(":") + 1)]);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of rawHeaders) {
    const lower = name.toLowerCase();
    headers[lower] = headers[lower] === undefined ? value.trim() : `${headers[lower]}, ${value.trim()}`;
  }
  const path = mark < 0 ? target : target.slice(0, mark);
  return {
    parts: { method: line.slice(0, first), path, query: mark < 0 ? "" : target.slice(mark + 1), headers, rawHeaders },
    body: rest.join("\n\n"),
  };
}

describe("the published Signature Version 4 test suite", () => {
  it("is here in full", () => {
    expect(cases).toHaveLength(34);
  });

  it.each(cases)("%s", (name) => {
    const read = (ending: string) => readFileSync(join(root, name, `${basename(name)}.${ending}`), "latin1");
    const { parts, body } = parseRequest(read("sreq"));
    const signature = findSignature({ ...parts.headers, authorization: read("authz") }, parts.query)!;
    expect(signature.malformed).toBeUndefined();

    const payloadHash = hash("sha256", Buffer.from(body, "latin1"));
    const expected = read("creq").replaceAll("\r", "");
    expect(canonicalRequest(parts, signature.signedHeaders, payloadHash, "standard")).toBe(expected);

    const key = deriveSigningKey(secret, signature.date, signature.region, signature.service);
    expect(verifySignature(signature, parts, payloadHash, "standard", key)).toEqual({ valid: true });

    const other = {
      ...signature,
      signature: signature.signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    };
    expect(verifySignature(other, parts, payloadHash, "standard", key)).toMatchObject({
      valid: false,
      canonicalRequest: expected,
      stringToSign: read("sts").replaceAll("\r", ""),
    });
  });
});
