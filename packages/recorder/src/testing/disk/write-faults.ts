import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { randomFrom } from '../random.ts'
import type { TracedStep } from './disk-step.ts'
import { memoryFolder } from './power-loss.ts'
import { Promises } from './promises.ts'
import { recordSteps, runTraced, type TracedEnd } from './run-traced.ts'

/** A way for a system call to fail. `lasts` is how many calls of that name fail; a disk that went read-only stays so. */
type Fault = { readonly name: string; readonly inject: string; readonly lasts: number; readonly of: RegExp }

const FAULTS: readonly Fault[] = [
  { name: 'killed', inject: 'signal=KILL', lasts: 1, of: /./ },
  { name: 'I/O error', inject: 'error=EIO', lasts: 1, of: /./ },
  { name: 'disk full', inject: 'error=ENOSPC', lasts: 25, of: /write|openat|truncate|rename|sync/ },
  {
    name: 'read-only',
    inject: 'error=EROFS',
    lasts: Number.POSITIVE_INFINITY,
    of: /write|openat|truncate|rename|unlink/,
  },
]

export type FaultRun = {
  readonly seed: number
  readonly runs?: number
}

export type FaultReport = {
  readonly runs: number
  /** Places of the recorder that write: a system call and the file it writes. */
  readonly sites: number
  /** Faults that really happened. */
  readonly hits: number
  readonly wrong: readonly string[]
}

/**
 * Runs the real recorder with one fault at a time, each time at another call of a site, and has the next start open what is
 * left. Without `runs` every fault that fits happens at every site once; with fewer runs than that, at sites by chance.
 */
export async function writeFaults({ seed, runs: wanted }: FaultRun): Promise<FaultReport> {
  using scratch = memoryFolder()
  const random = randomFrom(seed)
  const sites = sitesOf(recordIn(scratch.path, seed))
  const plan = [...sites].flatMap(([site, calls]) =>
    FAULTS.filter(({ of }) => of.test(site)).map((fault) => ({ site, calls, fault })),
  )
  const runs = Math.max(1, wanted ?? plan.length)
  const wrong: string[] = []
  let hits = 0
  for (let i = 0; i < runs; i++) {
    // The plan is not empty, and both indices lie within it.
    const next = runs < plan.length ? Math.floor(random() * plan.length) : i % plan.length
    const { site, calls, fault } = plan[next] as (typeof plan)[number]
    const syscall = site.slice(0, site.indexOf(' '))
    const call = calls[Math.floor(random() * calls.length)] ?? 1
    const folder = join(scratch.path, 'log')
    mkdirSync(folder)
    const out = join(scratch.path, 'trace')
    const inject = ['-e', `inject=${syscall}:${fault.inject}:when=${whenOf(call, fault)}`]
    const end = runTraced({ folder, seed, out, inject })
    const isHit = end.signal === 'SIGKILL' || readFileSync(out, 'latin1').includes('(INJECTED)')
    if (isHit) hits++
    const where = `seed ${seed}, ${fault.name} at call ${call} of ${site}`
    const broken = [...endedWrongly(end, { site, fault, isHit }), ...(await brokenPromises(folder, end))]
    wrong.push(...broken.map((text) => `${where}: ${text}`))
    rmSync(folder, { recursive: true })
  }
  return { runs, sites: sites.size, hits, wrong }
}

function recordIn(scratch: string, seed: number): readonly TracedStep[] {
  const folder = join(scratch, 'log')
  mkdirSync(folder)
  const steps = recordSteps(folder, seed)
  rmSync(folder, { recursive: true })
  return steps
}

/** The numbers of the calls that each site makes, as strace counts them. */
function sitesOf(steps: readonly TracedStep[]): ReadonlyMap<string, readonly number[]> {
  const sites = new Map<string, number[]>()
  for (const { step, syscall, call } of steps) {
    if (step.kind === 'said') continue
    const site = `${syscall} ${step.name === '' ? 'the folder' : step.name}`
    sites.set(site, [...(sites.get(site) ?? []), call])
  }
  return sites
}

function whenOf(call: number, { lasts }: Fault): string {
  if (lasts === 1) return String(call)
  return Number.isFinite(lasts) ? `${call}..${call + lasts - 1}` : `${call}+`
}

/** FC2: a process that could not write or sync the log's own files may not go on as if it had. */
function endedWrongly(end: TracedEnd, at: { site: string; fault: Fault; isHit: boolean }): string[] {
  if (!at.isHit || at.fault.name !== 'I/O error' || !/^(pwrite64|fsync) log\.db(-wal)?$/.test(at.site)) return []
  return end.status === 0 ? ['the process went on to its clean end'] : []
}

async function brokenPromises(folder: string, end: TracedEnd): Promise<string[]> {
  const promises = new Promises()
  for (const line of end.stdout.split('\n').slice(0, -1)) promises.heard(line)
  return promises.broken(folder)
}
