import { InvalidParameterValueException } from "../../../api/lambda/errors.ts";

/** AWS answers at most 50 however many are asked for. */
const pageSize = 50;

export function pageLimit(maxItems: number | undefined): number {
  return Math.min(maxItems ?? pageSize, pageSize);
}

/** A marker holds the key of the last row that was answered. */
export function writeMarker(key: string): string {
  return Buffer.from(key).toString("base64url");
}

export function readMarker(marker: string | undefined, form: RegExp): string | undefined {
  if (marker === undefined) return undefined;
  const key = Buffer.from(marker, "base64url").toString();
  if (!form.test(key)) throw new InvalidParameterValueException({ Type: "User", message: "Invalid Marker" });
  return key;
}
