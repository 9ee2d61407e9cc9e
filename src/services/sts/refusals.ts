import { AwsError } from "../../api/aws-error.ts";

/** STS models no error for these; their codes are those common to all query services. */
export function validationError(message: string): AwsError {
  return new AwsError({ code: "ValidationError", status: 400, message });
}

export function accessDenied(message: string): AwsError {
  return new AwsError({ code: "AccessDenied", status: 403, message });
}

export function notImplemented(what: string): AwsError {
  const message = `AWS Security Token Service: ${what} is not implemented by Virga yet.`;
  return new AwsError({ code: "NotImplemented", status: 501, message });
}

/** No MFA device can exist here, so no code is right. */
export function refuseMfa(input: {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}): void {
  if (input.SerialNumber === undefined && input.TokenCode === undefined) return;
  throw accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code.");
}
