import { expect, test } from 'vitest'
import { statedOf } from './stated.ts'

function stated(words: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  return statedOf(Object.keys(words), (agent, field) => words[agent]?.[field])
}

test('of two agents one that serves is enough to be live, and one that may not be restarted is enough', () => {
  expect(stated({ a: { live: 'no', restartable: 'yes' }, b: { live: 'yes', restartable: 'no' } })).toMatchObject({
    isLive: true,
    isRestartable: false,
  })
})

test('what is said of one agent and not of the other is not known of both', () => {
  expect(stated({ a: { live: 'no', 'harm-reversible': 'yes' }, b: {} })).toMatchObject({
    isLive: 'unknown',
    isReversible: 'unknown',
  })
})

test('where lives depend on an agent and nobody said that the takeover works, it was not tried', () => {
  expect(stated({ a: { 'life-safety': 'yes' } }).lifeSafety).toEqual({ kind: 'yes', takeover: 'not-tried' })
  expect(stated({ a: { 'life-safety': 'yes', takeover: 'working' } }).lifeSafety).toEqual({
    kind: 'yes',
    takeover: 'working',
  })
  expect(stated({ a: { 'life-safety': 'no' } }).lifeSafety).toEqual({ kind: 'no' })
  expect(stated({ a: {} }).lifeSafety).toBeUndefined()
})
