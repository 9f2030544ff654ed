import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { HoldRung } from '@holdfast/model'
import { whyNoKernel } from '../../sensor/src/testing/root.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { TestHolder } from '../../sensor/src/testing/test-holder.ts'
import { TwoNetworks } from '../../sensor/src/testing/two-networks.ts'
import { environment } from '../ingest/environment.ts'
import { at, say } from './figures.ts'

/**
 * From the command of a rung to its effect: the last datagram that the kernel took from a process that sends without a
 * pause, by the clock of that process; and to its confirmation by the probes. Driver to kernel, without the server.
 */
const { values } = parseArgs({ options: { times: { type: 'string', default: '100' } } })
const times = Math.max(1, Number(values.times))
const RUNGS: readonly HoldRung[] = ['restrict', 'soft-quarantine', 'pause', 'stop', 'kill']
/** Nothing is sent for this long: the effect is there. */
const SILENT_MS = 20
/** A pause takes none without a limit. */
const TTL_MS = 60_000

const reason = whyNoKernel()
if (reason !== undefined) throw new Error(`nothing can be measured here: ${reason}`)
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
chmodSync(folder, 0o755)
const program = join(folder, 'load')
execFileSync('gcc', ['-O1', '-w', '-static', '-o', program, join(import.meta.dirname, 'load.c')])

try {
  say({ benchmark: 'rungs', ...environment(folder), times })
  await using networks = await TwoNetworks.start()
  execFileSync('/usr/sbin/ip', ['-n', networks.inside, 'route', 'add', 'default', 'via', '10.213.7.2'])
  await using holder = await TestHolder.start()
  for (const rung of RUNGS) {
    const effects: number[] = []
    const confirmations: number[] = []
    for (let count = 0; count < times; count += 1) {
      const { effect, confirmed } = await measured(networks, holder, rung)
      effects.push(effect)
      confirmations.push(confirmed)
    }
    say({ what: `${rung}: from command to effect, us`, ...percentiles(effects) })
    say({ what: `${rung}: from command to confirmation, us`, ...percentiles(confirmations) })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Microseconds. An effect before the driver could answer is as it is told: its clock is the same. */
async function measured(
  networks: TwoNetworks,
  holder: TestHolder,
  rung: HoldRung,
): Promise<{ readonly effect: number; readonly confirmed: number }> {
  await using cgroup = new TestCgroup()
  const file = join(folder, 'pulse')
  writeFileSync(file, Buffer.alloc(8))
  const child = cgroup.start('/usr/bin/nsenter', `--net=/run/netns/${networks.inside}`, program, 'pulse', file)
  const ended = once(child, 'close')
  while (lastPulse(file) === 0n) await delay(1)
  const begun = process.hrtime.bigint()
  const through = await holder.apply(cgroup, rung, [], TTL_MS)
  const answered = process.hrtime.bigint()
  if (through.length > 0) throw new Error(`${rung} did not hold: ${through.join(', ')}`)
  const last = await untilSilent(file)
  await holder.release(cgroup)
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await ended
  return { effect: Math.max(0, Number(last - begun) / 1_000), confirmed: Number(answered - begun) / 1_000 }
}

/** The last pulse, once no other followed it for a while. */
async function untilSilent(file: string): Promise<bigint> {
  for (let last = lastPulse(file); ;) {
    await delay(SILENT_MS)
    const next = lastPulse(file)
    if (next === last) return last
    last = next
  }
}

/** Monotonic nanoseconds, as `process.hrtime`; 0 before the first. */
function lastPulse(file: string): bigint {
  return readFileSync(file).readBigInt64LE(0)
}

function percentiles(list: readonly number[]): { readonly p50: number; readonly p99: number; readonly most: number } {
  const sorted = list.toSorted((a, b) => a - b)
  return { p50: at(sorted, 0.5), p99: at(sorted, 0.99), most: at(sorted, 1) }
}
