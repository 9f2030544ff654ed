import type { BomChangeWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { sarifOf } from './sarif.ts'

const change: BomChangeWire = { change: 'changed', kind: 'tool', name: 'send\u001bmail', proof: [4, 9], tools: [] }

test('every change is a result with a rule of its kind, and names what changed without a control character', () => {
  const sarif = sarifOf('host:-/desk', [change, { ...change, change: 'added', name: 'refund' }, change])
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { rules: [{ id: 'tool/added' }, { id: 'tool/changed' }] } },
        results: [
          {
            ruleId: 'tool/changed',
            locations: [{ logicalLocations: [{ name: 'send␛mail' }] }],
            properties: { proof: [4, 9] },
          },
          { ruleId: 'tool/added', message: { text: 'tool refund added' } },
          { ruleId: 'tool/changed' },
        ],
      },
    ],
  })
})

test('a name makes no link in a message', () => {
  const sarif = sarifOf('host:-/desk', [{ ...change, name: '[click](https://evil.example)\\[x](1)' }])
  expect(sarif).toMatchObject({
    runs: [{ results: [{ message: { text: String.raw`tool \[click\](https://evil.example)\\\[x\](1) changed` } }] }],
  })
})
