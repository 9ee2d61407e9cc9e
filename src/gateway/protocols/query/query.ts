import { AwsError } from "../../../api/aws-error.ts";
import type { OperationModel, ServiceModel } from "../../../api/model.ts";
import { decodeUtf8 } from "../../../base/bytes.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { wireError } from "../errors-on-wire.ts";
import { printable } from "../rpc/rpc-protocol.ts";
import { lazily, onceByName, operationOf } from "../operations.ts";
import type { OperationCodec, RequestHead, WireProtocol } from "../protocol.ts";
import { maxDepth, structureOf } from "../shapes.ts";
import { escapeXml } from "../xml/escape-xml.ts";
import { namespaceAttribute, XmlWriters } from "../xml/xml-writer.ts";
import { FormReaders } from "./form-reader.ts";
import { formTree, parsePairs } from "./parse-form.ts";

/** The query protocol: a form names the operation (`Action`) and holds the input; answers are XML. */
export function query(model: ServiceModel): WireProtocol {
  return formProtocol(model, {
    name: "query",
    contentType: "text/xml",
    refuseValue: (message) => new AwsError({ code: "MalformedInput", message, status: 400 }),
    result(operation, content, requestId) {
      const wrapper = operation.output?.resultWrapper ?? `${operation.name}Result`;
      const result = operation.output === undefined ? "" : `<${wrapper}>${content}</${wrapper}>`;
      return `${result}<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
    },
    error(namespace, error, content, requestId) {
      return (
        `<ErrorResponse${namespace}><Error><Type>${error.sender ? "Sender" : "Receiver"}</Type>` +
        `<Code>${escapeXml(error.code)}</Code>${content}</Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`
      );
    },
  });
}

/** EC2's variant of the query protocol. */
export function ec2Query(model: ServiceModel): WireProtocol {
  return formProtocol(model, {
    name: "ec2",
    contentType: "text/xml;charset=UTF-8",
    refuseValue: (message) => new AwsError({ code: "InvalidParameterValue", message, status: 400 }),
    result: (_operation, content, requestId) => `${content}<requestId>${escapeXml(requestId)}</requestId>`,
    error(_namespace, error, content, requestId) {
      return (
        `<Response><Errors><Error><Code>${escapeXml(error.code)}</Code>${content}</Error></Errors>` +
        `<RequestID>${escapeXml(requestId)}</RequestID></Response>`
      );
    },
  });
}

interface FormVariant {
  readonly name: "query" | "ec2";
  readonly contentType: string;
  refuseValue(message: string): AwsError;
  /** What stands in the response element. */
  result(operation: OperationModel, content: string, requestId: string): string;
  error(namespace: string, error: { code: string; sender: boolean }, content: string, requestId: string): string;
}

function formProtocol(model: ServiceModel, variant: FormVariant): WireProtocol {
  const readers = new FormReaders(model, { ec2: variant.name === "ec2", refuse: variant.refuseValue });
  const writers = new XmlWriters(model, {
    queryNames: variant.name === "query",
  });
  const namespace = namespaceAttribute(model.metadata.xmlNamespace);

  function answer(status: number, requestId: string, body: string): HttpResponse {
    return {
      status,
      headers: [
        ["content-type", variant.contentType],
        ["x-amzn-requestid", requestId],
      ],
      body,
    };
  }

  function codec(operation: OperationModel): OperationCodec {
    const read =
      operation.input === undefined
        ? () => ({})
        : lazily(() => readers.structure(structureOf(model, operation.input!)));
    const write =
      operation.output === undefined ? () => "" : lazily(() => writers.content(structureOf(model, operation.output!)));
    return {
      name: operation.name,
      model: operation,
      streamsInput: false,
      streamsOutput: false,
      decode(match, head, body) {
        const tree = formTree(match.pairs ?? requirePairs(variant, head, body as Uint8Array), maxDepth);
        if (tree === undefined) throw variant.refuseValue("A parameter name has too many parts");
        return read(tree);
      },
      encode(output, requestId) {
        const inner = variant.result(operation, write(output ?? {}), requestId);
        return answer(200, requestId, `<${operation.name}Response${namespace}>${inner}</${operation.name}Response>`);
      },
    };
  }

  const operation = onceByName((name) => {
    const found = operationOf(model, name);
    return found === undefined ? undefined : codec(found);
  });

  return {
    name: variant.name,
    model,
    namesOperationInBody: (head) => head.method === "POST",
    operation,
    findOperation(head, body) {
      let action: string | undefined;
      let version: string | undefined;
      const pairs = requirePairs(variant, head, body ?? new Uint8Array());
      for (const [name, value] of pairs) {
        if (name === "Action") action = value;
        else if (name === "Version") version = value;
      }
      if (action === undefined || action === "") {
        throw new AwsError({
          code: "MissingAction",
          message: "The request must contain the parameter Action.",
          status: 400,
        });
      }
      const found = operation(action);
      if (found === undefined) {
        throw new AwsError({
          code: "InvalidAction",
          message: `Could not find operation ${printable(action)} for version ${printable(version ?? "NO_VERSION_SPECIFIED")}`,
          status: 400,
        });
      }
      return { operation: found, pairs };
    },
    refuse(error, _operation, requestId) {
      const wire = wireError(model, error);
      const content =
        wire.shape === undefined
          ? ""
          : writers.content(wire.shape, modelledMembers(wire.shape, wire.messageMember))(wire.members);
      const message = `<Message>${escapeXml(error.message)}</Message>`;
      const response = answer(error.status, requestId, variant.error(namespace, wire, message + content, requestId));
      return { ...response, headers: [...response.headers, ...Object.entries(error.headers)] };
    },
  };
}

/** The members of an error besides its message, which every answer spells `Message`. */
export function modelledMembers(shape: { readonly members: object }, messageMember: string): string[] {
  return Object.keys(shape.members).filter((name) => name !== messageMember);
}

/** All pairs of the query string and of the form. */
function requirePairs(variant: FormVariant, head: RequestHead, body: Uint8Array): [string, string][] {
  const text = decodeUtf8(body);
  // A form may end in a line break that is none of its values.
  const pairs = text === undefined ? undefined : parsePairs(text.trimEnd());
  const ofQuery = parsePairs(head.query);
  if (pairs === undefined || ofQuery === undefined) {
    throw variant.refuseValue("The request parameters are not valid percent-encoded UTF-8");
  }
  return ofQuery.length === 0 ? pairs : [...ofQuery, ...pairs];
}
