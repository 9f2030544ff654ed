import { hash } from 'node:crypto'
import {
  IDEMPOTENCY_ACCOUNTS,
  IDEMPOTENCY_BYTES_PER_ACCOUNT,
  IDEMPOTENCY_KEYS_PER_ACCOUNT,
  IDEMPOTENCY_KEPT_MS,
} from '../limits.ts'
import { HttpError } from './problem.ts'

/** What was asked for under a key, as far as it decides what is made. */
export type KeyedRequest = {
  readonly account: string
  readonly key: string
  /** Method and path, with the query. */
  readonly place: string
  readonly body: unknown
}

/** `isRepeated`: nothing was done now; it is the answer to the first request. */
export type KeyedAnswer = { readonly text: string; readonly isRepeated: boolean }

type Entry = {
  readonly fingerprint: string
  readonly atMs: number
  /** What was answered; undefined while it is being done. */
  text?: string
}

/**
 * A request that comes again under the same `Idempotency-Key` makes nothing anew and gets the answer of the first
 * (draft-ietf-httpapi-idempotency-key-header). Keys are each account's own, in memory and bounded: what is forgotten, after a day,
 * a restart or too many newer ones, is done again. A request that failed is forgotten at once, so that it can be repeated.
 */
export class IdempotencyKeys {
  readonly #nowMs: () => number
  /** Of each account, the key that was used last at the end. */
  readonly #accounts = new Map<string, Map<string, Entry>>()

  constructor({ nowMs }: { readonly nowMs: () => number }) {
    this.#nowMs = nowMs
  }

  /** Does it, or gives what it came to before. Throws 409 while the first is being done, 422 where it asked for something else. */
  async once(request: KeyedRequest, act: () => Promise<string>): Promise<KeyedAnswer> {
    const entries = this.#entriesOf(request.account)
    const fingerprint = hash('sha256', `${request.place}\n${JSON.stringify(request.body) ?? ''}`)
    const known = entries.get(request.key)
    if (known !== undefined) return repeatOf(known, fingerprint)
    const entry: Entry = { fingerprint, atMs: this.#nowMs() }
    entries.set(request.key, entry)
    this.#makeRoom(entries)
    try {
      const text = await act()
      entry.text = text
      this.#makeRoom(entries)
      return { text, isRepeated: false }
    } catch (error) {
      if (entries.get(request.key) === entry) entries.delete(request.key)
      throw error
    }
  }

  /** Those that are not too old; the account is the one that was used last. */
  #entriesOf(account: string): Map<string, Entry> {
    const entries = this.#accounts.get(account) ?? new Map<string, Entry>()
    this.#accounts.delete(account)
    this.#accounts.set(account, entries)
    if (this.#accounts.size > IDEMPOTENCY_ACCOUNTS) this.#forgetAccount(account)
    const since = this.#nowMs() - IDEMPOTENCY_KEPT_MS
    for (const [key, { atMs, text }] of entries) if (atMs <= since && text !== undefined) entries.delete(key)
    return entries
  }

  /** The one that used a key longest ago; none for which something is still being done: that would be done twice. */
  #forgetAccount(newest: string): void {
    const oldest = this.#accounts
      .entries()
      .find(([account, entries]) => account !== newest && entries.values().every(({ text }) => text !== undefined))
    if (oldest !== undefined) this.#accounts.delete(oldest[0])
  }

  /** Forgets the oldest answers, and none of what is still being done: that would be done twice. */
  #makeRoom(entries: Map<string, Entry>): void {
    let bytes = 0
    for (const { text = '' } of entries.values()) bytes += text.length
    for (const [key, { text }] of entries) {
      if (entries.size <= IDEMPOTENCY_KEYS_PER_ACCOUNT && bytes <= IDEMPOTENCY_BYTES_PER_ACCOUNT) return
      if (text === undefined) continue
      entries.delete(key)
      bytes -= text.length
    }
    if (entries.size > IDEMPOTENCY_KEYS_PER_ACCOUNT) refuseMore(entries)
  }
}

/** All of them are being done: the one that came last is not begun. */
function refuseMore(entries: Map<string, Entry>): never {
  const newest = [...entries.keys()].at(-1)
  if (newest !== undefined) entries.delete(newest)
  throw new HttpError(503, 'too much is being done under keys of this account: try again', { 'retry-after': '2' })
}

function repeatOf({ fingerprint, text }: Entry, asked: string): KeyedAnswer {
  if (fingerprint !== asked)
    throw new HttpError(422, 'this Idempotency-Key stands for another request: a new request takes a new key')
  if (text === undefined)
    throw new HttpError(409, 'the first request with this Idempotency-Key is still being done', { 'retry-after': '1' })
  return { text, isRepeated: true }
}

/** The key of the header: a string in quotes, as the draft has it, or the same without. Throws 400 for what is neither. Untrusted. */
export function parseIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const [, quoted, bare] =
    (typeof header === 'string'
      ? /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,128})"|([\w.~+/=:-]{1,128}))$/.exec(header)
      : null) ?? []
  const key = quoted ?? bare
  if (key !== undefined) return key
  throw new HttpError(400, 'Idempotency-Key is one text of 1 to 128 characters in quotes, such as a UUID')
}
