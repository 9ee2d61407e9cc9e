import { AwsError } from "../../../api/aws-error.ts";
import type { OperationModel, ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { wireError } from "../errors-on-wire.ts";
import type { WireError } from "../errors-on-wire.ts";
import { eventStreamCodec } from "../event-stream/event-stream-codec.ts";
import type { EventFormat } from "../event-stream/event-stream-codec.ts";
import { lazily } from "../operations.ts";
import type { OperationCodec, WireProtocol } from "../protocol.ts";
import { unknownOperation } from "../refusals.ts";
import { eventStreamMember, maxDepth, shapeOf, streamingMember, structureOf } from "../shapes.ts";
import { escapeXml } from "../xml/escape-xml.ts";
import { parseXml } from "../xml/parse-xml.ts";
import type { XmlElement } from "../xml/parse-xml.ts";
import { XmlReaders } from "../xml/xml-reader.ts";
import { namespaceAttribute, XmlWriters } from "../xml/xml-writer.ts";
import { compileInput } from "./input-bindings.ts";
import type { BodyReader } from "./input-bindings.ts";
import { compileOutput, headerWriter } from "./output-bindings.ts";
import type { BodyWriter, HeaderPairs } from "./output-bindings.ts";
import { restProtocol } from "./rest-protocol.ts";
import { s3Roots } from "./s3-documents.ts";

const contentType = "application/xml";
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** REST with XML bodies; S3 in its own manner. */
export function restXml(model: ServiceModel): WireProtocol {
  const isS3 = model.name === "s3";
  const readers = new XmlReaders(model, malformedXml);
  const writers = new XmlWriters(model, { alwaysMilliseconds: isS3 });
  const namespace = serviceNamespace(model);
  const idHeaders = (requestId: string): HeaderPairs =>
    isS3
      ? [
          ["x-amz-request-id", requestId],
          ["x-amz-id-2", requestId],
        ]
      : [["x-amzn-requestid", requestId]];
  const bodyReader = xmlBodyReader(readers);
  const bodyWriter = xmlBodyWriter(model, writers, namespace);
  const events = xmlEvents(model, readers, writers);

  function codec(operation: OperationModel): OperationCodec {
    const input = operation.input === undefined ? undefined : structureOf(model, operation.input);
    const output = operation.output === undefined ? undefined : structureOf(model, operation.output);
    const outputEvents = output === undefined ? undefined : eventStreamMember(model, output);
    const read = lazily(() => compileInput(model, operation, bodyReader));
    const write = lazily(() => compileOutput(model, operation, bodyWriter));
    const writeHeaders = lazily(() => headerWriter(model, output!));
    const writeEvents = lazily(() => eventStreamCodec(events, output!, outputEvents!).writeOutput);
    return {
      name: operation.name,
      model: operation,
      streamsInput: input !== undefined && streamingMember(model, input) !== undefined,
      streamsOutput:
        outputEvents !== undefined || (output !== undefined && streamingMember(model, output) !== undefined),
      decode: (match, head, body) => read(match, head, body),
      encode(value, requestId, failed) {
        if (outputEvents !== undefined) {
          const headers: HeaderPairs = [
            ["content-type", "application/vnd.amazon.eventstream"],
            ...idHeaders(requestId),
          ];
          writeHeaders(value as Record<string, unknown>, headers);
          return { status: 200, headers, body: writeEvents(value, false, failed) };
        }
        const response = write((value ?? {}) as Record<string, unknown>);
        return { ...response, headers: [...idHeaders(requestId), ...response.headers] };
      },
    };
  }

  return restProtocol(model, {
    name: "rest-xml",
    codec,
    unknown: (head) =>
      isS3
        ? new AwsError({
            code: "MethodNotAllowed",
            message: "The specified method is not allowed against this resource.",
            status: 405,
            fields: { Method: head.method.slice(0, 32), ResourceType: head.path === "/" ? "SERVICE" : "OBJECT" },
          })
        : unknownOperation(
            `${model.metadata.serviceId} has no operation at ${head.method} ${head.path.slice(0, 256)}.`,
            404,
          ),
    refuse(error, requestId) {
      const wire = wireError(model, error);
      const headers = idHeaders(requestId);
      if (wire.shape !== undefined) headerWriter(model, wire.shape)(wire.members, headers);
      headers.push(...Object.entries(error.headers));
      // "Not modified" is a refusal to S3's handlers, but HTTP knows no body for it.
      if (error.status === 304) return { status: 304, headers };
      headers.push(["content-type", contentType]);
      const content =
        `<Code>${escapeXml(wire.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
        errorMembers(writers, wire);
      const id = `<RequestId>${escapeXml(requestId)}</RequestId>`;
      const body = isS3
        ? `${declaration}<Error>${content}${id}<HostId>${escapeXml(requestId)}</HostId></Error>`
        : `${declaration}<ErrorResponse${namespace}><Error><Type>${wire.sender ? "Sender" : "Receiver"}</Type>${content}</Error>${id}</ErrorResponse>`;
      return { status: error.status, headers, body };
    },
  });
}

/** Members of an error: the modelled ones as modelled, and plain texts that services add (S3: `Key`, `BucketName`). */
function errorMembers(writers: XmlWriters, { shape, members, messageMember }: WireError): string {
  const modelled = shape?.members ?? {};
  const inBody = Object.keys(modelled).filter(
    (name) => name !== messageMember && modelled[name]!.location === undefined,
  );
  let text = shape === undefined ? "" : writers.content(shape, inBody)(members);
  for (const [name, value] of Object.entries(members)) {
    if (name in modelled || name === messageMember || !/^[A-Za-z]\w*$/.test(name)) continue;
    if (typeof value === "string" || typeof value === "number")
      text += `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  return text;
}

/** What S3, CloudFront and Route 53 answer to a body that is not of the model's form. */
function malformedXml(why: string): AwsError {
  const message = `The XML you provided was not well-formed or did not validate against our published schema. ${why}`;
  return new AwsError({ code: "MalformedXML", message: message.trimEnd(), status: 400 });
}

/** A service has one namespace; the model has it at its inputs. */
function serviceNamespace(model: ServiceModel): string {
  if (model.metadata.xmlNamespace !== undefined) return namespaceAttribute(model.metadata.xmlNamespace);
  for (const operation of Object.values(model.operations)) {
    if (operation.input?.xmlNamespace !== undefined) return namespaceAttribute(operation.input.xmlNamespace);
  }
  return model.name === "s3" ? namespaceAttribute("http://s3.amazonaws.com/doc/2006-03-01/") : "";
}

function requireXml(body: Uint8Array): XmlElement {
  const root = parseXml(body, maxDepth);
  if (root === undefined) throw malformedXml("");
  return root;
}

function xmlBodyReader(readers: XmlReaders): BodyReader {
  return {
    members(_shapeName, shape, names) {
      const read = readers.structure(shape, names);
      return (body) => (body.byteLength === 0 ? {} : (read(requireXml(body)) as Record<string, unknown>));
    },
    payload(ref) {
      const read = readers.reader(ref);
      return (body) => (body.byteLength === 0 ? undefined : read(requireXml(body)));
    },
  };
}

function xmlBodyWriter(model: ServiceModel, writers: XmlWriters, namespace: string): BodyWriter {
  return {
    members(operation, shape, names) {
      const root = rootName(model, operation, shape);
      // S3's oldest answer has its value in the root element itself.
      if (model.name === "s3" && operation.name === "GetBucketLocation") {
        return ({ LocationConstraint: location }) => ({
          contentType,
          body: `${declaration}<${root}${namespace}>${escapeXml(typeof location === "string" ? location : "")}</${root}>`,
        });
      }
      const content = writers.content(shape, names);
      const attributes = writers.attributes(shape);
      const own = namespaceAttribute(shape.xmlNamespace) || namespace;
      return (output) => ({
        contentType,
        body: `${declaration}<${root}${own}${attributes(output)}>${content(output)}</${root}>`,
      });
    },
    payload(ref) {
      const shape = shapeOf(model, ref);
      const root = ref.locationName ?? (shape.type === "structure" ? shape.locationName : undefined) ?? ref.shape;
      const write = writers.writer(ref.xmlNamespace === undefined ? { ...ref, ...ownNamespace(model, shape) } : ref);
      return (value) => ({ contentType, body: declaration + write(root, value) });
    },
    empty: {},
  };
}

function ownNamespace(model: ServiceModel, shape: ReturnType<typeof shapeOf>): Pick<ShapeRef, "xmlNamespace"> {
  const own = shape.type === "structure" ? shape.xmlNamespace : undefined;
  if (own !== undefined) return { xmlNamespace: own };
  const service = /xmlns="([^"]*)"/.exec(serviceNamespace(model))?.[1];
  return service === undefined ? {} : { xmlNamespace: service };
}

function rootName(model: ServiceModel, operation: OperationModel, shape: StructureShape): string {
  const s3Root = model.name === "s3" && Object.hasOwn(s3Roots, operation.name) ? s3Roots[operation.name] : undefined;
  return s3Root ?? operation.output!.locationName ?? shape.locationName ?? operation.output!.shape;
}

function xmlEvents(model: ServiceModel, readers: XmlReaders, writers: XmlWriters): EventFormat {
  return {
    model,
    contentType: "text/xml",
    write(name, shape, members) {
      const content = writers.content(shape, members);
      return (value) => {
        const text = content(value);
        return utf8(text === "" ? "" : `<${name}>${text}</${name}>`);
      };
    },
    read(_name, shape, members) {
      const read = readers.structure(shape, members);
      return (body) => read(requireXml(body)) as Record<string, unknown>;
    },
  };
}
