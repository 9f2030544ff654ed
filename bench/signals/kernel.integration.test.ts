import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kernelSignals } from '@holdfast/detect'
import { SENSITIVE_PATHS, type Event, type Signal } from '@holdfast/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TECHNIQUES } from '../../sensor/src/escapes/techniques.ts'
import { startTries, type Tries } from '../../sensor/src/escapes/tried.ts'
import { WATCH_FLAG } from '../../sensor/src/loader/record-layout.ts'
import { eventsOf } from '../../sensor/src/testing/events.ts'
import { whyNoKernel } from '../../sensor/src/testing/root.ts'
import { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'
import { Watching } from '../../sensor/src/testing/watching.ts'
import { eventsOfFile } from './read-events.ts'
import { WORKLOADS } from './workloads.ts'

/** Ways that the sensor sees and that say nothing by themselves, with the reason. */
const SILENT: ReadonlyMap<string, string> = new Map([['double-fork', 'every daemon loses its parents in the same way']])

/** Ways whose acts ordinary programs also do: they colour a chain, and make none by themselves. */
const HINTS: ReadonlySet<string> = new Set([
  'service-account-token',
  'metadata-address',
  'clone-into-cgroup',
  'ld-preload',
  'loader-exec',
  'user-namespace',
  'keyctl',
  'x32-call',
  'userfaultfd',
  'perf-event',
])

/** From here on a signal stands by itself. */
const STANDS = 0.5

type Standing = 'silent' | 'hint' | 'signal'

function standingOf(name: string): Standing {
  return SILENT.has(name) ? 'silent' : HINTS.has(name) ? 'hint' : 'signal'
}

function standing(signals: readonly Signal[]): Standing {
  const strongest = Math.max(0, ...signals.map(({ strength }) => strength))
  return strongest >= STANDS ? 'signal' : strongest > 0 ? 'hint' : 'silent'
}

const reason = whyNoKernel()

describe.skipIf(reason !== undefined)(`signals of real acts (${reason ?? 'with kernel programs'})`, () => {
  let tries: Tries
  let watching: Watching
  beforeAll(async () => {
    tries = await startTries()
    watching = await Watching.start()
    for (const { prefix } of SENSITIVE_PATHS) await watching.command('sensitive', 'add', prefix)
  })
  afterAll(async () => {
    tries.end()
    await watching[Symbol.asyncDispose]()
  })

  test.for(
    TECHNIQUES.filter(({ status }) => status === 'seen').map((one) => ({ ...one, expected: standingOf(one.name) })),
  )('$name: $expected', async ({ name, needsAllOpens, expected }, { skip }) => {
    await using inside = new TestCgroup()
    await using outside = new TestCgroup()
    await watching.command('watch', inside.id, WATCH_FLAG.descend | (needsAllOpens === true ? WATCH_FLAG.allOpens : 0))
    const output = await tries.attempt(name, inside, outside)
    if (output.includes('unavailable')) return skip('this kernel lacks what the way needs')
    await watching.command('syscalls', inside.id)
    const signals = kernelSignals(await eventsOf(watching, inside.id))
    expect(standing(signals), JSON.stringify(signals.map(({ words }) => words))).toBe(expected)
  })

  test.for(Object.entries(WORKLOADS))('%s raises nothing', async ([, command]) => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-workload-'))
    try {
      await using cgroup = new TestCgroup()
      await watching.command('watch', cgroup.id, WATCH_FLAG.descend)
      const { code, output } = await cgroup.run('/bin/sh', '-c', `cd ${folder} && ${command}`)
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
      await watching.command('syscalls', cgroup.id)
      const events = await eventsOf(watching, cgroup.id)
      expect(events.length).toBeGreaterThan(3)
      expect(kernelSignals(events).map(({ detector, words }) => `${detector}: ${words}`)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** Public events of Tetragon, which are not part of this repository. */
const DATA = join(import.meta.dirname, '../../../shared/data/tetragon')

describe.skipIf(!existsSync(DATA))(
  'public events of Tetragon (skipped where ../shared/data/tetragon is absent)',
  () => {
    const eventsIn = (pattern: string): readonly Event[] =>
      globSync(pattern, { cwd: DATA }).flatMap((file) => eventsOfFile(file, readFileSync(join(DATA, file))))

    test('the guided escape is told by its entry into the namespaces of the host', () => {
      const signals = kernelSignals(eventsIn('03_*/**/*.json'))
      expect(signals.map(({ detector }) => detector)).toContain('kernel/namespace-entry')
    })

    test('ordinary requests, listeners and an editor raise nothing', () => {
      const events = [...eventsIn('00_four_golden_signals/*.json'), ...eventsIn('testdata-events.json')]
      expect(events.length).toBeGreaterThan(5)
      expect(kernelSignals(events)).toEqual([])
    })

    test('of the documentation, entering the host’s namespaces and loading unsigned code are told, and nothing else', () => {
      const events = eventsIn('docs-markdown-events.jsonl')
      expect(events.length).toBe(18)
      const detectors = kernelSignals(events).map(({ detector }) => detector)
      expect([...new Set(detectors)].toSorted()).toEqual(['kernel/module-load', 'kernel/namespace-entry'])
    })
  },
)
