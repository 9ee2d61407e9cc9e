type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

const compressed = "the client compresses the body, which the case does not show";
const token = "the client fills the idempotency token in";
const nulls = "the client leaves nulls out, so the request does not show them";
const empty = "an empty list or map is not on the wire";
const errorForm = "a client must understand this form of errors; servers send one form";
const offset = "clients take any UTC offset; servers write Z";
const extra = "clients skip what they do not know; servers do not send it";
const nullsInAnswer = "clients skip nulls; servers do not send them";
const bound = "the case repeats parameters with members of their own in the map of all others";

/** Published test cases that do not test a server, each with the reason; by file and case. */
export const notOurs: { readonly input: Reasons; readonly output: Reasons } = {
  input: {
    ec2: {
      SDKAppliedContentEncoding_ec2Query: compressed,
      SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query: compressed,
      Ec2ProtocolIdempotencyTokenAutoFill: token,
      Ec2EmptyQueryLists: empty,
    },
    json: {
      SDKAppliedContentEncoding_awsJson1_1: compressed,
      SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1: compressed,
      AwsJson11StructuresDontSerializeNullValues: nulls,
    },
    json_1_0: {
      SDKAppliedContentEncoding_awsJson1_0: compressed,
      SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0: compressed,
      AwsJson10EndpointTrait: "tests the host; the case has no target",
      AwsJson10EndpointTraitWithHostLabel: "tests the host; the case has no target",
      AwsJson10HostWithPath: "tests the client's endpoint; the case has no target",
    },
    query: {
      SDKAppliedContentEncoding_awsQuery: compressed,
      SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery: compressed,
      QueryProtocolIdempotencyTokenAutoFill: token,
      QueryEmptyQueryMaps: empty,
    },
    "rest-json": {
      RestJsonAllQueryStringTypes: bound,
      RestJsonQueryStringEscaping: bound,
      RestJsonSupportsNaNFloatQueryValues: bound,
      RestJsonSupportsInfinityFloatQueryValues: bound,
      RestJsonSupportsNegativeInfinityFloatQueryValues: bound,
      RestJsonZeroAndFalseQueryValues: bound,
      SDKAppliedContentEncoding_restJson1: compressed,
      SDKAppendedGzipAfterProvidedEncoding_restJson1: compressed,
      RestJsonQueryIdempotencyTokenAutoFill: token,
      RestJsonOmitsNullQuery: nulls,
      RestJsonOmitsEmptyListQueryValues: empty,
      RestJsonNullAndEmptyHeaders: nulls,
      RestJsonHttpPrefixHeadersAreNotPresent: empty,
      RestJsonDoesntSerializeNullStructureValues: nulls,
      RestJsonHostWithPath: "tests the client's endpoint, whose path the front door takes off",
      RestJsonHttpWithEmptyStructurePayload: "the client sends {} for an absent payload",
      RestJsonHttpWithHeadersButNoPayload: "the client sends {} for an absent payload",
      RestJsonQueryPrecedence: "tests which of two values the client sends",
    },
    "rest-xml": {
      SDKAppliedContentEncoding_restXml: compressed,
      SDKAppendedGzipAfterProvidedEncoding_restXml: compressed,
      QueryIdempotencyTokenAutoFill: token,
      RestXmlOmitsNullQuery: nulls,
      NullAndEmptyHeaders: nulls,
      HttpPrefixHeadersAreNotPresent: empty,
      RestXmlQueryPrecedence: "tests which of two values the client sends",
    },
    "smithy-rpc-v2-cbor": {
      RpcV2CborClientDoesntSerializeNullStructureValues: nulls,
    },
  },
  output: {
    json: {
      AwsJson11FooErrorUsingXAmznErrorType: errorForm,
      AwsJson11FooErrorUsingXAmznErrorTypeWithUri: errorForm,
      AwsJson11FooErrorUsingXAmznErrorTypeWithUriAndNamespace: errorForm,
      AwsJson11FooErrorUsingCode: errorForm,
      AwsJson11FooErrorUsingCodeAndNamespace: errorForm,
      AwsJson11FooErrorUsingCodeUriAndNamespace: errorForm,
      AwsJson11DateTimeWithNegativeOffset: offset,
      AwsJson11DateTimeWithPositiveOffset: offset,
      AwsJson11DeserializeIgnoreType: extra,
      AwsJson11StructuresDontDeserializeNullValues: nullsInAnswer,
      AwsJson11IntEnums: "the answer has a request's header",
      handles_unexpected_json_output: extra,
      handles_empty_output_shape: "an operation without output has an empty body",
      parses_the_request_id_from_the_response: "the case gives an id of its own",
    },
    json_1_0: {
      AwsJson10FooErrorUsingXAmznErrorType: errorForm,
      AwsJson10FooErrorUsingXAmznErrorTypeWithUri: errorForm,
      AwsJson10FooErrorUsingXAmznErrorTypeWithUriAndNamespace: errorForm,
      AwsJson10FooErrorUsingCode: errorForm,
      AwsJson10FooErrorUsingCodeAndNamespace: errorForm,
      AwsJson10FooErrorUsingCodeUriAndNamespace: errorForm,
      AwsJson10DeserializeIgnoreType: extra,
      AwsJson10DeserializeAllowNulls: nullsInAnswer,
      AwsJson10HandlesUnexpectedJsonOutput: extra,
      AwsJson10HandlesEmptyOutputShape: "an operation without output has an empty body",
    },
    "rest-json": {
      RestJsonFooErrorUsingCode: errorForm,
      RestJsonFooErrorUsingCodeAndNamespace: errorForm,
      RestJsonFooErrorUsingCodeUriAndNamespace: errorForm,
      RestJsonFooErrorWithDunderType: errorForm,
      RestJsonFooErrorWithDunderTypeAndNamespace: errorForm,
      RestJsonFooErrorWithDunderTypeUriAndNamespace: errorForm,
      RestJsonDateTimeWithNegativeOffset: offset,
      RestJsonDateTimeWithPositiveOffset: offset,
      RestJsonDeserializeIgnoreType: extra,
      RestJsonDoesntDeserializeNullStructureValues: nullsInAnswer,
      RestJsonDeserializesDenseSetMapAndSkipsNull: nullsInAnswer,
    },
    "rest-xml": {
      RestXmlDateTimeWithNegativeOffset: offset,
      RestXmlDateTimeWithPositiveOffset: offset,
      InvalidGreetingError: extra,
      SimpleScalarPropertiesWithXMLPreamble: "clients skip text beside elements; servers do not send it",
      ComplexError: "the case's message is not in its expectation",
    },
    query: {
      AwsQueryDateTimeWithNegativeOffset: offset,
      AwsQueryDateTimeWithPositiveOffset: offset,
      QueryComplexError: "the error has no message; AWS's answers always have one",
    },
    ec2: {
      Ec2QueryDateTimeWithNegativeOffset: offset,
      Ec2QueryDateTimeWithPositiveOffset: offset,
      Ec2ComplexError: "the case's message is not in its expectation",
    },
    "smithy-rpc-v2-cbor": {
      RpcV2CborPayloadWithUnsetUnion: "clients take no body for an empty output; servers send an empty map",
      NoOutputClientAllowsEmptyCbor: "an operation without output has no body",
      RpcV2CborClientDoesntDeserializeNullStructureValues: nullsInAnswer,
      RpcV2CborDeserializesDenseSetMapAndSkipsNull: nullsInAnswer,
      RpcV2CborExtraFieldsInTheBodyShouldBeSkippedByClients: extra,
    },
  },
};
