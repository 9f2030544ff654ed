import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { Refresher } from './changes.ts'

/** A query that is on the page, whose answers come when they are given. */
function shown(client: QueryClient, queryKey: readonly unknown[]) {
  const asked: { readonly answer: (text: string) => void; readonly signal: AbortSignal }[] = []
  const queryFn = ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<string>((resolve) => asked.push({ answer: resolve, signal }))
  const observer = new QueryObserver<string>(client, { queryKey, queryFn, retry: false })
  const unsubscribe = observer.subscribe(() => undefined)
  const answer = async (text: string): Promise<void> => {
    asked.at(-1)?.answer(text)
    // The answer goes through promises of its own.
    await new Promise(setImmediate)
  }
  return { asked, answer, unsubscribe, read: () => observer.getCurrentResult().data }
}

test('an answer that takes longer than the log takes to grow comes all the same, and is asked for once more', async () => {
  const client = new QueryClient()
  const slow = shown(client, ['response', 'inc-1', 'scope'])
  const quick = shown(client, ['case', 'inc-1'])
  const still = shown(client, ['proof', 7])
  for (const one of [slow, quick, still]) await one.answer('first')
  const refresher = new Refresher(client)
  expect(refresher.refresh('all')).toBe(false)
  await quick.answer('second')
  // The log grows again and again while the slow one is on its way.
  for (const answer of ['third', 'fourth']) {
    expect(refresher.refresh('all')).toBe(true)
    await quick.answer(answer)
  }
  expect(slow.asked.map(({ signal }) => signal.aborted)).toEqual([false, false])
  await slow.answer('second')
  expect([slow.read(), quick.read()]).toEqual(['second', 'fourth'])
  // What is owed is read again, and nothing else.
  expect(refresher.refresh('owed')).toBe(false)
  expect([slow.asked.length, quick.asked.length, still.asked.length]).toEqual([3, 4, 1])
  await slow.answer('third')
  expect(refresher.refresh('owed')).toBe(false)
  expect(slow.asked).toHaveLength(3)
  for (const one of [slow, quick, still]) one.unsubscribe()
  client.clear()
})
