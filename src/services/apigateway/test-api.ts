import type { AwsApis } from "../../api/apis.ts";
import type { Integration, PutIntegrationRequest } from "../../api/apigateway/types.ts";

/** An API under test: its ids, and short ways to what most tests need. */
export class TestApi {
  readonly aws: AwsApis;
  readonly id: string;
  readonly rootId: string;
  readonly #resources = new Map<string, string>();

  private constructor(aws: AwsApis, id: string, rootId: string) {
    this.aws = aws;
    this.id = id;
    this.rootId = rootId;
    this.#resources.set("/", rootId);
  }

  static async make(aws: AwsApis, settings: { readonly binaryMediaTypes?: string[] } = {}): Promise<TestApi> {
    const api = await aws.apigateway.CreateRestApi({ name: "test", ...settings });
    return new TestApi(aws, api.id!, api.rootResourceId!);
  }

  /** The id of the resource at a path, made with all above it where it is missing. */
  async resource(path: string): Promise<string> {
    const known = this.#resources.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf("/");
    const parentId = await this.resource(path.slice(0, slash) || "/");
    const pathPart = path.slice(slash + 1);
    const { id } = await this.aws.apigateway.CreateResource({ restApiId: this.id, parentId, pathPart });
    this.#resources.set(path, id!);
    return id!;
  }

  /** A method, as operations name it. */
  async method(httpMethod: string, path = "/"): Promise<{ restApiId: string; resourceId: string; httpMethod: string }> {
    const named = { restApiId: this.id, resourceId: await this.resource(path), httpMethod };
    await this.aws.apigateway.PutMethod({ ...named, authorizationType: "NONE" });
    return named;
  }

  /** A method with a MOCK integration that answers this status, and the templates given. */
  async mock(
    httpMethod: string,
    path = "/",
    options: {
      readonly request?: Partial<PutIntegrationRequest>;
      readonly template?: string;
      readonly headers?: Record<string, string>;
    } = {},
  ): Promise<{ restApiId: string; resourceId: string; httpMethod: string }> {
    const named = await this.method(httpMethod, path);
    const { apigateway } = this.aws;
    await apigateway.PutIntegration({
      ...named,
      type: "MOCK",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      ...options.request,
    });
    await apigateway.PutMethodResponse({
      ...named,
      statusCode: "200",
      responseParameters: Object.fromEntries(Object.keys(options.headers ?? {}).map((name) => [name, false])),
    });
    await apigateway.PutIntegrationResponse({
      ...named,
      statusCode: "200",
      ...(options.headers && { responseParameters: options.headers }),
      ...(options.template !== undefined && { responseTemplates: { "application/json": options.template } }),
    });
    return named;
  }

  /** A method with a Lambda integration. */
  async lambda(
    type: "AWS" | "AWS_PROXY",
    httpMethod: string,
    path: string,
    functionName: string,
    request: Partial<PutIntegrationRequest> = {},
  ): Promise<Integration & { restApiId: string; resourceId: string; httpMethod: string }> {
    const named = await this.method(httpMethod, path);
    await this.aws.apigateway.PutIntegration({
      ...named,
      type,
      integrationHttpMethod: "POST",
      uri: lambdaUri(functionName),
      ...request,
    });
    return named;
  }

  async deploy(stageName = "dev", variables?: Record<string, string>): Promise<string> {
    const { id } = await this.aws.apigateway.CreateDeployment({
      restApiId: this.id,
      stageName,
      ...(variables && { variables }),
    });
    return id!;
  }
}

export function lambdaUri(functionName: string): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${functionName}/invocations`;
}
