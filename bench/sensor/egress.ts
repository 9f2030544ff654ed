/**
 * What an egress list costs a connection: `connect` over the loopback interface in a cgroup without a list, and under lists of 0,
 * 100 and 1,000 entries, in turns. A list of 0 monitors, so that nothing is refused and everything is counted.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Allowed } from '@holdfast/model'
import { whyNoKernel } from '../../sensor/src/testing/root.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { TestGovernor } from '../../sensor/src/testing/test-governor.ts'
import { at, say, spreadOf } from './figures.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, connections: { type: 'string', default: '5000' } },
})
const LISTS = [undefined, 0, 100, 1_000] as const

const reason = whyNoKernel()
if (reason === undefined) await run()
else say({ result: 'SKIPPED', reason })

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  const program = join(folder, 'connect')
  execFileSync('gcc', ['-O2', '-o', program, fileURLToPath(new URL('connect.c', import.meta.url))])
  const listener = spawn(program, ['0', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = (await once(createInterface(listener.stdout), 'line')) as [string]
    await measure(program, Number(port))
  } finally {
    listener.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(program: string, port: number): Promise<void> {
  await using governor = await TestGovernor.start()
  const medians = new Map<number | undefined, number[]>(LISTS.map((entries) => [entries, []]))
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const entries of LISTS) {
      await using cgroup = new TestCgroup()
      if (entries !== undefined)
        await governor.govern(cgroup, listOf(entries, port), { mode: entries === 0 ? 'monitor' : 'enforce' })
      const { output } = await cgroup.run(program, String(port), values.connections)
      const times = output.trim().split('\n').map(Number)
      if (times.some((time) => time < 0)) throw new Error('a connection was refused')
      medians.get(entries)?.push(
        at(
          times.toSorted((a, b) => a - b),
          0.5,
        ),
      )
      await governor.letGo(cgroup)
    }
  const without = medians.get(undefined) ?? []
  for (const [entries, list] of medians)
    say({
      entries: entries ?? 'no list',
      connectNs: spreadOf(list),
      addedNs: spreadOf(list.map((median, round) => median - (without[round] ?? 0))),
    })
}

/** The destination last, behind others that are next to it. */
function listOf(entries: number, port: number): readonly Allowed[] {
  const others = Array.from({ length: Math.max(0, entries - 1) }, (_, i): Allowed => ({
    address: `127.${1 + (i >> 8)}.${i & 255}.1`,
    prefix: 32,
    port,
    protocol: 'tcp',
  }))
  return entries === 0 ? [] : [...others, { address: '127.0.0.1', prefix: 32, port, protocol: 'tcp' }]
}
