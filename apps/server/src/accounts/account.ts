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

/** Whom an identity provider vouches for. A name may change hands there; this does not. */
export type SignedIdentity = { readonly issuer: string; readonly subject: string }

/** What somebody may do, as it was decided or mapped. */
export type Rights = { readonly role: AccountRole; readonly marks: readonly ApproverMark[] }

/** One account as its decisions left it. */
export type Account = Rights & {
  readonly name: string
  readonly isRevoked: boolean
  /** Revoked, and may come in through the identity provider again. */
  readonly isReadmitted: boolean
  /** By what one comes in as it: a token, or the word of the identity provider. */
  readonly opens: { readonly by: 'token'; readonly digest: Sha256 } | ({ readonly by: 'provider' } & SignedIdentity)
  /** Who came in as it before it was revoked and given to somebody else: they are out by any other name. */
  readonly formerly: readonly SignedIdentity[]
  /** Log position of the decision that gave the token or let the identity in: what was opened with an earlier one is over. */
  readonly credential: number
  readonly credentialAt: UnixNano
  readonly expiresAt: UnixNano
  /** As it was added, or came in first. */
  readonly added: Rights & Pick<AccountEntry, 'at' | 'by'>
  readonly usedAt: UnixNano | undefined
  /** Its last change; use is none. */
  readonly decided: AccountEntry
}

/** The account after one more decision; undefined where it says nothing: a change of what is not there. */
export function withDecision(before: Account | undefined, entry: AccountEntry): Account | undefined {
  const { decision } = entry
  if (decision.do === 'add') return added(before, { ...entry, decision })
  if (decision.do === 'sign-in') return signedIn(before, { ...entry, decision })
  if (before === undefined) return before
  if (before.isRevoked) return whileRevoked(before, entry)
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
    // It is not revoked: there is nothing to take back.
    case 'readmit':
      return before
  }
}

/** A revoked account is changed by nothing but whether its name may come in again. */
function whileRevoked(before: Account, entry: AccountEntry): Account {
  const { decision } = entry
  if (decision.do !== 'readmit' && decision.do !== 'revoke') return before
  return { ...before, isReadmitted: decision.do === 'readmit', decided: entry }
}

type Decided<D extends AccountDecision['do']> = AccountEntry & {
  readonly decision: Extract<AccountDecision, { readonly do: D }>
}

function added(before: Account | undefined, entry: Decided<'add'>): Account {
  const { account, decision, at, by } = entry
  const { role, marks } = decision
  return {
    name: account,
    role,
    marks,
    isRevoked: false,
    isReadmitted: false,
    ...credentialOf(entry, decision),
    formerly: before === undefined ? [] : heldBy(before),
    added: { role, marks, at, by },
    usedAt: undefined,
    decided: entry,
  }
}

/** What the claims are mapped to is what it may from now on, in the sessions that it has open too. */
function signedIn(before: Account | undefined, entry: Decided<'sign-in'>): Account {
  const { account, decision, at, by, entry: credential } = entry
  const { role, marks, issuer, subject } = decision
  const stands = before !== undefined && !before.isRevoked
  return {
    name: account,
    role,
    marks,
    isRevoked: false,
    isReadmitted: false,
    opens: { by: 'provider', issuer, subject },
    formerly: before === undefined ? [] : heldBy(before).filter((one) => !isSame(one, { issuer, subject })),
    credential: stands ? before.credential : credential,
    credentialAt: stands ? before.credentialAt : at,
    expiresAt: parseRfc3339(decision.expiresAt) ?? at,
    added: stands ? before.added : { role, marks, at, by },
    usedAt: at,
    decided: entry,
  }
}

/** Everybody of the provider whose name it is or was. */
function heldBy({ opens, formerly }: Account): readonly SignedIdentity[] {
  return opens.by === 'token' ? formerly : [...formerly, { issuer: opens.issuer, subject: opens.subject }]
}

/** Whether somebody of the provider is or was this account. */
export function isOrWas(account: Account, identity: SignedIdentity): boolean {
  return heldBy(account).some((one) => isSame(one, identity))
}

/** Whether somebody of the provider comes in as this account. */
export function isOf({ opens }: Account, identity: SignedIdentity): boolean {
  return opens.by === 'provider' && isSame(opens, identity)
}

function isSame(a: SignedIdentity, b: SignedIdentity): boolean {
  return a.issuer === b.issuer && a.subject === b.subject
}

function credentialOf(
  { entry, at }: AccountEntry,
  { tokenDigest, expiresAt }: { readonly tokenDigest: Sha256; readonly expiresAt: string },
): Pick<Account, 'opens' | 'credential' | 'credentialAt' | 'expiresAt'> {
  const opens = { by: 'token', digest: tokenDigest } as const
  // An expiry that cannot be read has passed.
  return { opens, credential: entry, credentialAt: at, expiresAt: parseRfc3339(expiresAt) ?? at }
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

/**
 * How the rights of an account have come away from what was once decided, in words; nothing of a revoked one, nor of one whose
 * rights the identity provider says anew at each sign-in.
 */
export function driftOf(account: Account, now: UnixNano): readonly string[] {
  const { isRevoked, opens, role, marks, expiresAt, usedAt, credentialAt, added: first } = account
  if (isRevoked || opens.by === 'provider') return []
  const unused = now - (usedAt !== undefined && usedAt > credentialAt ? usedAt : credentialAt)
  const isOther = marks.length !== first.marks.length || marks.some((mark) => !first.marks.includes(mark))
  return [
    ...(expiresAt <= now ? [`expired ${formatRfc3339(expiresAt)}`] : []),
    ...(unused >= UNUSED_NANOS ? [`unused for ${counted(Number(unused / USE_NANOS), 'day')}`] : []),
    ...(role === first.role ? [] : [`added as ${first.role}, is ${role}`]),
    ...(isOther ? [`added with ${markWords(first.marks)}, has ${markWords(marks)}`] : []),
  ]
}

function markWords(marks: readonly ApproverMark[]): string {
  return marks.length === 0 ? 'no mark' : `the mark ${marks.join(' and ')}`
}
