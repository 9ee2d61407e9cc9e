import { describe, expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { ModelLibrary } from "../../../api/load-model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { serviceProtocols } from "../service-protocols.ts";

const models = new ModelLibrary();

async function decode(service: string, method: string, uri: string, body = ""): Promise<unknown> {
  const [path = "", query = ""] = uri.split("?", 2);
  const head = { method, path, query, headers: {} };
  const protocol = serviceProtocols(await models.load(service)).preferred;
  const match = protocol.findOperation(head);
  return match.operation.decode(match, head, utf8(body));
}

async function encode(service: string, operation: string, output: unknown) {
  return serviceProtocols(await models.load(service))
    .preferred.operation(operation)!
    .encode(output, "id");
}

describe("S3", () => {
  test("reads documents with or without a namespace", async () => {
    const Delete = { Objects: [{ Key: "a&b" }, { Key: "c", VersionId: "1" }], Quiet: true };
    for (const root of [
      "<Delete>",
      '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
      "<x:Delete xmlns:x='u'>",
    ]) {
      const prefix = root.startsWith("<x:") ? "x:" : "";
      const tag = (name: string, text: string) => `<${prefix}${name}>${text}</${prefix}${name}>`;
      const objects = tag("Object", tag("Key", "a&amp;b")) + tag("Object", tag("Key", "c") + tag("VersionId", "1"));
      const body = `${root}${objects}${tag("Quiet", "true")}</${prefix}Delete>`;
      expect(await decode("s3", "POST", "/b?delete", body)).toEqual({ Bucket: "b", Delete });
    }
  });

  test.each([
    "<Delete>",
    "not xml",
    '<!DOCTYPE a [<!ENTITY x "y">]><Delete>&x;</Delete>',
    "<Delete><Quiet>x</Quiet></Delete>",
  ])("refuses %s as malformed", async (body) => {
    await expect(decode("s3", "POST", "/b?delete", body)).rejects.toMatchObject({ code: "MalformedXML", status: 400 });
  });

  test("answers with the root elements, namespace and milliseconds that its documentation shows", async () => {
    const output = { Buckets: [{ Name: "b", CreationDate: new Date(0) }], Owner: { ID: "o" } };
    const { headers, body } = await encode("s3", "ListBuckets", output);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        "<Buckets><Bucket><Name>b</Name><CreationDate>1970-01-01T00:00:00.000Z</CreationDate></Bucket></Buckets>" +
        "<Owner><ID>o</ID></Owner></ListAllMyBucketsResult>",
    );
    expect(headers).toEqual([
      ["x-amz-request-id", "id"],
      ["x-amz-id-2", "id"],
      ["content-type", "application/xml"],
    ]);
  });

  test("declares the prefix of a grantee's type", async () => {
    const output = { Grants: [{ Grantee: { Type: "CanonicalUser", ID: "o" }, Permission: "READ" }] };
    expect((await encode("s3", "GetBucketAcl", output)).body).toContain(
      '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>o</ID></Grantee>',
    );
  });

  test("has a bucket's location in the root element", async () => {
    expect((await encode("s3", "GetBucketLocation", { LocationConstraint: "eu-west-1" })).body).toContain(
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
    );
  });

  test("never lets a value end a header", async () => {
    const output = { Metadata: { "a b": "x", ok: "1\r\nset-cookie: x", é: "y" }, ContentType: "text/ü €" };
    const { headers } = await encode("s3", "HeadObject", output);
    expect(headers.slice(2)).toEqual([
      ["content-type", Buffer.from("text/ü €").toString("latin1")],
      ["x-amz-meta-ok", "1 set-cookie: x"],
    ]);
  });

  test("refuses in its own form, with the members of the error, and without a body where HTTP has none", async () => {
    const s3 = serviceProtocols(await models.load("s3")).preferred;
    const fields = { Key: "a<b", BucketName: "b" };
    const missing = new AwsError({
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      status: 404,
      fields,
    });
    expect(s3.refuse(missing, "GetObject", "id").body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
        "<Key>a&lt;b</Key><BucketName>b</BucketName><RequestId>id</RequestId><HostId>id</HostId></Error>",
    );
    const same = new AwsError({ code: "NotModified", message: "", status: 304, headers: { etag: '"e"' } });
    expect(s3.refuse(same, "GetObject", "id")).toEqual({
      status: 304,
      headers: [
        ["x-amz-request-id", "id"],
        ["x-amz-id-2", "id"],
        ["etag", '"e"'],
      ],
    });
    await expect(decode("s3", "PATCH", "/b/k")).rejects.toMatchObject({ code: "MethodNotAllowed", status: 405 });
  });
});

test("Route 53 reads its root element and answers with its namespace", async () => {
  const body =
    '<?xml version="1.0"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch>' +
    "<Changes><Change><Action>UPSERT</Action><ResourceRecordSet><Name>n</Name><Type>A</Type><TTL>60</TTL><ResourceRecords>" +
    "<ResourceRecord><Value>1.1.1.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes>" +
    "</ChangeBatch></ChangeResourceRecordSetsRequest>";
  const set = { Name: "n", Type: "A", TTL: 60, ResourceRecords: [{ Value: "1.1.1.1" }] };
  expect(await decode("route53", "POST", "/2013-04-01/hostedzone/Z1/rrset/", body)).toEqual({
    HostedZoneId: "Z1",
    ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: set }] },
  });
  const change = { ChangeInfo: { Id: "c", Status: "PENDING", SubmittedAt: new Date(0) } };
  expect((await encode("route53", "ChangeResourceRecordSets", change)).body).toContain(
    '<ChangeResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>c</Id>',
  );
});

test("CloudFront's payload is an element of its own, its ETag a header", async () => {
  const { headers, body } = await encode("cloudfront", "GetDistribution", { Distribution: { Id: "D" }, ETag: "t" });
  expect(headers).toContainEqual(["etag", "t"]);
  expect(body).toContain(
    '<Distribution xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>D</Id></Distribution>',
  );
});
