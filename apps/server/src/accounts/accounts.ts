import { hash, randomBytes } from 'node:crypto'
import type { AccountWire, Answer, Body, SignInFault } from '@holdfast/api'
import type { AccountDecision, Sha256, UnixNano } from '@holdfast/model'
import { formatRfc3339 } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { oneByOne } from '../turns.ts'
import {
  type Account,
  type AccountEntry,
  approvesAs,
  driftOf,
  isOf,
  isOrWas,
  type Rights,
  type SignedIdentity,
  stateOf,
  withDecision,
} from './account.ts'
import { ACCOUNTS_MOST, REVOKED_SHOWN, USE_NANOS } from './limits.ts'

export type AccountSources = {
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly reader: Pick<LogReader, 'controls'>
  readonly clock: () => UnixNano
  /** Told where the use of an account could not be recorded. */
  readonly onError: (error: unknown) => void
}

/** Somebody for whom the identity provider has vouched, with what their claims are mapped to. */
export type Admission = {
  readonly identity: SignedIdentity
  readonly rights: Rights
  readonly lifetimeMs: number
  readonly reason: string
}

export type AdmissionFault = Extract<SignInFault, 'revoked' | 'name-taken' | 'full'>

/** Names that stand for the program or its folder in the log, and for nobody else. */
const RESERVED: ReadonlySet<string> = new Set([
  'token',
  'holdfast',
  'workspace',
  'program',
  'policy',
  'loopback',
  'anyone',
  'quarantine',
])

const DAY_NANOS = 86_400_000_000_000n

/** Who may sign in. Put together from the decisions in the log; a new one is in the log before it takes effect (FC3). */
export class Accounts {
  readonly #sources: AccountSources
  readonly #accounts = new Map<string, Account>()
  /** Digest of a token -> whose it is. */
  readonly #byDigest = new Map<string, string>()
  /** The latest that was ever seen of the clock: one that is set back makes no expired token good. */
  #latest: UnixNano
  /** The next decision waits for the one that is being recorded, so that two of them never make one name. */
  readonly #inTurn = oneByOne()

  constructor(sources: AccountSources) {
    this.#sources = sources
    this.#latest = sources.clock()
    for (const { record, index, recordedAt } of sources.reader.controls('account')) {
      const { kind: _, ...said } = record
      this.#fold({ ...said, at: recordedAt, entry: index })
    }
  }

