import type { ControlRecord } from '@holdfast/model'
import { finished } from '@holdfast/detect'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { DeedIndex } from './deed-index.ts'

const step = (incident: string): ControlRecord => ({ kind: 'case-step', incident, by: 'ann', deed: { kind: 'opened' } })
const reveal = (target: string): ControlRecord => ({
  kind: 'operator-action',
  action: 'reveal-content',
  by: 'ann',
  target,
  detail: '',
  outcome: 'intended',
})
const note = (annotation: string, id: string): ControlRecord => ({
  kind: 'annotation',
  do: 'set',
  annotation,
  type: 'note',
  subject: { kind: 'incident', id },
  text: 'x',
  edit: 1,
  by: 'ann',
})

test('records are found by whatever of the incident they name, in the order of the log', () => {
  const log = new RecordedControls([
    step('inc-1'),
    reveal('trace abc'),
    step('inc-2'),
    note('n-1', 'inc-1'),
    reveal('log entry 7'),
    { kind: 'annotation', do: 'removed', annotation: 'n-1', by: 'ann' },
  ])
  const index = new DeedIndex(log)
  finished(index.caughtUp())
  expect(index.of(['log entry 7', 'inc-1', 'trace abc'])).toEqual([0, 1, 3, 4])
  expect(index.of(['annotation n-1'])).toEqual([3, 5])
  expect(index.of(['inc-3'])).toEqual([])
})

test('deliveries of a notice stand with the incident that it was of', () => {
  const delivery = (notice: string): ControlRecord => ({
    kind: 'notice',
    do: 'delivery',
    notice,
    channel: 'ops',
    attempt: 1,
    outcome: 'delivered',
    detail: '',
  })
  const told: ControlRecord = { kind: 'notice', do: 'told', notice: { id: 'a', incident: 'inc-1' }, channels: ['ops'] }
  const index = new DeedIndex(new RecordedControls([told, delivery('a'), delivery('b')]))
  finished(index.caughtUp())
  expect(index.of(['inc-1'])).toEqual([0, 1])
})

test('what was read is not read again, and two that read at the same time find the same', () => {
  const log = new RecordedControls([step('inc-1'), step('inc-1')])
  const index = new DeedIndex(log)
  const [one, other] = [index.caughtUp(), index.caughtUp()]
  one.next()
  finished(other)
  finished(one)
  expect(index.of(['inc-1'])).toEqual([0, 1])
  const before = log.read
  log.add(step('inc-1'))
  finished(index.caughtUp())
  expect(log.read).toBe(before + 1)
  expect(index.of(['inc-1'])).toEqual([0, 1, 2])
})
