import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, type ControlRecordOf, type DemoRecord, type LogEntry } from '@holdfast/model'
import { ProjectionStore } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { FOLD_BATCH_ENTRIES } from '../limits.ts'
import { FoldTurns } from '../views/fold-turn.ts'
import { RemovedDemos } from './removed-demos.ts'

const STORY = { name: 'refund-agent', cluster: 'refund-agent-a1b2c3', account: '123456789012' }
const BEGAN: DemoRecord = { demo: 'a1b2c3', by: 'token', deed: { do: 'began', stories: [STORY] } }
const REMOVED: DemoRecord = {
  demo: 'a1b2c3',
  by: 'token',
  deed: { do: 'removed', agents: [], incidents: [], entries: 1, keys: 1 },
}

/** A log of entries, each of an agent or a record of a demo. */
function logOf(items: readonly (string | DemoRecord)[]) {
  const entries = items.map(
    (item, index) =>
      ({
        index,
        recordedAt: 1n,
        bodyDigest: 'a'.repeat(64),
        body: typeof item === 'string' ? undefined : Buffer.from(canonicalJson({ kind: 'demo', ...item })),
        masks: [],
        envelope: {
          channel: typeof item === 'string' ? 'otlp' : 'control',
          encoding: typeof item === 'string' ? 'otlp-span-json' : 'control-json',
          agent: typeof item === 'string' ? item : 'host:-/holdfast',
          agentName: 'x',
          clock: 'live',
        },
      }) as unknown as LogEntry, // every field that the reading of an erased entry and of a control record touches
  )
  const records = items.flatMap((item, index) =>
    typeof item === 'string'
      ? []
      : [
          {
            index,
            recordedAt: 1n as LogEntry['recordedAt'],
            record: { kind: 'demo', ...item } as ControlRecordOf<'demo'>,
          },
        ],
  )
  return {
    records,
    size: () => entries.length,
    *entries({ from, to }: { readonly from: number; readonly to: number }) {
      yield* entries.slice(from, to)
    },
  }
}

/** Folds a log to its end into a store that may hold something already; what was folded, by agent, and how often it was emptied. */
function fold(log: ReturnType<typeof logOf>, { cursor = 0 }: { readonly cursor?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-removed-'))
  try {
    using store = ProjectionStore.open({ folder, name: 'agents', version: 1 })
    if (cursor > 0) store.apply({ cursor, puts: [] })
    let seen: string[] = []
    const projection = {
      name: 'agents',
      version: 1,
      fold: (_store: unknown, inputs: readonly { readonly entry: LogEntry }[]) => {
        for (const { entry } of inputs) if (entry.envelope.channel !== 'control') seen.push(entry.envelope.agent)
        return { puts: [], deletes: [] }
      },
    }
    const removed = new RemovedDemos({ records: log.records, before: cursor })
    const turns = new FoldTurns(log, [{ projection, store }], removed)
    let emptied = 0
    for (let turn = turns.turn(); turn.read > 0 || turn.isCleared; turn = turns.turn())
      if (turn.isCleared) {
        emptied += 1
        seen = []
      }
    return { seen, emptied, cursor: store.cursor }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const DEMO_AGENT = `k8s:${STORY.cluster}/payments/refund-agent`
const ROLE = `host:aws ${STORY.account}/assumed-role/refund-writer`
const OWN = 'k8s:prod/payments/refund-agent'

test('a removal takes a demo out of what was folded before it, and leaves all else', () => {
  const log = logOf([OWN, BEGAN, DEMO_AGENT, OWN, ROLE, REMOVED, OWN])
  expect(fold(log)).toEqual({ seen: [OWN, OWN, OWN], emptied: 1, cursor: 7 })
})

test('a demo that stands is folded', () => {
  expect(fold(logOf([BEGAN, DEMO_AGENT, ROLE]))).toEqual({ seen: [DEMO_AGENT, ROLE], emptied: 0, cursor: 3 })
})

test('what was folded after the removal is not folded anew at the next start', () => {
  const log = logOf([BEGAN, DEMO_AGENT, REMOVED, OWN, DEMO_AGENT, OWN])
  expect(fold(log, { cursor: 4 })).toEqual({ seen: [OWN], emptied: 0, cursor: 6 })
})

test('a start between the record of a removal and its folding empties what was folded', () => {
  const log = logOf([OWN, BEGAN, DEMO_AGENT, REMOVED])
  expect(fold(log, { cursor: 3 })).toEqual({ seen: [OWN], emptied: 1, cursor: 4 })
})

test('an agent that was heard under such a name before the demo began is none of it', () => {
  expect(fold(logOf([DEMO_AGENT, BEGAN, DEMO_AGENT, REMOVED])).seen).toEqual([DEMO_AGENT])
})

test('a removal of a demo that never began hides nothing', () => {
  expect(fold(logOf([DEMO_AGENT, REMOVED])).seen).toEqual([DEMO_AGENT])
})

test('more removed entries than a batch holds are passed over in turns that end', () => {
  const many = Array.from({ length: FOLD_BATCH_ENTRIES * 2 + 5 }, () => DEMO_AGENT)
  expect(fold(logOf([BEGAN, ...many, OWN, REMOVED]))).toMatchObject({ seen: [OWN], cursor: many.length + 3 })
})
