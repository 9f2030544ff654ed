import {
  counted,
  type AccountDecision,
  type AccountRole,
  type ApproverMark,
  type Sha256,
  type UnixNano,
} from '@holdfast/model'
import { formatRfc3339, parseRfc3339 } from '@holdfast/model'
import type { Role } from '@holdfast/respond'
import { UNUSED_NANOS, USE_NANOS } from './limits.ts'

/** A decision with its place in the log. */
export type AccountEntry = {
  readonly account: string
  readonly decision: AccountDecision
  readonly reason: string
  readonly by: string
  readonly at: UnixNano
  readonly entry: number
}

/** One account as its decisions left it. */
export type Account = {
  readonly name: string
  readonly role: AccountRole
  readonly marks: readonly ApproverMark[]
  readonly isRevoked: boolean
  readonly tokenDigest: Sha256
  /** Log position of the decision that gave the token: what was opened with an earlier one is over. */
  readonly credential: number
  readonly credentialAt: UnixNano
  readonly expiresAt: UnixNano
  /** As it was added. */
  readonly added: AccountEntry & { readonly decision: Extract<AccountDecision, { readonly do: 'add' }> }
  readonly usedAt: UnixNano | undefined
  /** Its last change; use is none. */
  readonly decided: AccountEntry
}

/** The account after one more decision; undefined where it says nothing: a change of what is not there. */
export function withDecision(before: Account | undefined, entry: AccountEntry): Account | undefined {
  const { decision } = entry
  if (decision.do === 'add') return added({ ...entry, decision })
  if (before === undefined || before.isRevoked) return before
  switch (decision.do) {
    case 'renew':
      return { ...before, ...credentialOf(entry, decision), decided: entry }
    case 'role':
      return { ...before, role: decision.role, decided: entry }
    case 'mark':
      return { ...before, marks: decision.marks, decided: entry }
    case 'revoke':
      return { ...before, isRevoked: true, decided: entry }
    case 'used':
      return { ...before, usedAt: entry.at }
  }
}

function added(entry: Account['added']): Account {
  const { account, decision } = entry
  return {
    name: account,
    role: decision.role,
    marks: decision.marks,
    isRevoked: false,
    ...credentialOf(entry, decision),
    added: entry,
    usedAt: undefined,
    decided: entry,
  }
}

function credentialOf(
  { entry, at }: AccountEntry,
  { tokenDigest, expiresAt }: { readonly tokenDigest: Sha256; readonly expiresAt: string },
): Pick<Account, 'tokenDigest' | 'credential' | 'credentialAt' | 'expiresAt'> {
  // An expiry that cannot be read has passed.
  return { tokenDigest, credential: entry, credentialAt: at, expiresAt: parseRfc3339(expiresAt) ?? at }
}

export function stateOf(account: Account, now: UnixNano): 'active' | 'expired' | 'revoked' {
  if (account.isRevoked) return 'revoked'
  return account.expiresAt <= now ? 'expired' : 'active'
}

/**
 * As whom role and marks may say yes to a plan, whoever the agent; who owns an agent says yes for it as well. A viewer says yes to
 * nothing, whatever its marks.
 */
export function approvesAs(role: AccountRole, marks: readonly ApproverMark[]): readonly Role[] {
  const byRole: Readonly<Record<AccountRole, readonly Role[]>> = {
    viewer: [],
    analyst: ['analyst'],
    responder: ['analyst', 'on-call'],
    admin: ['analyst', 'on-call'],
  }
  return role === 'viewer' ? [] : [...byRole[role], ...marks]
}

/** How the rights of an account have come away from what was once decided, in words; nothing of a revoked one. */
export function driftOf(account: Account, now: UnixNano): readonly string[] {
  const { isRevoked, role, marks, expiresAt, usedAt, credentialAt, added: first } = account
  if (isRevoked) return []
  const unused = now - (usedAt !== undefined && usedAt > credentialAt ? usedAt : credentialAt)
  const isOther = marks.length !== first.decision.marks.length || marks.some((m) => !first.decision.marks.includes(m))
  return [
    ...(expiresAt <= now ? [`expired ${formatRfc3339(expiresAt)}`] : []),
    ...(unused >= UNUSED_NANOS ? [`unused for ${counted(Number(unused / USE_NANOS), 'day')}`] : []),
    ...(role === first.decision.role ? [] : [`added as ${first.decision.role}, is ${role}`]),
    ...(isOther ? [`added with ${markWords(first.decision.marks)}, has ${markWords(marks)}`] : []),
  ]
}

function markWords(marks: readonly ApproverMark[]): string {
  return marks.length === 0 ? 'no mark' : `the mark ${marks.join(' and ')}`
}
