import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { HoldCheck, HoldOutcome, HoldRung, SensorCommand, SensorResult } from '@holdfast/model'
import type { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { HOLD_LOOK_MS, HOLD_MEMBERS_TOLD, HOLD_SETTLE_MS, STOP_GRACE_MS } from '../limits.ts'
import type { CommandResult } from '../loader/told.ts'
import { Probe } from './probe.ts'

const run = promisify(execFile)

export type HolderOptions = {
  readonly tree: CgroupTree
  /** The loader's binary, which freezes and probes as root. */
  readonly loader: string
  readonly send: (verb: string, ...words: readonly (string | number | bigint)[]) => Promise<CommandResult>
}

type Contain = Extract<SensorCommand, { readonly do: 'contain' }>

/** Puts cgroups on a rung, takes them off again, and tries whether a rung stands. */
export class Holder {
  readonly #options: HolderOptions

  constructor(options: HolderOptions) {
    this.#options = options
  }

  async contain(command: Contain): Promise<SensorResult> {
    const id = this.#options.tree.idOf(command.path)
    // The root is the machine itself.
    if (id === undefined || this.#folder(command.path) === this.#folder('')) {
      return { ok: false, error: `there is no cgroup ${command.path}` }
    }
    switch (command.rung) {
      case 'restrict':
      case 'soft-quarantine':
        return await this.#cut(id, command, command.rung)
      case 'pause':
        return await this.#pause(command)
      case 'stop':
        await this.#stop(command.path)
        return outcome(this.#checkEmpty(command.path))
      case 'kill':
        this.#write(command.path, 'cgroup.kill', '1')
        await this.#settled(() => this.#events(command.path)['populated'] === '0')
        return outcome(this.#checkEmpty(command.path))
    }
  }

  async release(path: string): Promise<SensorResult> {
    const id = this.#options.tree.idOf(path)
    // What stopped or killed is gone, and its cgroup with it: nothing of it is left to undo here.
    if (id === undefined) return { ok: true, detail: {} }
    if (this.#isFrozen(path)) this.#write(path, 'cgroup.freeze', '0')
    const held = await this.#options.send('release', id)
    if (!held.ok && held.error !== 'No such file or directory') return refusal(held)
    return { ok: true, detail: {} }
  }

  async probe(path: string, rung: HoldRung): Promise<SensorResult> {
    if (this.#options.tree.idOf(path) === undefined) return { ok: false, error: `there is no cgroup ${path}` }
    if (rung === 'pause') return outcome([this.#checkFrozen(path)])
    if (rung === 'stop' || rung === 'kill') return outcome(this.#checkEmpty(path))
    await using probe = await this.#startProbe(path)
    return outcome(await probe.checks(rung))
  }

  async #cut(id: number, command: Contain, rung: 'restrict' | 'soft-quarantine'): Promise<SensorResult> {
    const { send } = this.#options
    // Opened before the hold: an open connection is one of the things that must end.
    await using probe = await this.#startProbe(command.path)
    // One list for each held cgroup; ids of cgroups are never used again while the machine runs.
    const list = command.allow.length === 0 ? 0 : id % 0xffff_ffff
    for (const { address, prefix, port, protocol } of command.allow) {
      const family = address.includes(':') ? 6 : 4
      const allowed = await send('allow', list, family, `${address}/${prefix}`, port, protocol)
      if (!allowed.ok) return refusal(allowed)
    }
    const expires = command.ttlMs === 0 ? 0n : bootNs() + BigInt(command.ttlMs) * 1_000_000n
    const held = await send('hold', id, rung === 'restrict' ? 'restrict' : 'quarantine', expires, list)
    if (!held.ok) return refusal(held)
    const unknown = await this.#tellMembers(id, command.path)
    if (unknown !== undefined) return unknown
    return outcome(await probe.checks(rung))
  }

  /** Who was in there when the hold began; forks and moves after that the kernel program sees itself. */
  async #tellMembers(id: number, path: string): Promise<SensorResult | undefined> {
    const { tree, send } = this.#options
    const pids = [...tree.below(path)].flatMap(([, below]) => tree.processesOf(below))
    for (let at = 0; at < pids.length; at += HOLD_MEMBERS_TOLD) {
      const told = await send('hold-members', id, ...pids.slice(at, at + HOLD_MEMBERS_TOLD))
      if (!told.ok) return refusal(told)
    }
    return undefined
  }

  async #pause({ path, ttlMs }: Contain): Promise<SensorResult> {
    if (ttlMs <= 0) return { ok: false, error: 'a pause needs a time limit' }
    const until = bootNs() + BigInt(ttlMs) * 1_000_000n
    try {
      await run(this.#options.loader, ['hold', 'freeze', this.#folder(path), String(until)])
    } catch (error) {
      return { ok: false, error: `it could not be frozen: ${String(error)}`.slice(0, 1_000) }
    }
    await this.#settled(() => this.#events(path)['frozen'] === '1')
    return outcome([this.#checkFrozen(path)])
  }

  async #stop(path: string): Promise<void> {
    const { tree } = this.#options
    for (const pid of [...tree.below(path)].flatMap(([, below]) => tree.processesOf(below))) {
      try {
        process.kill(pid, 'SIGTERM')
      } catch {
        // It has ended meanwhile.
      }
    }
    // A frozen task takes no signal before it is thawed.
    if (this.#isFrozen(path)) this.#write(path, 'cgroup.freeze', '0')
    const isEmpty = (): boolean => this.#events(path)['populated'] === '0'
    if (await this.#settled(isEmpty, STOP_GRACE_MS)) return
    this.#write(path, 'cgroup.kill', '1')
    await this.#settled(isEmpty)
  }

  #startProbe(path: string): Promise<Probe> {
    const { tree, loader } = this.#options
    const [pid = 0] = [...tree.below(path)].flatMap(([, below]) => tree.processesOf(below))
    return Probe.start({ loader, folder: this.#folder(path), pid })
  }

  #checkFrozen(path: string): HoldCheck {
    const frozen = this.#events(path)['frozen']
    return { way: 'frozen', held: frozen === '1', detail: `cgroup.events says frozen ${frozen ?? 'nothing'}` }
  }

  #checkEmpty(path: string): readonly HoldCheck[] {
    const populated = this.#events(path)['populated']
    return [
      { way: 'processes', held: populated === '0', detail: `cgroup.events says populated ${populated ?? 'nothing'}` },
    ]
  }

  #isFrozen(path: string): boolean {
    const file = join(this.#folder(path), 'cgroup.freeze')
    return existsSync(file) && readFileSync(file, 'utf8').trim() === '1'
  }

  /** `populated` and `frozen`; a cgroup that is gone has no processes. */
  #events(path: string): Readonly<Record<string, string>> {
    try {
      const text = readFileSync(join(this.#folder(path), 'cgroup.events'), 'utf8')
      return Object.fromEntries(
        text
          .trim()
          .split('\n')
          .map((line) => line.split(' ') as [string, string]),
      ) // the kernel's format
    } catch {
      // Removed once it was empty.
      return { populated: '0', frozen: '0' }
    }
  }

  /** False where it did not come in time. */
  async #settled(is: () => boolean, withinMs: number = HOLD_SETTLE_MS): Promise<boolean> {
    const end = performance.now() + withinMs
    while (!is() && performance.now() < end) await delay(HOLD_LOOK_MS)
    return is()
  }

  #write(path: string, file: string, text: string): void {
    writeFileSync(join(this.#folder(path), file), text)
  }

  #folder(path: string): string {
    return join(this.#options.tree.mount, path)
  }
}

function outcome(checks: readonly HoldCheck[]): SensorResult {
  const status = checks.length > 0 && checks.every(({ held }) => held) ? 'confirmed' : 'failed'
  const detail: HoldOutcome = { status, checks }
  return { ok: true, detail }
}

function refusal({ error }: CommandResult): SensorResult {
  return { ok: false, error: error ?? 'the loader refused' }
}

/** `CLOCK_BOOTTIME`, which Node does not show: time since the start of the machine, sleep included, to 10 ms. */
function bootNs(): bigint {
  const [seconds = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ')
  return BigInt(Math.round(Number(seconds) * 100)) * 10_000_000n
}
