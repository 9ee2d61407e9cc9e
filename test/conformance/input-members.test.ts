import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testPlatform } from "../harness/platform.ts";
import type { ServiceModel } from "../../src/api/model.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Members that no code names, each with why. */
const withoutEffect: Readonly<Record<string, string>> = {
  "apigateway.GetModel: GetModelRequest.flatten": "the models Empty and Error refer to no others",
  "apigateway.GetTags: GetTagsRequest.position": "AWS documents it as not supported",
  "dynamodb.ListTagsOfResource: ListTagsOfResourceInput.NextToken": "the 50 tags a table may have fit one answer",
  "iam.ListAccountAliases: ListAccountAliasesRequest.Marker": "an account has one alias at most",
  "iam.ListAccountAliases: ListAccountAliasesRequest.MaxItems": "an account has one alias at most",
  "logs.DescribeLogGroups: DescribeLogGroupsRequest.accountIdentifiers": "counts only with includeLinkedAccounts",
  "logs.FilterLogEvents: FilterLogEventsRequest.interleaved": "AWS documents it as ignored",
  "logs.FilterLogEvents: FilterLogEventsRequest.unmask": "nothing is masked without data protection policies",
  "logs.GetLogEvents: GetLogEventsRequest.unmask": "nothing is masked without data protection policies",
  "logs.PutLogEvents: PutLogEventsRequest.sequenceToken": "AWS documents it as ignored",
};

/** Structures that are refused as soon as they are there, whatever they hold. */
const refusedWhole: ReadonlySet<string> = new Set([
  "apigateway.CanarySettings",
  "apigateway.DeploymentCanarySettings",
  "dynamodb.CreateGlobalTableWitnessGroupMemberAction",
  "dynamodb.CreateReplicationGroupMemberAction",
  "dynamodb.DeleteGlobalTableWitnessGroupMemberAction",
  "dynamodb.DeleteReplicationGroupMemberAction",
  "dynamodb.ReplicaGlobalSecondaryIndex",
  "dynamodb.UpdateReplicationGroupMemberAction",
  "lambda.CapacityProviderConfig",
  "lambda.DurableConfig",
  "lambda.FileSystemConfig",
  "lambda.ImageConfig",
  "lambda.TenancyConfig",
  "logs.Entity",
  "sts.ProvidedContext",
]);

/** What they list cannot be made, so their pages and filters have nothing to do. */
const emptyLists: ReadonlySet<string> = new Set([
  "iam.ListGroups",
  "iam.ListGroupsForUser",
  "iam.ListInstanceProfiles",
  "iam.ListInstanceProfilesForRole",
  "iam.ListMFADevices",
  "iam.ListSSHPublicKeys",
  "iam.ListServiceSpecificCredentials",
  "iam.ListSigningCertificates",
  "iam.ListVirtualMFADevices",
]);

/** The code that an operation can reach in its own service, without comments. */
function codeOf(service: string, operation: string): string {
  // Streams live in DynamoDB's room, and their operations are called like no others.
  const room = existsSync(join(root, "src/services", service, "operations")) ? service : "*";
  const files = globSync(`src/services/${room}/operations/**/*.ts`, { cwd: root });
  const handler = `${operation[0]!.toLowerCase()}${operation.slice(1)}`;
  const home = files.find((file) =>
    new RegExp(`export (?:const|function|async function) ${handler}\\b`).test(read(file)),
  );
  if (home === undefined) throw new Error(`no file of src/services/${service} exports ${handler}`);
  const reached = new Set([home]);
  for (const file of reached) {
    for (const [, path] of read(file).matchAll(/from "(\.[^"]+)"/g)) {
      const imported = relative(root, join(root, dirname(file), path!));
      if (imported.startsWith(join("src", "services"))) reached.add(imported);
    }
  }
  return [...reached]
    .map(read)
    .join("\n")
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

const texts = new Map<string, string>();
function read(file: string): string {
  let text = texts.get(file);
  if (text === undefined) texts.set(file, (text = readFileSync(join(root, file), "utf8")));
  return text;
}

/** `Shape.member` of all that the code does not name; what is in a member that it does not name is not asked for. */
function unnamed(model: ServiceModel, shapeName: string, code: string, seen = new Set<string>()): string[] {
  if (seen.has(shapeName)) return [];
  seen.add(shapeName);
  const shape = model.shapes[shapeName]!;
  if (shape.type === "list") return unnamed(model, shape.member.shape, code, seen);
  if (shape.type === "map") return unnamed(model, shape.value.shape, code, seen);
  if (shape.type !== "structure" || refusedWhole.has(`${model.name}.${shapeName}`)) return [];
  return Object.entries(shape.members).flatMap(([member, ref]) =>
    new RegExp(`\\b${member}\\b`).test(code) ? unnamed(model, ref.shape, code, seen) : [`${shapeName}.${member}`],
  );
}

test("every member of every input has a place in the code: it takes effect, is kept, or is refused", async () => {
  const platform = await testPlatform();
  const found: string[] = [];
  for (const { name } of platform.kernel.options.registrations) {
    const [definition, model] = await Promise.all([platform.kernel.definition(name), platform.kernel.model(name)]);
    for (const operation of Object.keys(definition!.operations)) {
      const { input } = model.operations[operation]!;
      if (!input || emptyLists.has(`${name}.${operation}`)) continue;
      for (const member of unnamed(model, input.shape, codeOf(name, operation)))
        found.push(`${name}.${operation}: ${member}`);
    }
  }
  await platform.close();
  expect(found.toSorted()).toEqual(Object.keys(withoutEffect).toSorted());
});
