import type { EpochMs } from "../../base/clock.ts";
import { collection } from "../../kernel/records.ts";

type Texts = Readonly<Record<string, string>>;

export interface RestApiRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: EpochMs;
  readonly rootResourceId: string;
  readonly description?: string;
  readonly version?: string;
  readonly binaryMediaTypes?: readonly string[];
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  readonly endpointConfiguration: {
    readonly types: readonly ("REGIONAL" | "EDGE")[];
    readonly ipAddressType: "ipv4" | "dualstack";
  };
  readonly disableExecuteApiEndpoint: boolean;
  readonly securityPolicy?: string;
  readonly endpointAccessMode?: "BASIC";
  readonly tags: Texts;
}

export const restApis = collection("rest-apis", (row: RestApiRow) => [row.id], { cached: true });

/** Whose an API is: stages are called by the API's id alone. */
export interface ApiOwnerRow {
  readonly apiId: string;
  readonly account: string;
  readonly region: string;
}

export const apiOwners = collection("api-owners", (row: ApiOwnerRow) => [row.apiId], { scope: "platform" });

export interface ResourceRow {
  readonly apiId: string;
  readonly id: string;
  /** Absent for the root. */
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly path: string;
}

export const resources = collection("resources", (row: ResourceRow) => [row.apiId, row.id]);

export interface MethodResponseRow {
  readonly responseParameters?: Readonly<Record<string, boolean>>;
  readonly responseModels?: Texts;
}

export interface IntegrationResponseRow {
  readonly selectionPattern?: string;
  readonly responseParameters?: Texts;
  readonly responseTemplates?: Texts;
}

export interface IntegrationRow {
  readonly type: "AWS" | "AWS_PROXY" | "MOCK";
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly credentials?: string;
  readonly connectionType?: "INTERNET";
  readonly requestParameters?: Texts;
  readonly requestTemplates?: Texts;
  readonly passthroughBehavior: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
  readonly contentHandling?: "CONVERT_TO_TEXT";
  readonly responseTransferMode?: "BUFFERED";
  readonly tlsConfig?: { readonly insecureSkipVerification: false };
  readonly timeoutInMillis: number;
  readonly cacheNamespace: string;
  readonly cacheKeyParameters: readonly string[];
  /** By status code. */
  readonly responses: Readonly<Record<string, IntegrationResponseRow>>;
}

export interface MethodRow {
  readonly apiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly authorizationType: "NONE";
  readonly operationName?: string;
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  readonly requestModels?: Texts;
  /** By status code. */
  readonly responses: Readonly<Record<string, MethodResponseRow>>;
  readonly integration?: IntegrationRow;
}

export const methods = collection("methods", (row: MethodRow) => [row.apiId, row.resourceId, row.httpMethod]);

export interface DeploymentRow {
  readonly apiId: string;
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly description?: string;
}

export const deployments = collection("deployments", (row: DeploymentRow) => [row.apiId, row.id]);

/** An API as it was when it was deployed. Never changed. */
export interface SnapshotRow {
  readonly apiId: string;
  readonly deploymentId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly disableExecuteApiEndpoint: boolean;
  readonly resources: readonly ResourceRow[];
  readonly methods: readonly MethodRow[];
}

export const snapshots = collection("snapshots", (row: SnapshotRow) => [row.apiId, row.deploymentId]);

export interface StageRow {
  readonly apiId: string;
  readonly name: string;
  readonly deploymentId: string;
  readonly description?: string;
  readonly variables?: Texts;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly tags: Texts;
}

export const stages = collection("stages", (row: StageRow) => [row.apiId, row.name], { cached: true });

/** Settings of the account in one region; there is one row at most. */
export interface AccountRow {
  readonly cloudwatchRoleArn?: string;
}

export const accounts = collection<AccountRow>("accounts", () => []);
