import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;

test("users and roles have none of what cannot be made here", async () => {
  await iam().CreateUser({ UserName: "alice" });
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
  });
  await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust });
  const user = { UserName: "alice" };
  expect((await iam().ListInstanceProfilesForRole({ RoleName: "worker" })).InstanceProfiles).toEqual([]);
  expect((await iam().ListInstanceProfiles({})).InstanceProfiles).toEqual([]);
  expect((await iam().ListGroups({})).Groups).toEqual([]);
  expect((await iam().ListGroupsForUser(user)).Groups).toEqual([]);
  expect((await iam().ListMFADevices(user)).MFADevices).toEqual([]);
  expect((await iam().ListMFADevices({})).MFADevices).toEqual([]);
  expect((await iam().ListVirtualMFADevices({})).VirtualMFADevices).toEqual([]);
  expect((await iam().ListSSHPublicKeys(user)).SSHPublicKeys).toEqual([]);
  expect((await iam().ListServiceSpecificCredentials(user)).ServiceSpecificCredentials).toEqual([]);
  expect((await iam().ListSigningCertificates(user)).Certificates).toEqual([]);
  const missing = { code: "NoSuchEntity", status: 404, message: "Login Profile for User alice cannot be found." };
  await expect(iam().GetLoginProfile(user)).rejects.toMatchObject(missing);
  await expect(iam().DeleteLoginProfile(user)).rejects.toMatchObject(missing);
});

test("who is not there has nothing, not even nothing", async () => {
  const missing = { code: "NoSuchEntity", message: "The user with name nobody cannot be found." };
  await expect(iam().ListGroupsForUser({ UserName: "nobody" })).rejects.toMatchObject(missing);
  await expect(iam().ListSigningCertificates({ UserName: "nobody" })).rejects.toMatchObject(missing);
  await expect(iam().ListInstanceProfilesForRole({ RoleName: "nobody" })).rejects.toMatchObject({
    code: "NoSuchEntity",
  });
});
