import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Allowed, PolicyMode } from '@holdfast/model'
import { setTimeout as delay } from 'node:timers/promises'
import { CgroupTree } from '../cgroup/cgroup-tree.ts'
import { Governor, type GovernorOptions } from '../egress/governor.ts'
import { FIELD_TAG, RECORD_OFFSET, RECORD_TYPE, WATCH_FLAG } from '../loader/record-layout.ts'
import { startLoader, type Loader } from '../loader/start-loader.ts'
import { addressIn, endOf, fieldOf, number64 } from '../record-layout.ts'
import { loaderPath } from './root.ts'
import { cgroupRoot, type TestCgroup } from './test-cgroup.ts'

/** One told refusal, or what would be one. */
export type ToldRefusal = {
  readonly cgroup: number
  readonly pid: number
  readonly what: number
  readonly count: number
  readonly mode: PolicyMode
  readonly protocol: number
  readonly artifact: string
  readonly remote: string
}

/** A loader with a pinned set of its own, and what governs cgroups by it, as a driver has them. All gone at the end. */
export class TestGovernor {
  readonly told: ToldRefusal[] = []
  readonly holds = join('/run', `holdfast-test-${randomBytes(4).toString('hex')}`, 'bpf')
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-governor-'))
  readonly #names: GovernorOptions['names']
  #loader: Loader | undefined
  #governor: Governor | undefined

  private constructor(names: GovernorOptions['names']) {
    this.#names = names
  }

  static async start(names?: GovernorOptions['names']): Promise<TestGovernor> {
    const own = new TestGovernor(names)
    await own.restart()
    return own
  }

  get loader(): Loader {
    if (this.#loader === undefined) throw new Error('no loader was started')
    return this.#loader
  }

  get governor(): Governor {
    if (this.#governor === undefined) throw new Error('no loader was started')
    return this.#governor
  }

  /** A driver's next start: another loader, and what was kept on disk. */
  async restart(): Promise<void> {
    const loader = await startLoader({
      path: loaderPath,
      holds: this.holds,
      onRecords: (bytes) => void this.told.push(...refusalsIn(bytes)),
    })
    this.#loader = loader
    this.#governor = new Governor({
      folder: this.#folder,
      bootId: loader.hello.bootId,
      tree: new CgroupTree(cgroupRoot()),
      programs: loader.programs,
      send: (verb, ...words) => loader.send(verb, ...words),
      say: (line) => process.stderr.write(`${line}\n`),
      ...(this.#names === undefined ? {} : { names: this.#names }),
    })
  }

  /** The artifact that it goes by. Throws where it could not be put on. */
  async govern(
    cgroup: TestCgroup,
    allow: readonly Allowed[],
    { mode = 'enforce', validUntil = '2999-01-01T00:00:00Z', artifact = randomBytes(32).toString('hex') } = {},
  ): Promise<string> {
    const list = { artifact, mode: mode === 'enforce' ? 'enforce' : 'monitor', validUntil, allow } as const
    // Only what is watched is told.
    await this.loader.send('watch', cgroup.id, WATCH_FLAG.descend)
    const result = await this.governor.govern(Number(cgroup.id), basename(cgroup.path), list)
    if (!result.ok) throw new Error(result.error)
    return artifact
  }

  /** Ends it for every test cgroup, whether that is gone or not. */
  async letGo(cgroup: TestCgroup): Promise<void> {
    this.governor.forget(basename(cgroup.path))
    await this.loader.send('ungovern', cgroup.id)
  }

  /** What the pinned map holds, as bpftool shows it. */
  dump(map: string): unknown {
    const set = join(this.holds, 'hold-3', map)
    return JSON.parse(execFileSync('/usr/sbin/bpftool', ['-j', 'map', 'dump', 'pinned', set], { encoding: 'utf8' }))
  }

  /** Whether anything is pinned. */
  get isPinned(): boolean {
    return existsSync(join(this.holds, 'hold-3'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { more } = await this.loader.send('policies')
    const standing = (more['policies'] ?? []) as readonly { readonly cgroup: string }[] // what `policies` answers
    for (const { cgroup } of standing) await this.loader.send('ungovern', cgroup)
    await this.loader.stop()
    // Its keeper removes what is pinned once nothing is governed.
    while (this.isPinned) await delay(5)
    execFileSync('/bin/umount', [this.holds])
    rmSync(join(this.holds, '..'), { recursive: true, force: true })
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const MODES = ['', 'monitor', 'enforce']

function refusalsIn(bytes: Buffer): readonly ToldRefusal[] {
  const found: ToldRefusal[] = []
  let at = 0
  for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
    if (bytes.readUInt16LE(at + RECORD_OFFSET.type) === RECORD_TYPE.policyRefused) found.push(refusalAt(bytes, at))
    at = end
  }
  return found
}

function refusalAt(bytes: Buffer, at: number): ToldRefusal {
  const number = (slot: number): number => number64(bytes, at + RECORD_OFFSET.numbers + slot * 8)
  const remote = fieldOf(bytes, at, FIELD_TAG.remote)
  const end = remote === undefined ? undefined : addressIn(remote)
  return {
    cgroup: number64(bytes, at + RECORD_OFFSET.cgroup),
    pid: bytes.readUInt32LE(at + RECORD_OFFSET.pid),
    what: number(0),
    count: number(2),
    mode: MODES[number(3)] === 'enforce' ? 'enforce' : 'monitor',
    protocol: number(4),
    artifact: fieldOf(bytes, at, FIELD_TAG.text)?.toString('utf8') ?? '',
    remote: end === undefined ? '' : `${end.address}:${end.port}`,
  }
}
