import { expect, test } from "vitest";
import { ModelLibrary } from "../../../api/load-model.ts";
import { parseQuery } from "./input-bindings.ts";
import { compileRouter } from "./router.ts";

const models = new ModelLibrary();

async function route(service: string, request: string, headers: Record<string, string> = {}) {
  const [method = "", uri = ""] = request.split(" ");
  const [path = "", query = ""] = uri.split("?", 2);
  const found = compileRouter(await models.load(service)).find(method, path, parseQuery(query), headers);
  return found === undefined ? undefined : [found.operation, ...found.labels];
}

test.each([
  ["s3", "GET /", ["ListBuckets"]],
  ["s3", "GET /b", ["ListObjects", "b"]],
  ["s3", "GET /b/", ["ListObjects", "b"]],
  ["s3", "GET /b?list-type=2&prefix=x", ["ListObjectsV2", "b"]],
  ["s3", "GET /b?acl", ["GetBucketAcl", "b"]],
  ["s3", "GET /b?location=", ["GetBucketLocation", "b"]],
  ["s3", "GET /b/k", ["GetObject", "b", "k"]],
  ["s3", "GET /b/folder/%C3%A9%20a//x/", ["GetObject", "b", "folder/é a//x/"]],
  ["s3", "GET /b/k?acl", ["GetObjectAcl", "b", "k"]],
  ["s3", "GET /b/k?uploadId=1", ["ListParts", "b", "k"]],
  ["s3", "HEAD /b/k", ["HeadObject", "b", "k"]],
  ["s3", "PUT /b", ["CreateBucket", "b"]],
  ["s3", "PUT /b/k", ["PutObject", "b", "k"]],
  ["s3", "PUT /b/k?partNumber=1&uploadId=u", ["UploadPart", "b", "k"]],
  ["s3", "PUT /b?lifecycle", ["PutBucketLifecycleConfiguration", "b"]],
  ["s3", "PUT /b?notification", ["PutBucketNotificationConfiguration", "b"]],
  ["s3", "POST /b?delete", ["DeleteObjects", "b"]],
  ["s3", "POST /b/k?uploads", ["CreateMultipartUpload", "b", "k"]],
  ["s3", "POST /b/k?uploadId=u", ["CompleteMultipartUpload", "b", "k"]],
  ["s3", "DELETE /b/k?uploadId=u", ["AbortMultipartUpload", "b", "k"]],
  ["s3", "DELETE /b/k", ["DeleteObject", "b", "k"]],
  ["s3", "PATCH /b/k", undefined],
  ["lambda", "GET /2015-03-31/functions", ["ListFunctions"]],
  ["lambda", "GET /2015-03-31/functions/", ["ListFunctions"]],
  ["lambda", "POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Af/invocations", ["Invoke", "arn:aws:lambda:f"]],
  ["lambda", "GET /2015-03-31/functions//configuration", undefined],
  ["lambda", "GET /2015-03-31/nope", undefined],
  ["apigateway", "GET /restapis/a/resources/b?embed=methods", ["GetResource", "a", "b"]],
  [
    "apigateway",
    "PUT /restapis/a/resources/b/methods/GET/responses/200",
    ["PutMethodResponse", "a", "b", "GET", "200"],
  ],
  ["apigateway", "POST /restapis?mode=import", ["ImportRestApi"]],
  ["apigateway", "POST /restapis", ["CreateRestApi"]],
  [
    "apigateway",
    "GET /tags/arn%3Aaws%3Aapigateway%3A%3A%2Frestapis%2Fa",
    ["GetTags", "arn:aws:apigateway::/restapis/a"],
  ],
  ["apigatewaymanagementapi", "POST /@connections/abc%3D", ["PostToConnection", "abc="]],
  ["cloudfront", "POST /2020-05-31/distribution?WithTags", ["CreateDistributionWithTags"]],
  ["cloudfront", "POST /2020-05-31/distribution", ["CreateDistribution"]],
  ["cloudfront", "GET /2020-05-31/distribution/%zz", undefined],
])("%s %s is %j", async (service, request, expected) => {
  expect(await route(service, request)).toEqual(expected);
});

test("headers tell S3's copies from its puts", async () => {
  const headers = { "x-amz-copy-source": "a/b" };
  expect(await route("s3", "PUT /b/k", headers)).toEqual(["CopyObject", "b", "k"]);
  expect(await route("s3", "PUT /b/k?partNumber=1&uploadId=u", headers)).toEqual(["UploadPartCopy", "b", "k"]);
});
