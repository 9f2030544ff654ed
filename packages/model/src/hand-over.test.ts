import { expect, test } from 'vitest'
import { judgeHandOver, type EndProof } from './hand-over.ts'
import type { Roster } from './roster.ts'

function entry(agent: string, peers: readonly string[], state: 'active' | 'retired' = 'active') {
  const rest = { owner: 'ann', version: '1', key: '', class: 'support', dataClasses: [] }
  return { agent, peers, state, ...rest }
}
const agents = [
  entry('desk', ['billing']),
  entry('billing', ['desk']),
  entry('mail', ['desk']),
  entry('old', ['desk'], 'retired'),
]
const judged = (
  mode: Roster['mode'],
  [from, to]: readonly [string, string],
  [fromProof, toProof]: readonly [EndProof, EndProof] = ['proven', 'proven'],
) => judgeHandOver({ mode, agents }, { from, to }, { from: fromProof, to: toProof })

test('proven peers of each other hand over', () => {
  expect(judged('closed', ['desk', 'billing'])).toEqual({ status: 'allowed' })
  expect(judged('closed', ['billing', 'desk'])).toEqual({ status: 'allowed' })
})

test('a peer that only one end has on its list is outside, refused or reported by mode', () => {
  const reasons = ['mail is no peer of desk']
  expect(judged('closed', ['desk', 'mail'])).toEqual({ status: 'refused', fault: 'outside-peers', reasons })
  expect(judged('closed', ['mail', 'desk'])).toEqual({ status: 'refused', fault: 'outside-peers', reasons })
  expect(judged('open', ['desk', 'mail'])).toEqual({ status: 'reported', fault: 'outside-peers', reasons })
})

test('a borne name and a retired one are refused though the roster is open; what is only unproven is reported', () => {
  expect(judged('open', ['desk', 'billing'], ['proven', 'wrong-key'])).toMatchObject({
    status: 'refused',
    fault: 'impersonation',
  })
  expect(judged('open', ['desk', 'billing'], ['wrong-key', 'proven'])).toMatchObject({ fault: 'impersonation' })
  expect(judged('open', ['old', 'desk'])).toMatchObject({ status: 'refused', fault: 'retired' })
  expect(judged('open', ['desk', 'billing'], ['proven', 'unproven'])).toMatchObject({
    status: 'reported',
    fault: 'unproven',
  })
  expect(judged('closed', ['ghost', 'desk'])).toMatchObject({ status: 'refused', fault: 'outside-peers' })
})

test('the gravest fault names the hand-over and all reasons are told', () => {
  expect(judged('closed', ['desk', 'mail'], ['wrong-key', 'unproven'])).toEqual({
    status: 'refused',
    fault: 'impersonation',
    reasons: [
      'who bears the name desk does not hold its key',
      'mail did not prove its name with the key of the roster',
      'mail is no peer of desk',
    ],
  })
})

test('an empty roster holds nothing against anybody', () => {
  const nobody = judgeHandOver(
    { mode: 'closed', agents: [] },
    { from: 'a', to: 'b' },
    { from: 'unproven', to: 'unproven' },
  )
  expect(nobody).toEqual({ status: 'allowed' })
})
