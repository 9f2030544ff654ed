import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startLoader, type Loader } from '../loader/start-loader.ts'
import { loaderPath, whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { OUTSIDE, PORTS, TwoNetworks } from '../testing/two-networks.ts'

const CYCLES = 1_000
const KILLS = 100
const holding = test.skipIf(whyNoKernel() !== undefined)

let holds = ''
beforeEach(() => {
  holds = join('/run', `holdfast-test-${randomBytes(4).toString('hex')}`, 'bpf')
})
afterEach(async () => {
  while (existsSync(join(holds, 'hold-3'))) await delay(20)
  if (existsSync(holds)) execFileSync('/bin/umount', [holds])
  rmSync(join(holds, '..'), { recursive: true, force: true })
})

holding(`${CYCLES} holds and releases leave nothing behind`, async () => {
  await using cgroup = new TestCgroup()
  const loader = await start()
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    await loader.send('allow', 7, 4, '10.0.0.7/32', 443, 'tcp')
    expect(await loader.send('hold', cgroup.id, 'quarantine', 0, 7)).toMatchObject({ ok: true })
    expect(await loader.send('release', cgroup.id)).toMatchObject({ ok: true })
  }
  expect(await loader.send('holds')).toMatchObject({ ok: true, more: { holds: [] } })
  for (const map of ['allowed', 'members', 'refusals']) {
    const words = ['-j', 'map', 'dump', 'pinned', join(holds, 'hold-3', map)]
    expect(JSON.parse(execFileSync('/usr/sbin/bpftool', words, { encoding: 'utf8' }))).toEqual([])
  }
  await loader.stop()
})

holding(`a hold stands through ${KILLS} kills of its loader`, async () => {
  await using networks = await TwoNetworks.start()
  await using cgroup = new TestCgroup()
  await using agent = networks.agent(cgroup)
  let loader = await start()
  await loader.send('hold', cgroup.id, 'quarantine', 0, 0)
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      if (loader.pid !== undefined) process.kill(loader.pid, 'SIGKILL')
      await loader.ended
      expect(await agent.ask(`connect ${OUTSIDE.four}:${PORTS.data}`)).toBe('EPERM')
      loader = await start()
      expect(await agent.ask(`connect ${OUTSIDE.six}:${PORTS.data}`)).toBe('EPERM')
    }
  } finally {
    await loader.send('release', cgroup.id)
    await loader.stop()
  }
})

function start(): Promise<Loader> {
  return startLoader({ path: loaderPath, holds, onRecords: () => {} })
}
