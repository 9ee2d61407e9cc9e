/** A member as AWS names it in messages: with a small first letter (`TableName` → `tableName`, `AWSAccountId` → `aWSAccountId`). */
export function memberName(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