  list(): readonly AccountWire[] {
    const now = this.#now()
    const all = [...this.#accounts.values()].toSorted((a, b) => b.decided.entry - a.decided.entry)
    const revoked = all.filter(({ isRevoked }) => isRevoked).slice(0, REVOKED_SHOWN)
    return [...all.filter(({ isRevoked }) => !isRevoked), ...revoked].map((account) => wireOf(account, now))
  }

  /** The account whose token this is; undefined where nobody's, or where it is over. */
  ofToken(token: string): Account | undefined {
    const name = this.#byDigest.get(hash('sha256', token))
    const account = name === undefined ? undefined : this.#accounts.get(name)
    return account === undefined ? undefined : this.#active(account)
  }

  /** The account by name, as long as the token by which it was opened is its token. */
  ofCredential(name: string, credential: number): Account | undefined {
    const account = this.#accounts.get(name)
    return account?.credential === credential ? this.#active(account) : undefined
  }

  /** The account of this name that may sign in now. */
  named(name: string): Account | undefined {
    const account = this.#accounts.get(name)
    return account === undefined || stateOf(account, this.#now()) !== 'active' ? undefined : account
  }

  /**
   * Lets in whom the identity provider vouches for, under the name that they came with first, else under this one where it is
   * nobody's: recorded first. Says why not where the name is another's, or they are revoked; nothing is recorded then.
   */
  admit(name: string, admission: Admission): Promise<Account | AdmissionFault> {
    return this.#inTurn(() => this.#admit(name, admission))
  }

  /** The account that somebody of the provider is or was, whatever they are called now: of several the one that keeps them out. */
  nameOf(identity: SignedIdentity): string | undefined {
    const own = this.#ownOf(identity)
    return (own.find(({ isRevoked, isReadmitted }) => isRevoked && !isReadmitted) ?? own[0])?.name
  }

  /** Decides. Throws 400, 404 or 409 with what is wrong, and then nothing is recorded. */
  decide(name: string, body: Body<'decideAccount'>, by: string): Promise<Answer<'decideAccount'>> {
    return this.#inTurn(() => this.#decide(name, body, by))
  }

  async #decide(name: string, { decision, reason }: Body<'decideAccount'>, by: string) {
    const known = this.#accounts.get(name)
    if (decision.do === 'add') this.#mayAdd(name, known)
    else mayChange(known, { name, decision, by })
    const token = decision.do === 'add' || decision.do === 'renew' ? `hfa_${randomBytes(32).toString('base64url')}` : ''
    const entry = await this.#write({ account: name, decision: this.#recorded(decision, token), reason, by })
    const account = this.#accounts.get(name)
    if (account === undefined) throw new Error(`the decision of entry ${entry} made no account`)
    return { account: wireOf(account, this.#now()), entry, ...(token === '' ? {} : { token }) }
  }

  #mayAdd(name: string, known: Account | undefined): void {
    if (RESERVED.has(name)) throw new HttpError(409, `"${name}" stands for a part of Holdfast: take another name`)
    if (known !== undefined && !known.isRevoked)
      throw new HttpError(409, `there is an account "${name}": renew gives it another token`)
    if (this.#standing() >= ACCOUNTS_MOST) throw new HttpError(409, `there are ${ACCOUNTS_MOST} accounts: revoke one`)
  }

  #recorded(decision: Body<'decideAccount'>['decision'], token: string): AccountDecision {
    switch (decision.do) {
      case 'add': {
        const { role, marks } = decision
        return { do: 'add', role, marks: [...new Set(marks)], ...this.#credential(token, decision.days) }
      }
      case 'renew':
        return { do: 'renew', ...this.#credential(token, decision.days) }
      case 'role':
        return { do: 'role', role: decision.role }
      case 'mark':
        return { do: 'mark', marks: [...new Set(decision.marks)] }
      case 'revoke':
        return { do: 'revoke' }
      case 'readmit':
        return { do: 'readmit' }
    }
  }

  async #admit(asked: string, { identity, rights, lifetimeMs, reason }: Admission): Promise<Account | AdmissionFault> {
    const own = this.#ownOf(identity)
    // Renamed at the provider, nobody gets past being revoked, nor says yes to one plan as two people.
    if (own.some(({ isRevoked, isReadmitted }) => isRevoked && !isReadmitted)) return 'revoked'
    const { name } = own.find(({ isRevoked }) => !isRevoked) ?? own[0] ?? { name: asked }
    const known = this.#accounts.get(name)
    if (known?.isRevoked === true && !known.isReadmitted) return 'revoked'
    const isOthers =
      known !== undefined && !isOf(known, identity) && (known.opens.by === 'provider' || !known.isRevoked)
    if (RESERVED.has(name) || isOthers) return 'name-taken'
    if ((known === undefined || known.isRevoked) && this.#standing() >= ACCOUNTS_MOST) return 'full'
    const expiresAt = formatRfc3339((this.#now() + BigInt(lifetimeMs) * 1_000_000n) as UnixNano) // a day at most
    const decision = { do: 'sign-in', ...identity, ...rights, expiresAt } as const
    const why = name === asked ? reason : `${reason}, called ${asked} there`
    await this.#write({ account: name, decision, reason: why, by: name })
    return this.#accounts.get(name) ?? 'revoked'
  }

  #ownOf(identity: SignedIdentity): readonly Account[] {
    return [...this.#accounts.values()].filter((account) => isOrWas(account, identity))
  }

  #standing(): number {
    return [...this.#accounts.values()].filter(({ isRevoked }) => !isRevoked).length
  }

  #credential(token: string, days: number): { readonly tokenDigest: Sha256; readonly expiresAt: string } {
    const expiresAt = (this.#now() + BigInt(days) * DAY_NANOS) as UnixNano // 366 days at most
    // 64 hexadecimal digits.
    return { tokenDigest: hash('sha256', token) as Sha256, expiresAt: formatRfc3339(expiresAt) }
  }

  /** The account where it may be used now; that it was is recorded, once a day. */
  #active(account: Account): Account | undefined {
    const now = this.#now()
    if (stateOf(account, now) !== 'active') return undefined
    const { name, usedAt } = account
    if (usedAt === undefined || now - usedAt >= USE_NANOS) {
      // Known at once, so that the next request does not record it too.
      this.#accounts.set(name, { ...account, usedAt: now })
      this.#write({ account: name, decision: { do: 'used' }, reason: '', by: name }).catch(this.#sources.onError)
    }
    return account
  }

  async #write(said: Omit<AccountEntry, 'at' | 'entry'>): Promise<number> {
    const { from } = await this.#sources.recorder.appendControl({ kind: 'account', ...said })
    this.#fold({ ...said, at: this.#now(), entry: from })
    return from
  }

  #fold(entry: AccountEntry): void {
    const before = this.#accounts.get(entry.account)
    const after = withDecision(before, entry)
    if (entry.at > this.#latest) this.#latest = entry.at
    if (after === undefined) return
    if (before?.opens.by === 'token') this.#byDigest.delete(before.opens.digest)
    if (after.opens.by === 'token' && !after.isRevoked) this.#byDigest.set(after.opens.digest, after.name)
    this.#accounts.set(after.name, after)
  }

  #now(): UnixNano {
    const now = this.#sources.clock()
    if (now > this.#latest) this.#latest = now
    return this.#latest
  }
}

type Change = Pick<AccountEntry, 'by'> & Pick<Body<'decideAccount'>, 'decision'> & { readonly name: string }

/** Throws 404 or 409 where an account that there is, or is not, cannot be changed like this. */
function mayChange(known: Account | undefined, { name, decision, by }: Change): asserts known is Account {
  if (known === undefined) throw new HttpError(404, `there is no account "${name}"`)
  const isAboutReturn = decision.do === 'readmit' || (decision.do === 'revoke' && known.isReadmitted)
  if (known.isRevoked && !isAboutReturn) throw new HttpError(409, `${name} is revoked: add it anew`)
  if (!known.isRevoked && decision.do === 'readmit') throw new HttpError(409, `${name} is not revoked`)
  // Nobody widens what they themselves may.
  if (name === by && decision.do !== 'renew')
    throw new HttpError(409, `${name} does not change itself: another admin does`)
  if (known.opens.by === 'provider' && !isAboutReturn && decision.do !== 'revoke')
    throw new HttpError(
      409,
      `${name} signs in with the identity provider: what it may is changed there, or where its claims are mapped`,
    )
}

function wireOf(account: Account, now: UnixNano): AccountWire {
  const { name, role, marks, opens, expiresAt, added, usedAt, decided } = account
  return {
    name,
    role,
    marks: [...marks],
    state: stateOf(account, now),
    approves: [...approvesAs(role, marks)],
    expiresAt: formatRfc3339(expiresAt),
    addedAt: formatRfc3339(added.at),
    addedBy: added.by,
    ...(usedAt === undefined ? {} : { lastUsedAt: formatRfc3339(usedAt) }),
    ...(opens.by === 'provider' ? { identity: { issuer: opens.issuer, subject: opens.subject } } : {}),
    drift: [...driftOf(account, now)],
    decided: { at: formatRfc3339(decided.at), by: decided.by, reason: decided.reason, entry: decided.entry },
  }
}
