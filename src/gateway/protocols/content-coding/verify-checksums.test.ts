import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { checksum, checksumAlgorithms } from "./checksum.ts";
import { requireChecksums, verifyChecksums } from "./verify-checksums.ts";

const body = utf8("hello");

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield body.subarray(0, 2);
  yield body.subarray(2);
}

const read = (headers: Record<string, string>) => Array.fromAsync(verifyChecksums(headers, chunks()));

test.each(checksumAlgorithms)("a body is held to its %s", async (algorithm) => {
  const sum = checksum(algorithm);
  sum.update(body);
  const header = `x-amz-checksum-${algorithm}`;
  const good = sum.digest();
  expect(Buffer.concat(await read({ [header]: good })).toString()).toBe("hello");
  const bad = Buffer.from(good, "base64");
  bad[0]! ^= 1;
  await expect(read({ [header]: bad.toString("base64") })).rejects.toMatchObject({
    code: "BadDigest",
    status: 400,
    message: `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  });
  expect(() => verifyChecksums({ [header]: "AA==" }, chunks())).toThrow(`Value for ${header} header is invalid.`);
});

test("a body is held to its MD5", () => {
  expect(() => requireChecksums({ "content-md5": "XUFAKrxLKna5cZ2REBfFkg==" }, body)).not.toThrow();
  expect(() => requireChecksums({ "content-md5": "XUFAKrxLKna5cZ2REBfFkg==" }, utf8("other"))).toThrow(
    "The Content-MD5 you specified did not match what we received.",
  );
  expect(() => requireChecksums({ "content-md5": "x" }, body)).toThrow("The Content-MD5 you specified was invalid.");
});

test("a body without checksums is given on as it is", () => {
  const given = chunks();
  expect(verifyChecksums({}, given)).toBe(given);
});
