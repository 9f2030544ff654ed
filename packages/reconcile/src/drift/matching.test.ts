import { expect, test } from 'vitest'
import { matchingChange, type Asking, type RecordedChange } from './matching.ts'

const HOUR = 3_600_000_000_000n
const NOON = 1_790_000_000_000_000_000n
let number = 0

function recorded(change: string, more: Partial<RecordedChange> = {}): RecordedChange {
  number += 1
  const own = { entry: number, event: `e${number}`, at: '2026-09-21T14:13:20Z', time: NOON - HOUR }
  return { change, subject: 'desk', approver: 'k.osei', ...own, ...more }
}

const explains = (changes: readonly RecordedChange[], asking: Asking, ...names: readonly string[]) =>
  matchingChange({ asking, at: NOON, names }, changes)?.change

test('a rollout without parts explains a new tool, and one whose change is a prompt does not', () => {
  const release = recorded('deploy', { to: 'revision 8', changeId: 'REL-1' })
  expect(explains([release], 'tool', 'admin.grant')).toBe('deploy')
  const prompt = recorded('prompt-template', { to: '13', changeId: 'REL-1' })
  expect(explains([release, prompt], 'tool', 'admin.grant')).toBeUndefined()
  expect(explains([release, prompt], 'model', 'open-mirror-7b')).toBeUndefined()
  expect(explains([release, prompt], 'words')).toBe('deploy')
  // A prompt of another change says nothing of this rollout.
  expect(explains([release, { ...prompt, changeId: 'REL-2' }], 'tool', 'admin.grant')).toBe('deploy')
})

test('a catalogue that says which tool it brings explains how that one is used, and no other', () => {
  const brings = recorded('tool-catalogue', { subject: 'tools', to: 'order.status', changeId: 'REL-1' })
  const release = recorded('deploy', { to: 'revision 8', changeId: 'REL-1' })
  for (const asking of ['tool-order', 'tool-arguments', 'sequence'] as const) {
    expect(explains([brings, release], asking, 'ticket.read', 'order.status')).toBe('tool-catalogue')
    expect(explains([brings, release], asking, 'export.write', 'crm.query')).toBeUndefined()
  }
  expect(explains([recorded('tool-catalogue', { to: 'v4' })], 'tool-order', 'export.write')).toBe('tool-catalogue')
})

test('a model that changed explains another order of tools, which a model chooses', () => {
  const model = recorded('model', { to: 'gpt-5.1-mini', changeId: 'REL-1' })
  expect(explains([model, recorded('deploy', { changeId: 'REL-1' })], 'tool-order', 'export.write')).toBeDefined()
})

test('an identity is explained by an approved grant that names it, whatever is rolled out', () => {
  const changes = [recorded('deploy', { changeId: 'REL-1' }), recorded('grant', { to: 'refund-writer' })]
  expect(explains(changes, 'identity', 'refund-writer')).toBe('grant')
  expect(explains(changes, 'identity', 'node-admin')).toBeUndefined()
  expect(
    explains([recorded('grant', { to: 'refund-writer', approver: '' })], 'identity', 'refund-writer'),
  ).toBeUndefined()
})
