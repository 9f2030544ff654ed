import { Resolver } from 'node:dns/promises'
import { isIPv6 } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { AllowedAddress, AllowedName } from '@holdfast/model'
import { NAME_ADDRESSES, NAME_FLOOR_MS, NAME_MOST_MS, NAME_WAIT_MS } from '../limits.ts'
import { readDnsAnswer } from './dns-answer.ts'

/** Asks for the addresses of a name, with their time to live in seconds; rejects where there are none. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly ttl: number }[]>

export type AllowedNamesOptions = {
  /** `allow` or `disallow` of one address, SPEC S4; whether it was taken. */
  readonly send: (verb: 'allow' | 'disallow', list: number, one: AllowedAddress) => Promise<boolean>
  /** The resolver of this host unless given. */
  readonly resolve?: Resolve
  readonly floorMs?: number
  readonly say: (line: string) => void
  readonly onLearned: (hold: NamedHold, learned: readonly string[]) => void
}

/** A restriction with names on its list. */
export type NamedHold = {
  readonly containment: string
  readonly path: string
  readonly list: number
  readonly names: readonly AllowedName[]
  /** Addresses that an operator listed: who may answer for a name, and what is never taken off. */
  readonly addresses: readonly AllowedAddress[]
}

type Known = {
  readonly hold: NamedHold
  /** By `ADDRESS|PORT|PROTOCOL`: when it is taken off, on the monotonic clock. */
  readonly learned: Map<string, number>
  /** When each name is asked for again. */
  readonly dueMs: Map<string, number>
  isFull: boolean
}

/**
 * Keeps what names stand for on the allow lists of held cgroups: as this host resolves them, and as a DNS server on the
 * list answers the held processes. Answers of anybody else are the held agent's own word: it may answer itself.
 */
export class AllowedNames {
  readonly #options: AllowedNamesOptions
  readonly #resolve: Resolve
  readonly #floorMs: number
  readonly #holds = new Map<string, Known>()

  constructor(options: AllowedNamesOptions) {
    this.#options = options
    this.#resolve = options.resolve ?? resolveHere
    this.#floorMs = options.floorMs ?? NAME_FLOOR_MS
  }

