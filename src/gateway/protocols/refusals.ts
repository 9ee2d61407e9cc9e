import { AwsError } from "../../api/aws-error.ts";

/** The request is not of the model's form. */
export function serializationException(message: string): AwsError {
  return new AwsError({ code: "SerializationException", message, status: 400 });
}

/** No operation of that name: RPC protocols answer 400, those with HTTP bindings 404. */
export function unknownOperation(message: string, status: 400 | 404): AwsError {
  return new AwsError({ code: "UnknownOperationException", message, status });
}
