import type { DriftSignalRecord, UnixNano } from '@holdfast/model'
import pino from 'pino'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import type { DriftRound } from './drift-queries.ts'
import { DriftSignals, type DriftSignalsSources } from './drift-signals.ts'

type Risky = DriftRound['agents'][number]['risky'][number]

const AGENT = 'host:h/desk'
const NOW = 0n as UnixNano // a time
/** When the log records what is appended at that time. */
const LATER = 7_000_000n as UnixNano // a time

/** As far as a signal is made of it. */
function risky(id: string, more: Partial<Risky> = {}): Risky {
  const signal = { holds: false, reason: '', entries: [] }
  return {
    id,
    subject: 'egress',
    verdict: 'unexplained',
    severity: 'high',
    what: 'a new address',
    at: '2026-11-21T00:00:00Z',
    signals: { deployment: signal, continuity: signal, bounds: signal },
    entries: [7],
    events: ['7:0'],
    executions: [],
    ...more,
  } as unknown as Risky // no other member is read
}

/** The stream over a log; `round` has it judge what is risky by then, and gives what it said. */
async function streamOn(log: RecordedControls) {
  let found: readonly Risky[] = []
  let version = 0
  const due: (() => void)[] = []
  const folded: (() => void)[] = []
  const filed: (() => void)[] = []
  const asked: object[] = []
  let whileAsked = (): void => undefined
  const views = {
    ask: async (question: string, args: { readonly seen: object }) => {
      if (question === 'listIncidents') return JSON.stringify({ waiting: 0 })
      asked.push(args.seen)
      const agents = [{ agent: AGENT, name: 'desk', version, risky: found }]
      whileAsked()
      return JSON.stringify({ agents, isWhole: true, cursor: 9 } satisfies DriftRound)
    },
    onFolded: (listener: () => void) => {
      folded.push(listener)
      return () => undefined
    },
    onFiled: (listener: () => void) => {
      filed.push(listener)
      return () => undefined
    },
  } as unknown as DriftSignalsSources['views'] // what it is asked is answered above
  const signals = new DriftSignals({
    recorder: {
      appendControl: async (record) => ({ from: log.add(record, LATER) }) as never, // no other member is read
      get size() {
        return log.size()
      },
    },
    reader: log,
    views,
    notices: { tell: () => Promise.resolve() },
    clock: () => NOW,
    later: (_ms, call) => {
      due.push(call)
      return () => undefined
    },
    logger: pino({ level: 'silent' }),
  })
  signals.start()
  return {
    signals,
    /** Which version of whom each round was told it has seen. */
    asked,
    /** An incident is filed while the next rounds are answered. */
    fileMeanwhile: (isSo: boolean) => {
      whileAsked = () => (isSo ? filed.forEach((tell) => tell()) : undefined)
    },
    round: async (...now: readonly Risky[]) => {
      found = now
      version += 1
      const told = Promise.withResolvers<readonly string[]>()
      const stop = signals.onLines((lines) => told.resolve(lines.map(({ signal, state }) => `${signal} ${state}`)))
      for (const tell of folded) tell()
      for (const call of due.splice(0)) call()
      const said = await told.promise
      stop()
      // Its own end comes after that of its listeners.
      await new Promise<void>((resolve) => setImmediate(resolve))
      return said
    },
  }
}

test('a change is told when it opens, when it is judged otherwise, and when it is over, and then anew', async () => {
  const { round } = await streamOn(new RecordedControls())
  expect(await round(risky('a'), risky('b'))).toEqual(['a opened', 'b opened'])
  expect(await round(risky('a'), risky('b'))).toEqual([])
  expect(await round(risky('a', { severity: 'low' }))).toEqual(['a changed', 'b closed'])
  expect(await round(risky('a', { severity: 'low' }), risky('b'))).toEqual(['b opened'])
})

test('what an incident holds is told once, and no more', async () => {
  const { round } = await streamOn(new RecordedControls())
  await round(risky('a'))
  expect(await round(risky('a', { incident: 'inc-1' }))).toEqual(['a in-incident'])
  expect(await round(risky('a', { incident: 'inc-1' }))).toEqual([])
  expect(await round()).toEqual([])
})

test('a server that starts again goes on where the log stopped', async () => {
  const log = new RecordedControls()
  const before = await streamOn(log)
  await before.round(risky('a'), risky('b'))
  await before.round(risky('a'))
  const { signals, round } = await streamOn(log)
  expect(signals.list({}).items.map(({ signal, state }) => `${signal} ${state}`)).toEqual([
    'a opened',
    'b opened',
    'b closed',
  ])
  expect(signals.list({}).items).toEqual(before.signals.list({}).items)
  expect(await round(risky('a'), risky('b'))).toEqual(['b opened'])
  const [first] = log.controls('drift-signal')
  expect(first?.record satisfies DriftSignalRecord | undefined).toMatchObject({ signal: 'a', agent: AGENT })
})

test('an incident that is filed while a round is answered has its agents looked at once more', async () => {
  const { round, asked, fileMeanwhile } = await streamOn(new RecordedControls())
  await round(risky('a'))
  fileMeanwhile(true)
  await round(risky('a'))
  fileMeanwhile(false)
  expect(await round(risky('a', { incident: 'inc-1' }))).toEqual(['a in-incident'])
  await round()
  expect(asked).toEqual([{}, { [AGENT]: 1 }, {}, { [AGENT]: 3 }])
})
