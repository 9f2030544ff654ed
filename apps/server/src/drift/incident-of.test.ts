import { scanOtlp } from '@holdfast/capture'
import { LogReader, ProjectionStore, Recorder } from '@holdfast/recorder'
import { scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { chat, traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Conversations } from '../views/conversations.ts'
import { foldEntries } from '../views/fold.ts'
import { foldable } from '../views/foldable.ts'
import { traceKeyOf } from '../views/keys.ts'
import { incidentOfExecutions } from './incident-of.ts'

test('an incident holds what its conversation did also once another agent uses its name', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  using reader = LogReader.open({ folder: folder.path })
  using store = ProjectionStore.open({ folder: folder.path, name: 'workspace', version: 1 })
  const conversations = new Conversations({ reader, store })
  const toldBy = async (service: string): Promise<string> => {
    await recorder.append(conversationOf(service))
    const inputs = [...reader.entries({ from: store.cursor, to: reader.size() })].map(foldable)
    store.apply({ cursor: reader.size(), ...foldEntries(store, inputs) })
    const [event] = inputs.flatMap(({ events }) => events)
    return event === undefined ? expect.fail('a call is an event') : traceKeyOf(event)
  }
  const heldIn = (conversation: string | undefined, trace: string): string | undefined =>
    incidentOfExecutions([{ id: 'inc-1', conversations: [conversation ?? ''] }], conversations, [trace])
  const desk = await toldBy('desk')
  expect(heldIn('talk', desk)).toBe('inc-1')
  const other = await toldBy('other')
  const [own, borrowed] = [desk, other].map((trace) => conversations.ofTrace(trace)?.doc.id)
  expect(own).toMatch(/^talk~host:/)
  expect(heldIn(own, desk)).toBe('inc-1')
  expect(heldIn(own, other)).toBeUndefined()
  expect(heldIn(borrowed, other)).toBe('inc-1')
})

/** A call of one model in the conversation `talk`, in a trace of the service's own. */
function conversationOf(service: string) {
  const attributes = chat('talk', { user: 'hello', answer: 'good day' })
  const request = traceRequest({ service, trace: service, spans: [{ name: 'chat', attributes }] })
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body: Buffer.from(JSON.stringify(request)), arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}
