import { AwsError } from "./aws-error.ts";

export interface Message {
  readonly message: string;
}

/** What the constructor of a modelled error takes: the message, and the members that its shape has besides. */
export type Details<Fields> = Message & Fields;

/** An error that the service's model names. The generated classes add only their names. */
export abstract class ModelledError<Fields extends object = object> extends AwsError {
  declare readonly fields: Readonly<Fields> & Readonly<Record<string, unknown>>;

  constructor(shape: string, code: string, status: number, { message, ...fields }: Details<Fields>) {
    super({ code, message, status, shape, fields });
  }
}
