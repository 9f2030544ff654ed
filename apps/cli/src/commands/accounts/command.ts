import { ACCOUNT_ROLES, APPROVER_MARKS, type AccountRole, type ApproverMark } from '@holdfast/model'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { buildWritingCommand } from '../../writing-command.ts'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags, reasonFlag } from '../../flags.ts'
import { LIST_FORMATS, REPORT_FORMATS, type ListFormat, type ReportFormat } from '../../render/formats.ts'
import { documentation, textArgument } from '../documentation.ts'

export type ListFlags = DataFlags & OutputFlags<ListFormat>
export type ChangeFlags = DataFlags & OutputFlags<ReportFormat> & { readonly reason: string }
export type AddFlags = ChangeFlags & {
  readonly role: AccountRole
  readonly as?: readonly ApproverMark[]
  readonly days: number
}
export type RenewFlags = ChangeFlags & { readonly days: number }
export type RoleFlags = ChangeFlags & { readonly role: AccountRole }
export type MarkFlags = ChangeFlags & { readonly as?: readonly ApproverMark[] }
export type SignInFlags = DataFlags & OutputFlags<ReportFormat>

const changeFlags = {
  ...dataFlag,
  ...outputFlags(REPORT_FORMATS, 'the account, the log entry, and the token where it is a new one'),
  reason: reasonFlag,
} as const
const role = { kind: 'enum', values: ACCOUNT_ROLES, brief: 'What it may do', placeholder: 'ROLE' } as const
const marks = {
  kind: 'enum',
  values: APPROVER_MARKS,
  variadic: ',',
  optional: true,
  brief: 'As whom it may approve beside its role',
  placeholder: 'A,B',
} as const
const days = {
  kind: 'parsed',
  parse: parseDays,
  default: '90',
  brief: 'How long its token is good, 366 days at most',
  placeholder: 'N',
} as const
const account = { kind: 'tuple', parameters: [textArgument('NAME', 'Account')] } as const
const aliases = bare({ o: 'output' } as const)

const list = buildCommand<ListFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).accountsList,
  parameters: { flags: bare({ ...dataFlag, ...outputFlags(LIST_FORMATS, 'accounts') }), aliases },
  docs: documentation('Who may sign in, as what, until when, and what of it has drifted', [
    ['', 'role, marks, expiry, last use'],
    ["--json | jq '.[] | select(.drift != [])'", 'what somebody should look at'],
  ]),
})

const add = buildWritingCommand<AddFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsAdd,
  parameters: { flags: bare({ ...changeFlags, role, as: marks, days }), aliases, positional: account },
  docs: documentation('Give somebody an account; its token is printed this once', [
    ['eve --role responder --reason "on call from May"', 'holds agents, approves as on-call'],
    ['mia --role analyst --as compliance --reason "data protection officer"', 'approves as compliance'],
  ]),
})

const renew = buildWritingCommand<RenewFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsRenew,
  parameters: { flags: bare({ ...changeFlags, days }), aliases, positional: account },
  docs: documentation('Give an account another token; the one before it is dead', [
    ['eve --days 30 --reason "still on call"', 'sessions that it opened end as well'],
  ]),
})

const roleCommand = buildWritingCommand<RoleFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsRole,
  parameters: { flags: bare({ ...changeFlags, role }), aliases, positional: account },
  docs: documentation('Change what an account may do; not its own', [
    ['eve --role analyst --reason "off call"', 'sessions have the new role at once'],
  ]),
})

const mark = buildWritingCommand<MarkFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsMark,
  parameters: { flags: bare({ ...changeFlags, as: marks }), aliases, positional: account },
  docs: documentation('Say as whom an account may approve; without --as as nobody beside its role', [
    ['mia --as compliance,ai-engineering --reason "stands in for Jo"', 'all marks that it has from now on'],
  ]),
})

const revoke = buildWritingCommand<ChangeFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsRevoke,
  parameters: { flags: bare(changeFlags), aliases, positional: account },
  docs: documentation('End an account: its token and its sessions are dead at once', [['eve --reason "left"', '']]),
})

const readmit = buildWritingCommand<ChangeFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsReadmit,
  parameters: { flags: bare(changeFlags), aliases, positional: account },
  docs: documentation('Let a revoked name sign in with the identity provider again', [
    ['mia@corp.test --reason "back from leave"', 'what she may is what her groups are mapped to'],
  ]),
})

const signIn = buildWritingCommand<SignInFlags, [string]>({
  loader: async () => (await import('./run.ts')).accountsSignIn,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags(REPORT_FORMATS, 'url, expiresInMs') }),
    aliases,
    positional: account,
  },
  docs: documentation('Print a link that signs a browser in once, for oneself or by an admin for another', [
    ['eve', 'good for an hour'],
    ['token', "the data folder's own admin, with its own token"],
  ]),
})

export const accountsCommands = buildRouteMap({
  routes: bare({ list, add, renew, role: roleCommand, mark, revoke, readmit, 'sign-in': signIn }),
  aliases: bare({}),
  docs: { brief: 'Who may sign in: add, change, renew, revoke, readmit' },
})

function parseDays(text: string): number {
  const parsed = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0
  if (parsed < 1 || parsed > 366) throw new SyntaxError('days are a number from 1 to 366')
  return parsed
}
