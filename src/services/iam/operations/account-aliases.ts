import { EntityAlreadyExistsException, NoSuchEntityException } from "../../../api/iam/errors.ts";
import type { IAMApi } from "../../../api/iam/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { accountAliases, ownAlias, type AccountAliasRow } from "../state.ts";

/** An account has one alias; a new one replaces it. */
export const createAccountAlias: Handler<IAMApi["CreateAccountAlias"]> = async (input, ctx) => {
  const row: AccountAliasRow = { alias: input.AccountAlias, account: ctx.account };
  await ctx.write(async (tx) => {
    const taken = await tx.get(accountAliases, [row.alias]);
    if (taken && taken.account !== row.account) {
      throw new EntityAlreadyExistsException({ message: `The account alias ${row.alias} already exists.` });
    }
    const before = await tx.get(ownAlias, []);
    if (before) tx.delete(accountAliases, [before.alias]);
    tx.put(accountAliases, row);
    tx.put(ownAlias, row);
  });
  return {};
};

export const deleteAccountAlias: Handler<IAMApi["DeleteAccountAlias"]> = async (input, ctx) => {
  await ctx.write(async (tx) => {
    const own = await tx.get(ownAlias, []);
    if (own?.alias !== input.AccountAlias) {
      const message = `The account alias with name ${input.AccountAlias} cannot be found.`;
      throw new NoSuchEntityException({ message });
    }
    tx.delete(accountAliases, [own.alias]);
    tx.delete(ownAlias, []);
  });
  return {};
};

export const listAccountAliases: Handler<IAMApi["ListAccountAliases"]> = async (_input, ctx) => {
  const own = await ctx.read((snapshot) => snapshot.get(ownAlias, []));
  return { AccountAliases: own ? [own.alias] : [], IsTruncated: false };
};
