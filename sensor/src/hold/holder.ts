import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import type {
  Allowed,
  AllowedAddress,
  AllowedName,
  HoldCheck,
  HoldOutcome,
  SensorCommand,
  SensorResult,
} from '@holdfast/model'
import type { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { HOLD_MEMBERS_TOLD } from '../limits.ts'
import type { Loader } from '../loader/start-loader.ts'
import { wordsOf } from './allow-words.ts'
import { AllowedNames, type NamedHold, type Resolve } from './allowed-names.ts'
import { bootNow } from './boot-now.ts'
import { CgroupRungs } from './cgroup-rungs.ts'
import { HoldWatch } from './hold-watch.ts'
import { Probe } from './probe.ts'
import type { Standing, Standings } from './standings.ts'

const run = promisify(execFile)

export type HolderOptions = {
  readonly tree: CgroupTree
  /** The loader's binary, which freezes, claims and probes as root. */
  readonly loader: string
  /** Folder of what is pinned. */
  readonly holds: string
  readonly send: Loader['send']
  readonly standings: Standings
  readonly say: (line: string) => void
  /** How names are resolved, and how long an address is let in at least; for tests. */
  readonly names?: { readonly resolve?: Resolve; readonly floorMs?: number }
}

type Contain = Extract<SensorCommand, { readonly do: 'contain' }>
type Release = Extract<SensorCommand, { readonly do: 'release' }>
type Probing = Extract<SensorCommand, { readonly do: 'probe' }>
type CutRung = 'restrict' | 'soft-quarantine'

/** Puts cgroups on a rung, takes them off again, and tries whether a rung stands. */
export class Holder {
  readonly #options: HolderOptions
  readonly #rungs: CgroupRungs
  readonly #watch: HoldWatch
  readonly #names: AllowedNames
  /** Cgroups that are being put on a rung, or taken off. */
  readonly #busy = new Map<string, number>()

  constructor(options: HolderOptions) {
    const { tree, holds, standings, send, say } = options
    this.#options = options
    this.#rungs = new CgroupRungs(tree)
    this.#names = new AllowedNames({
      send: async (verb, list, one) => (await send(verb, list, ...wordsOf(one))).ok,
      say,
      onLearned: ({ containment, path }, learned) => standings.learn(containment, path, learned),
      ...options.names,
    })
    this.#watch = new HoldWatch({
      standings,
      mount: tree.mount,
      holds,
      send,
      thaw: ({ cgroup }) => this.#tool('thaw', cgroup),
      isBusy: (path) => this.#busy.has(path),
      onEnded: (standing) => this.#names.end(standing),
    })
  }

  /** Takes up what the driver before this one held. */
  async restore(): Promise<void> {
    for (const { containment, path, names } of this.#options.standings.list()) {
      if (names === undefined) continue
      const { list, allowed, addresses, learned } = names
      await this.#names.begin({ containment, path, list, names: allowed, addresses }, learned)
    }
  }

  async contain(command: Contain): Promise<SensorResult> {
    const id = this.#options.tree.idOf(command.path)
    // The root is the machine itself.
    if (id === undefined || this.#rungs.folder(command.path) === this.#rungs.folder('')) {
      return { ok: false, error: `there is no cgroup ${command.path}` }
    }
    return await this.#alone(command.path, async () => {
      switch (command.rung) {
        case 'restrict':
        case 'soft-quarantine':
          return await this.#cut(id, command, command.rung)
        case 'pause':
          return await this.#pause(id, command)
        case 'stop':
          await this.#rungs.stop(command.path)
          return outcome(this.#rungs.checkEmpty(command.path))
        case 'kill':
          await this.#rungs.kill(command.path)
          return outcome(this.#rungs.checkEmpty(command.path))
      }
    })
  }

  /** What stopped or killed is gone: nothing of it is left to undo here. */
  async release(command: Release): Promise<SensorResult> {
    const { rung } = command
    if (rung === 'stop' || rung === 'kill') return { ok: true, detail: {} }
    return await this.#alone(command.path, () => this.#release(command, rung === 'pause' ? 'pause' : 'hold'))
  }

  async probe({ path, rung }: Probing): Promise<SensorResult> {
    if (this.#options.tree.idOf(path) === undefined) return { ok: false, error: `there is no cgroup ${path}` }
    if (rung === 'pause') return outcome(this.#rungs.checkFrozen(path))
    if (rung === 'stop' || rung === 'kill') return outcome(this.#rungs.checkEmpty(path))
    await using probe = await this.#startProbe(path)
    return outcome(await probe.checks(rung))
  }

  /** Finds what ended by itself, and keeps names up to date; to be called about once a second. */
  async tick(): Promise<void> {
    await this.#watch.look()
    await this.#names.tick()
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

  async #release({ containment, path }: Release, kind: Standing['kind']): Promise<SensorResult> {
    const { standings, tree, send } = this.#options
    const standing = standings.find(containment, path)
    const isAnothers = standing === undefined && standings.list().some((one) => one.path === path && one.kind === kind)
    const cgroup = standing?.cgroup ?? tree.idOf(path)
    // Replaced by a later containment, which stands; or gone, and nothing is known that would be left.
    if (isAnothers || cgroup === undefined) return { ok: true, detail: {} }
    if (kind === 'pause') {
      await this.#tool('thaw', String(cgroup)).catch((error: unknown) => {
        // Thawed meanwhile, by its time limit or another hand.
        if (this.#rungs.isFreezing(path)) throw error
      })
    } else {
      const released = await send('release', cgroup)
      if (!released.ok && released.error !== 'No such file or directory') return refusal(released)
      this.#names.end({ containment, path })
    }
    standings.remove(containment, path)
    return { ok: true, detail: {} }
  }

  async #cut(id: number, command: Contain, rung: CutRung): Promise<SensorResult> {
    const { send, standings } = this.#options
    const { containment, path, allow, ttlMs } = command
    // Opened before the hold: an open connection is one of the things that must end.
    await using probe = await this.#startProbe(path)
    // A list for each containment: what an earlier one allowed ends with it.
    const list = allow.length === 0 ? 0 : randomInt(1, 2 ** 32)
    const since = bootNow()
    const expires = ttlMs === 0 ? 0n : since + BigInt(ttlMs) * 1_000_000n
    const addresses = allow.filter((one): one is AllowedAddress => 'address' in one)
    for (const one of addresses) {
      const allowed = await send('allow', list, ...wordsOf(one))
      if (!allowed.ok) return refusal(allowed)
    }
    const named = namedHold({ containment, path, list, addresses }, allow)
    this.#begin({
      containment,
      path,
      cgroup: String(id),
      kind: 'hold',
      since: String(since),
      expires: String(expires),
      ...(named === undefined ? {} : { names: { list, allowed: named.names, addresses, learned: [] } }),
    })
    // Before the hold: what is open to an allowed name is not to be cut.
    if (named !== undefined) await this.#names.begin(named)
    const held = await send('hold', id, rung === 'restrict' ? 'restrict' : 'quarantine', expires, list)
    if (!held.ok) {
      this.#names.end(command)
      standings.remove(containment, path)
      return refusal(held)
    }
    const unknown = await this.#tellMembers(id, path)
    if (unknown !== undefined) return unknown
    return outcome(await probe.checks(rung))
  }

  /** Who was in there when the hold began, and the sockets they have; what comes after that the kernel programs see. */
  async #tellMembers(id: number, path: string): Promise<SensorResult | undefined> {
    const pids = this.#rungs.processes(path)
    for (let at = 0; at < pids.length; at += HOLD_MEMBERS_TOLD) {
      const some = pids.slice(at, at + HOLD_MEMBERS_TOLD)
      const told = await this.#options.send('hold-members', id, ...some)
      if (!told.ok) return refusal(told)
      await this.#tool('claim', String(id), ...some.map(String))
    }
    return undefined
  }

  async #pause(id: number, { containment, path, ttlMs }: Contain): Promise<SensorResult> {
    if (ttlMs <= 0) return { ok: false, error: 'a pause needs a time limit' }
    const since = bootNow()
    const until = String(since + BigInt(ttlMs) * 1_000_000n)
    const { standings } = this.#options
    this.#begin({ containment, path, cgroup: String(id), kind: 'pause', since: String(since), expires: until })
    try {
      await this.#tool('freeze', this.#rungs.folder(path), until)
    } catch (error) {
      standings.remove(containment, path)
      return { ok: false, error: `it could not be frozen: ${String(error)}`.slice(0, 1_000) }
    }
    await this.#rungs.untilFrozen(path)
    return outcome(this.#rungs.checkFrozen(path))
  }

  /** One hold and one pause of a cgroup at most: a later one takes the place of the one before. */
  #begin(standing: Standing): void {
    for (const replaced of this.#options.standings.add(standing)) this.#names.end(replaced)
  }

  async #alone(path: string, act: () => Promise<SensorResult>): Promise<SensorResult> {
    this.#busy.set(path, (this.#busy.get(path) ?? 0) + 1)
    try {
      return await act()
    } finally {
      const left = (this.#busy.get(path) ?? 1) - 1
      if (left === 0) this.#busy.delete(path)
      else this.#busy.set(path, left)
    }
  }

  async #tool(...words: readonly string[]): Promise<void> {
    const { loader, holds } = this.#options
    await run(loader, ['hold', '--holds', holds, ...words])
  }

  #startProbe(path: string): Promise<Probe> {
    const [pid = 0] = this.#rungs.processes(path)
    return Probe.start({ loader: this.#options.loader, folder: this.#rungs.folder(path), pid })
  }
}

function namedHold(hold: Omit<NamedHold, 'names'>, allow: readonly Allowed[]): NamedHold | undefined {
  const names = allow.filter((one): one is AllowedName => 'name' in one)
  return names.length === 0 ? undefined : { ...hold, names }
}

function outcome(checks: readonly HoldCheck[]): SensorResult {
  const status = checks.length > 0 && checks.every(({ held }) => held) ? 'confirmed' : 'failed'
  const detail: HoldOutcome = { status, checks }
  return { ok: true, detail }
}

function refusal({ error }: { readonly error?: string }): SensorResult {
  return { ok: false, error: error ?? 'the loader refused' }
}
