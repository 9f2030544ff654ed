import { hash, randomInt } from 'node:crypto'
import type { AllowedAddress, AllowedName, EgressList, SensorResult } from '@holdfast/model'
import type { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { AllowedNames, type Resolve } from '../hold/allowed-names.ts'
import { bootNow } from '../hold/boot-now.ts'
import { wordsOf } from '../hold/allow-words.ts'
import { EGRESS_SENT_AT_ONCE, HOLD_MEMBERS_TOLD } from '../limits.ts'
import type { Loader } from '../loader/start-loader.ts'
import type { Program } from '../loader/told.ts'
import { KeptLists } from './kept-lists.ts'

export type GovernorOptions = {
  /** Folder in which is kept which list is whose, and what was learned of names. */
  readonly folder: string
  readonly bootId: string
  readonly tree: CgroupTree
  readonly programs: readonly Program[]
  readonly send: Loader['send']
  readonly say: (line: string) => void
  /** How names are resolved, and how long an address is let in at least; for tests. */
  readonly names?: { readonly resolve?: Resolve; readonly floorMs?: number }
}

/** Programs without which a list would have a hole. */
const NEEDED = [
  'hold_connect4',
  'hold_connect6',
  'hold_sendmsg4',
  'hold_sendmsg6',
  'hold_socket',
  'hold_sent',
  'hold_fork',
  'hold_moved',
  'hold_exit',
]

/** Puts the standing egress lists of cgroups into the kernel, and keeps what their names stand for up to date. */
export class Governor {
  readonly #options: GovernorOptions
  readonly #names: AllowedNames
  readonly #kept: KeptLists

  constructor(options: GovernorOptions) {
    const { folder, bootId, send, say, names } = options
    this.#options = options
    this.#kept = new KeptLists({ folder, bootId })
    this.#names = new AllowedNames({
      send: async (verb, list, one) => (await send(verb, list, ...wordsOf(one))).ok,
      say,
      onLearned: ({ path }, learned) => this.#kept.learn(path, learned),
      ...names,
    })
  }

  /**
   * Puts a list on a cgroup and all below it, in the place of the one before. What is there already is told to the kernel too.
   * It ends when the cgroup is gone and nobody lives who was in it, with or without this process.
   */
  async govern(cgroup: number, path: string, egress: EgressList): Promise<SensorResult> {
    const missing = this.#missing()
    if (missing !== undefined) return { ok: false, error: missing }
    const own = { path, artifact: egress.artifact, entries: hash('sha256', JSON.stringify(egress.allow)) }
    const before = this.#kept.find(own)
    // The same list after a restart of the driver: what was learned of names is on it still.
    const { list, learned } = before ?? { list: randomInt(1, 2 ** 32), learned: [] }
    const addresses = egress.allow.filter((one): one is AllowedAddress => 'address' in one)
    const names = egress.allow.filter((one): one is AllowedName => 'name' in one)
    const refused = await this.#list(list, addresses)
    if (refused !== undefined) return { ok: false, error: refused }
    this.#kept.add({ ...own, list, learned })
    this.#forgetNames(path)
    if (names.length > 0) await this.#names.begin({ containment: EGRESS, path, list, names, addresses }, learned)
    const { send, tree } = this.#options
    const until = String(expiryOf(egress))
    const governed = await send('govern', cgroup, egress.mode, until, list, egress.artifact)
    if (!governed.ok) {
      // A list that was in force before stays: only its renewal was refused.
      if (before === undefined) await this.#withdraw(path, list, addresses)
      return { ok: false, error: governed.error ?? 'the loader refused' }
    }
    const pids = [...tree.below(path)].flatMap(([, below]) => tree.processesOf(below))
    for (let at = 0; at < pids.length; at += HOLD_MEMBERS_TOLD)
      await send('govern-members', cgroup, ...pids.slice(at, at + HOLD_MEMBERS_TOLD))
    return { ok: true }
  }

  /** Looks after its names no more. The list itself stays for whoever left the cgroup; the kernel's side ends it. */
  forget(path: string): void {
    this.#forgetNames(path)
    this.#kept.remove(path)
  }

  /** Whether DNS answers are of interest. */
  get isLearning(): boolean {
    return this.#names.isWaiting
  }

  /** Takes a DNS answer that came to the cgroup. Untrusted. */
  learn(cgroup: number, message: Buffer, server: { readonly address: string; readonly port: number }): Promise<void> {
    const path = this.#options.tree.pathOf(cgroup)
    return path === undefined ? Promise.resolve() : this.#names.take(path, message, server)
  }

  /** Keeps names up to date; to be called about once a second. */
  async tick(): Promise<void> {
    await this.#names.tick()
  }

  /** Takes back a list that nothing uses. */
  async #withdraw(path: string, list: number, addresses: readonly AllowedAddress[]): Promise<void> {
    const learned = this.#names.end({ containment: EGRESS, path })
    this.#kept.remove(path)
    for (const one of [...addresses, ...learned]) await this.#options.send('disallow', list, ...wordsOf(one))
  }

  #forgetNames(path: string): void {
    this.#names.end({ containment: EGRESS, path })
  }

  #missing(): string | undefined {
    const attached = new Set(this.#options.programs.flatMap(({ name, attached }) => (attached ? [name] : [])))
    const missing = NEEDED.filter((name) => !attached.has(name))
    return missing.length === 0 ? undefined : `no egress list can be kept here: ${missing.join(', ')} did not attach`
  }

  /** Some at a time: the loader takes so many commands at once. The words of the first refusal, if there is one. */
  async #list(list: number, entries: readonly AllowedAddress[]): Promise<string | undefined> {
    for (let at = 0; at < entries.length; at += EGRESS_SENT_AT_ONCE) {
      const some = entries.slice(at, at + EGRESS_SENT_AT_ONCE)
      const results = await Promise.all(some.map((one) => this.#options.send('allow', list, ...wordsOf(one))))
      const refused = results.find(({ ok }) => !ok)
      if (refused === undefined) continue
      // What got in would be on a list that nobody uses.
      for (const one of entries) await this.#options.send('disallow', list, ...wordsOf(one))
      return `the list is not taken: ${refused.error ?? 'the loader refused'}`
    }
    return undefined
  }
}

/** A century: the boot clock's 64 bits hold five of them. */
const LONGEST_MS = 100 * 365 * 86_400_000

/** One list of a cgroup at a time, so that its path names it. */
const EGRESS = 'egress'

/** On the boot clock, decimal ns. */
function expiryOf({ validUntil }: EgressList): bigint {
  const leftMs = Math.min(Date.parse(validUntil) - Date.now(), LONGEST_MS)
  // 0 would be for ever: what is over already expired at the first instant.
  return leftMs <= 0 ? 1n : bootNow() + BigInt(Math.round(leftMs)) * 1_000_000n
}
