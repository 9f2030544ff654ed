import type { ControlRecord } from '@holdfast/model'
import { expect, test } from 'vitest'
import { RecordedControls } from '../testing/recorded-controls.ts'
import { erasedTexts } from './erasures.ts'

function act(target: string, more: Partial<ControlRecord & { readonly kind: 'operator-action' }> = {}): ControlRecord {
  return {
    kind: 'operator-action',
    action: 'erase-content',
    by: 'ann',
    target,
    detail: '',
    outcome: 'done',
    ...more,
  }
}

test('an erasure is of the agent that it names, not of one whose name begins so', () => {
  const reader = new RecordedControls([
    act('host:h/desk content default', { outcome: 'intended' }),
    act('host:h/desk content default'),
    act('host:h/desk two content default'),
    act('host:h/desk content default', { action: 'reveal-content' }),
  ])
  expect(erasedTexts(reader).map(({ agent, entry }) => [agent, entry])).toEqual([
    ['host:h/desk', 1],
    ['host:h/desk two', 2],
  ])
})
