import { CONTROL_AGENT, type EventSummary } from '@holdfast/model'
import { isLess } from '../views/decimal-order.ts'
import type { FoldInput } from '../views/fold-input.ts'
import type { FoldOutput, KeyReader } from '../views/fold.ts'
import { encode, type ChangeDoc, type MarkDoc } from './docs.ts'
import { keys } from './keys.ts'
import { CLOCK_NANOS } from './limits.ts'
import { ProfileBatch } from './profile-batch.ts'

/**
 * Folds entries into profiles: a pure function, the same in whatever order entries arrive, log positions and recorded times
 * apart. Marks are kept beside what they cover and applied when it is read, so that they can be lifted.
 */
export function foldProfiles(reader: KeyReader, inputs: readonly FoldInput[]): FoldOutput {
  const batch = new ProfileBatch(reader)
  for (const input of inputs) foldEntry(batch, input)
  return batch.output()
}

function foldEntry(batch: ProfileBatch, { entry, events, observations }: FoldInput): void {
  const { agent, agentName, clock } = entry.envelope
  for (const [ordinal, event] of events.entries()) foldEvent(batch, event, ordinal)
  if (agent === CONTROL_AGENT || observations.length === 0) return
  const doc = batch.agent(agent, agentName)
  if (agentName < doc.name) doc.name = agentName
  if (!doc.clocks.includes(clock)) doc.clocks = [...doc.clocks, clock].toSorted()
  for (const observation of observations) {
    const { claimedAt } = observation
    if (claimedAt === 0n) {
      doc.untimed += 1
      continue
    }
    // Only a batch may claim another time than ours: a live source whose clock is wrong must not make days up.
    if (clock === 'live' && distance(claimedAt, entry.recordedAt) > CLOCK_NANOS) {
      doc.outOfTime += 1
      continue
    }
    if (observation.kind !== 'value') doc.observations += 1
    const time = claimedAt.toString()
    if (doc.firstClaimed === '' || isLess(time, doc.firstClaimed)) doc.firstClaimed = time
    if (doc.lastClaimed === '' || isLess(doc.lastClaimed, time)) doc.lastClaimed = time
    doc.version = Math.max(doc.version, entry.index + 1)
    batch.add(agent, observation)
  }
}

function foldEvent(batch: ProfileBatch, event: EventSummary, ordinal: number): void {
  const { body, agent, context } = event
  if (body.kind === 'control') foldMark(batch, event)
  else if (body.kind === 'change') {
    const { kind: _kind, approver: _approver, ...change } = body
    const doc: ChangeDoc = { ...change, claimedAt: event.claimedAt.toString(), entry: event.entry }
    batch.addChange(agent, `${body.change} ${body.changeId ?? `${event.claimedAt} ${event.id} ${ordinal}`}`, doc)
  } else if (body.kind === 'dns' && body.action === 'answer')
    for (const answer of body.answers) batch.addName(agent.id, answer, body.name)
  if (event.source.tier === 'kernel' && context.process !== undefined && context.isSetup !== true)
    batch.addProcess(agent, context.process, body)
}

function foldMark(batch: ProfileBatch, { body, entry, recordedAt }: EventSummary): void {
  if (body.kind !== 'control' || body.record.kind !== 'profile-mark') return
  const { kind: _kind, agent, ...mark } = body.record
  batch.put(keys.mark(agent, entry), encode({ ...mark, entry, recordedAt: recordedAt.toString() } satisfies MarkDoc))
  const profile = batch.agent(agent, agent)
  profile.version = Math.max(profile.version, entry + 1)
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a
}
