import { ours } from '../../called-as.ts'
import type { AccountWire, Body } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { AddFlags, ChangeFlags, ListFlags, MarkFlags, RenewFlags, RoleFlags, SignInFlags } from './command.ts'

/** Prints the accounts; what has drifted is said beside them. */
export async function accountsList(this: CliContext, flags: ListFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const { items } = await openApi(this, flags).call('listAccounts')
  printList(this, { format, columns, rows: items })
  if (items.length === 0) say(this, ours`no account beside the token of the data folder: holdfast accounts add`)
  for (const { name, drift } of items)
    if (drift.length > 0) say(this, `${inert(name)} has drifted: ${inert(drift.join(', '))}`)
}

/** Adds an account and prints its token. */
export async function accountsAdd(this: CliContext, flags: AddFlags, name: string): Promise<void> {
  const { role, as: marks = [], days } = flags
  await decide(this, flags, { name, decision: { do: 'add', role, marks: [...marks], days } })
}

/** Gives an account another token and prints it. */
export async function accountsRenew(this: CliContext, flags: RenewFlags, name: string): Promise<void> {
  await decide(this, flags, { name, decision: { do: 'renew', days: flags.days } })
}

/** Changes the role of an account. */
export async function accountsRole(this: CliContext, flags: RoleFlags, name: string): Promise<void> {
  await decide(this, flags, { name, decision: { do: 'role', role: flags.role } })
}

/** Sets the marks of an account. */
export async function accountsMark(this: CliContext, flags: MarkFlags, name: string): Promise<void> {
  await decide(this, flags, { name, decision: { do: 'mark', marks: [...(flags.as ?? [])] } })
}

/** Ends an account. */
export async function accountsRevoke(this: CliContext, flags: ChangeFlags, name: string): Promise<void> {
  await decide(this, flags, { name, decision: { do: 'revoke' } })
}

/** Lets a revoked name come in through the identity provider again. */
export async function accountsReadmit(this: CliContext, flags: ChangeFlags, name: string): Promise<void> {
  await decide(this, flags, { name, decision: { do: 'readmit' } })
}

/** Prints a sign-in link alone, so that it can be handed on. */
export async function accountsSignIn(this: CliContext, flags: SignInFlags, name: string): Promise<void> {
  const link = await openApi(this, flags).call('makeSignInLink', { params: { account: name }, body: {} })
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(this, format, link)
  this.stdout.write(`${link.url}\n`)
  say(this, `signs ${inert(name)} in, once, within ${link.expiresInMs / 60_000} minutes`)
}

type Change = { readonly name: string; readonly decision: Body<'decideAccount'>['decision'] }

/** The token stands alone on standard output, so that it can be written to a file. */
async function decide(context: CliContext, flags: ChangeFlags, { name, decision }: Change): Promise<void> {
  const body = { decision, reason: flags.reason }
  const decided = await openApi(context, flags).call('decideAccount', { params: { account: name }, body })
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(context, format, decided)
  const { token, entry, account } = decided
  if (token !== undefined) {
    context.stdout.write(`${token}\n`)
    say(context, 'the token is shown this once: HOLDFAST_TOKEN of its holder, with HOLDFAST_URL')
  }
  say(context, `${inert(account.name)} is ${account.state}, ${rightsOf(account)}: recorded as log entry ${entry}`)
}

function rightsOf({ role, approves }: AccountWire): string {
  return approves.length === 0 ? role : `${role}, approves as ${approves.join(' and ')}`
}

const columns: readonly Column<AccountWire>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'MARKS', value: ({ marks }) => marks.join(' ') },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'EXPIRES (UTC)', value: ({ expiresAt }) => expiresAt.slice(0, 10) },
  { title: 'LAST USED (UTC)', value: ({ lastUsedAt }) => lastUsedAt?.slice(0, 10) ?? 'never' },
  { title: 'ADDED BY', value: ({ addedBy }) => addedBy },
  { title: 'DRIFT', value: ({ drift }) => drift.join('; '), widest: 60 },
  { title: 'SIGNS IN WITH', value: ({ identity }) => identity?.issuer ?? 'a token', widest: 60, isWide: true },
  { title: 'LAST CHANGE', value: ({ decided }) => decided.reason, widest: 60, isWide: true },
  { title: 'BY', value: ({ decided }) => decided.by, isWide: true },
  { title: 'ENTRY', value: ({ decided }) => decided.entry, align: 'right', isWide: true },
]
