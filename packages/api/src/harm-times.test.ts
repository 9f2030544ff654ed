import { expect, test } from 'vitest'
import { harmTimes } from './harm-times.ts'
import type { StandingWire } from './timeline-routes.ts'

function timesOf(state: StandingWire['harm']['state'], at: string | undefined, acts: object): unknown {
  const harm = { state, words: '', because: [], ...(at === undefined ? {} : { at }) }
  return harmTimes({ harm, clocks: { harm: acts } as StandingWire['clocks'] }) // what is read of them
}

test('the newest act is never told as the beginning: the first stands beside it', () => {
  expect(timesOf('continuing', '90', { first: '10', last: '90' })).toEqual({ kind: 'acts', first: '10', latest: '90' })
  expect(timesOf('unknown', '90', { first: '10', last: '90' })).toEqual({ kind: 'acts', first: '10', latest: '90' })
  expect(timesOf('continuing', '90', { first: '90', last: '90' })).toEqual({ kind: 'acts', latest: '90' })
})

test('a hold, and a probe that got through one, are of their own time', () => {
  expect(timesOf('continuing', '95', { first: '10', last: '90' })).toEqual({ kind: 'since', at: '95' })
  expect(timesOf('stopped', '95', { first: '10', last: '90' })).toEqual({ kind: 'at', at: '95' })
  expect(timesOf('none-seen', undefined, {})).toEqual({ kind: 'none' })
})
