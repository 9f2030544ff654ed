import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { endOfStarter, interruption } from './interruption.ts'
import { SAME_INTERRUPTION_MS } from './limits.ts'

/** A process whose signals are told at times of our own; those that it ends itself with are kept. */
function started() {
  const events = new EventEmitter<{ SIGINT: ['SIGINT']; SIGTERM: ['SIGTERM'] }>()
  const endedBy: string[] = []
  let nowMs = 0
  const signal = interruption(
    {
      pid: 7,
      on: (name, listener) => events.on(name as 'SIGINT', listener),
      off: (name, listener) => events.off(name as 'SIGINT', listener),
      kill: (pid, name) => endedBy.push(`${pid} ${name}`),
    },
    () => nowMs,
  )
  const tell = (name: 'SIGINT' | 'SIGTERM', atMs: number): void => {
    nowMs = atMs
    events.emit(name as 'SIGINT', name as 'SIGINT')
  }
  return { signal, endedBy, tell }
}

test('the first signal asks, and what arrives with it is the same Ctrl-C', () => {
  const { signal, endedBy, tell } = started()
  expect(signal.aborted).toBe(false)
  tell('SIGINT', 5)
  expect([signal.aborted, signal.reason]).toEqual([true, 'SIGINT'])
  tell('SIGINT', 6)
  tell('SIGTERM', 5 + SAME_INTERRUPTION_MS - 1)
  expect(endedBy).toEqual([])
})

test('a signal of somebody who has waited ends the process as it would have without us', () => {
  const { endedBy, tell } = started()
  tell('SIGINT', 5)
  tell('SIGTERM', 5 + SAME_INTERRUPTION_MS)
  expect(endedBy).toEqual(['7 SIGTERM'])
  tell('SIGTERM', 6 + SAME_INTERRUPTION_MS)
  expect(endedBy).toEqual(['7 SIGTERM'])
})

test('the end of who started it over a channel asks once, and nobody listens any more once it is disposed of', () => {
  const events = new EventEmitter<{ disconnect: [] }>()
  const { signal, ...starter } = endOfStarter(events)
  expect(signal.aborted).toBe(false)
  events.emit('disconnect')
  expect([signal.aborted, signal.reason]).toEqual([true, 'the end of who started it'])
  const other = endOfStarter(events)
  other[Symbol.dispose]()
  starter[Symbol.dispose]()
  events.emit('disconnect')
  expect([other.signal.aborted, events.listenerCount('disconnect')]).toEqual([false, 0])
})
