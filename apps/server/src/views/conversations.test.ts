import { scanOtlp } from '@holdfast/capture'
import { LogReader, ProjectionStore, Recorder } from '@holdfast/recorder'
import { scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { chat, traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { Conversations } from './conversations.ts'
import { foldEntries } from './fold.ts'
import { foldable } from './foldable.ts'
import { traceKeyOf } from './keys.ts'

test('nobody takes the place of a conversation by calling its own like the id of that one', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  using reader = LogReader.open({ folder: folder.path })
  using store = ProjectionStore.open({ folder: folder.path, name: 'workspace', version: 1 })
  const conversations = new Conversations({ reader, store })
  /** The trace of a call that a service makes in a conversation of that name. */
  const told = async (service: string, conversation: string): Promise<string> => {
    await recorder.append(callOf(service, conversation))
    const inputs = [...reader.entries({ from: store.cursor, to: reader.size() })].map(foldable)
    store.apply({ cursor: reader.size(), ...foldEntries(store, inputs) })
    const [event] = inputs.flatMap(({ events }) => events)
    return event === undefined ? expect.fail('a call is an event') : traceKeyOf(event)
  }
  const honest = await told('desk', 'talk')
  await told('thief', 'talk')
  const id = 'talk~host:-/desk'
  expect(conversations.find(id)?.traces).toEqual([honest])
  const taken = await told('thief', id)
  expect(conversations.find(id)?.traces).toEqual([honest])
  expect(conversations.called(id).map(({ traces }) => traces)).toEqual([[honest]])
  expect(conversations.ofTrace(honest)?.doc.id).toBe(id)
  // What the other one did is shown all the same, under an id of its own, and never went by that of the first.
  const other = conversations.ofTrace(taken)
  expect(other?.doc.id).toBe(`${id}~host:-/thief`)
  expect(conversations.find(`${id}~host:-/thief`)?.traces).toEqual([taken])
  expect(other === undefined ? '' : conversations.earlierName(other)).toBeUndefined()
})

/** A call of one model, in a trace of its own. */
function callOf(service: string, conversation: string) {
  const attributes = chat(conversation, { user: 'hello', answer: 'good day' })
  const trace = `${service} in ${conversation}`
  const request = traceRequest({ service, trace, spans: [{ name: 'chat', attributes }] })
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body: Buffer.from(JSON.stringify(request)), arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}