  /** Learns what the names stand for, as far as it is known in time. `learned`: what an earlier driver had let in. */
  async begin(hold: NamedHold, learned: readonly string[] = []): Promise<void> {
    const off = performance.now() + this.#floorMs
    const known: Known = { hold, learned: new Map(learned.map((key) => [key, off])), dueMs: new Map(), isFull: false }
    this.#holds.set(keyOf(hold), known)
    // What a pattern stands for only answers tell.
    const whole = hold.names.filter(({ name }) => !name.includes('*'))
    const asked = Promise.all(whole.map(({ name }) => this.#ask(known, name)))
    await Promise.race([asked, delay(NAME_WAIT_MS, undefined, { ref: false })])
  }

  /** Looks after them no more, and tells what was learned: it stays on the list until somebody takes it off. */
  end(hold: Pick<NamedHold, 'containment' | 'path'>): readonly AllowedAddress[] {
    const known = this.#holds.get(keyOf(hold))
    this.#holds.delete(keyOf(hold))
    return [...(known?.learned.keys() ?? [])].map(addressOf)
  }

  /** True where answers are of interest. */
  get isWaiting(): boolean {
    return this.#holds.size > 0
  }

  /** Takes a DNS answer that came to a process of the cgroup at `path` from `server`. Untrusted. */
  async take(
    path: string,
    message: Buffer,
    server: { readonly address: string; readonly port: number },
  ): Promise<void> {
    for (const known of this.#holds.values()) {
      const { hold } = known
      if (path !== hold.path && !path.startsWith(`${hold.path}/`)) continue
      if (!hold.addresses.some((one) => isServer(one, server))) continue
      const answer = readDnsAnswer(message)
      if (answer === undefined || !hold.names.some(({ name }) => isNamed(name, answer.name))) continue
      await this.#learn(
        known,
        answer.name,
        answer.addresses.map(({ address, ttlS }) => ({ address, ttl: ttlS })),
      )
    }
  }

  /** Asks again for what is due, and takes off what is over. */
  async tick(): Promise<void> {
    const now = performance.now()
    for (const known of this.#holds.values()) {
      for (const [name, dueMs] of known.dueMs) if (dueMs <= now) await this.#ask(known, name)
      await this.#expire(known)
    }
  }

  async #ask(known: Known, name: string): Promise<void> {
    known.dueMs.set(name, Number.POSITIVE_INFINITY)
    try {
      const answers = await this.#resolve(name)
      await this.#learn(known, name, answers)
      const ttlMs = Math.min(...answers.map(({ ttl }) => ttl)) * 1_000
      known.dueMs.set(name, performance.now() + Math.min(Math.max(ttlMs, this.#floorMs), NAME_MOST_MS))
    } catch {
      // No such name, or nobody to ask: what the agent's own resolver answers is taken all the same.
      known.dueMs.set(name, performance.now() + this.#floorMs)
    }
  }

  async #learn(known: Known, name: string, answers: Awaited<ReturnType<Resolve>>): Promise<void> {
    const { hold, learned } = known
    let isNew = false
    for (const { address, ttl } of answers) {
      // Asked for again once it is over by DNS, and taken off a floor after that unless it was given again.
      const off = performance.now() + Math.min(Math.max(ttl * 1_000, this.#floorMs), NAME_MOST_MS) + this.#floorMs
      for (const one of hold.names.filter((allowed) => isNamed(allowed.name, name))) {
        const key = `${canonical(address)}|${one.port}|${one.protocol}`
        const before = learned.get(key)
        if (before !== undefined) learned.set(key, Math.max(before, off))
        else if (learned.size >= NAME_ADDRESSES) this.#sayFull(known)
        else if (await this.#options.send('allow', hold.list, addressOf(key))) {
          learned.set(key, off)
          isNew = true
        }
      }
    }
    if (isNew) this.#options.onLearned(hold, [...learned.keys()])
  }

  async #expire({ hold, learned }: Known): Promise<void> {
    const now = performance.now()
    const over = [...learned].filter(([, off]) => off <= now).map(([key]) => key)
    for (const key of over) {
      const one = addressOf(key)
      // What stands on the list by its own right stays.
      const isListed = hold.addresses.some((listed) => isSame(listed, one))
      if (isListed || (await this.#options.send('disallow', hold.list, one))) learned.delete(key)
    }
    if (over.length > 0) this.#options.onLearned(hold, [...learned.keys()])
  }

  #sayFull(known: Known): void {
    if (!known.isFull)
      this.#options.say(`${known.hold.path}: ${NAME_ADDRESSES} addresses are learned; more are refused`)
    known.isFull = true
  }
}

/** In a pattern `*` stands for any letters, digits, `-` and `_` of one label (model/host-egress.ts). */
function isNamed(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name
  const [labels, asked] = [pattern.split('.'), name.split('.')]
  return labels.length === asked.length && labels.every((label, at) => isLabelLike(label, asked[at] ?? ''))
}

/** In one pass, whatever the pattern: who asks for names chooses them. */
function isLabelLike(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === label
  if (!/^[-a-z0-9_]*$/.test(label) || !label.startsWith(first) || !label.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = label.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= label.length - last.length
}

function keyOf({ containment, path }: Pick<NamedHold, 'containment' | 'path'>): string {
  return `${containment}/${path}`
}

function addressOf(key: string): AllowedAddress {
  const [address = '', port = '0', protocol] = key.split('|')
  const prefix = isIPv6(address) ? 128 : 32
  return { address, prefix, port: Number(port), protocol: protocol === 'udp' ? 'udp' : 'tcp' }
}

function isSame(a: AllowedAddress, b: AllowedAddress): boolean {
  return (
    canonical(a.address) === canonical(b.address) &&
    a.prefix === b.prefix &&
    a.port === b.port &&
    a.protocol === b.protocol
  )
}

/** A whole address with the port of DNS: a network on the list may hold anybody. */
function isServer(one: AllowedAddress, server: { readonly address: string; readonly port: number }): boolean {
  const isWhole = one.prefix === (isIPv6(one.address) ? 128 : 32)
  return (
    isWhole &&
    one.protocol === 'udp' &&
    one.port === server.port &&
    canonical(one.address) === canonical(server.address)
  )
}

/** IPv6 has many spellings; URLs have one. */
function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address
}

const resolver = new Resolver({ timeout: 1_000, tries: 2 })

async function resolveHere(name: string): Promise<readonly { readonly address: string; readonly ttl: number }[]> {
  const both = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ])
  const found = both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (found.length === 0) throw new Error(`${name} has no address`)
  return found
}
