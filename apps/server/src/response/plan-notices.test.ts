import type { UnixNano } from '@holdfast/model'
import { expect, test } from 'vitest'
import { impossibleLines } from './impossible.ts'
import { nothingPlanned } from './plan-notices.ts'

test('why nobody could do anything is told line by line, as the refusal says it', () => {
  const lines = [
    'nothing would be done on pause',
    ...impossibleLines([
      { why: 'nothing of desk runs', what: ['hold desk'] },
      { why: 'nobody is connected who can do it', what: ['cordon the node', 'hold the pod'] },
    ]),
  ]
  const told = nothingPlanned('inc-1', { why: lines.join('\n'), rungAt: 0, thought: '[]' }, 7n as UnixNano) // a time
  expect(told).toMatchObject({ kind: 'plan-failed', incident: 'inc-1', path: '/incidents/inc-1', at: 7n })
  expect(told.lines).toEqual([
    'nothing would be done on pause',
    'hold desk: nothing of desk runs',
    'nobody is connected who can do it:',
    '- cordon the node',
    '- hold the pod',
  ])
})
