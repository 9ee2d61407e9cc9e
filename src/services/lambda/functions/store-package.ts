import { InvalidParameterValueException, RequestTooLargeException } from "../../../api/lambda/errors.ts";
import type { FunctionCode } from "../../../api/lambda/types.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { CodePackage } from "../state.ts";
import { notImplemented } from "./not-implemented.ts";
import { maxZippedBytes, measureZip, PackageError } from "./package-folders.ts";

/** Stores an uploaded package. It is garbage until a function row names it. */
export async function storePackage(code: FunctionCode, ctx: ServiceContext): Promise<CodePackage> {
  if (code.ImageUri !== undefined) throw notImplemented("functions from container images (Code.ImageUri) are");
  if (code.S3Bucket !== undefined || code.S3Key !== undefined || code.S3ObjectVersion !== undefined)
    throw notImplemented("packages in S3 (Code.S3Bucket) are");
  if (code.SourceKMSKeyArn !== undefined) throw notImplemented("encryption with SourceKMSKeyArn is");
  const { ZipFile: zip } = code;
  if (zip === undefined) {
    throw new InvalidParameterValueException({ Type: "User", message: "Please provide a source for function code." });
  }
  if (zip.byteLength > maxZippedBytes) {
    throw new RequestTooLargeException({
      Type: "User",
      message: `Zip file size exceeds the limit of ${maxZippedBytes} bytes.`,
    });
  }
  let unzippedSize: number;
  try {
    unzippedSize = await measureZip(zip);
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    throw new InvalidParameterValueException({ Type: "User", message: error.message });
  }
  const blob = await ctx.blobs.put(zip);
  const sha256 = Buffer.from(blob.sha256, "hex").toString("base64");
  return { blobId: blob.id, sha256, size: blob.size, unzippedSize };
}
