import { randomUUID } from 'node:crypto'
import { chatSpan, type SimulatedExecution, type SimulatedSpan, toolSpan } from '../../histories/otlp-line.ts'
import { seededRandom } from '../../histories/random.ts'
import { objectRecord } from '../cloud/bucket.ts'
import { dayBefore, historyHeader, quietDays } from '../quiet-days.ts'
import type { Past } from '../scenario.ts'
import type { Workload } from '../stage.ts'

export const BATCH_EXTRACTOR: Workload = {
  namespace: 'docs',
  deployment: 'batch-extractor',
  pod: 'batch-extractor-68d9c7f5b4-k6t2w',
}
const QUIET_DAYS = 42
const HOUR_MS = 3_600_000
const BATCHES = 3

/** A session of the role that the agent was given. */
export function ownSession({ account, run }: Past['cast'], end: string): string {
  return `arn:aws:sts::${account}:assumed-role/batch-extractor/batch-${run}-${end}`
}

/** A session of the role of the node that it runs on: whoever runs there may have it. */
export function nodeSession({ account, run }: Past['cast']): string {
  return `arn:aws:sts::${account}:assumed-role/node-blue/batch-${run}-now`
}

/** Six weeks of nightly runs, each of which writes a few batches of texts into its own bucket. */
export function* batchHistory(past: Past): Generator<string> {
  yield historyHeader('batch-extractor')
  yield* quietDays(past, {
    workload: BATCH_EXTRACTOR,
    pods: [BATCH_EXTRACTOR.pod ?? ''],
    days: QUIET_DAYS,
    behaviour: (at, random, number) => night(at, { random, session: ownSession(past.cast, `${number}`) }),
  })
  const random = seededRandom(past.seed + 9)
  for (let day = QUIET_DAYS; day >= 1; day -= 1)
    for (let batch = 1; batch <= BATCHES; batch += 1)
      yield objectRecord({
        at: dayBefore(past, day) + HOUR_MS + Math.floor(random() * HOUR_MS),
        account: past.cast.account,
        session: ownSession(past.cast, `${day}`),
        id: randomUUID(),
        bucket: 'intake',
        key: `batch-${batch}/text.json`,
        isWrite: true,
        bytes: 40_000,
      })
}

/** As in every run, it says first as whom it acts. */
function night(
  at: number,
  { random, session }: { readonly random: () => number; readonly session: string },
): SimulatedExecution {
  const chat = chatSpan('gpt-5-mini', { after: 0, random })
  const identity = { 'holdfast.identity.principal': session, 'holdfast.identity.kind': 'role' }
  const spans: SimulatedSpan[] = [{ ...chat, attributes: { ...chat.attributes, ...identity } }]
  for (let batch = 1; batch <= BATCHES; batch += 1) {
    const objects = 20 + Math.floor(random() * 12)
    spans.push(toolSpan('extract.write', { bucket: 'intake', batch, objects }, batch * 3))
  }
  return { at, spans }
}
