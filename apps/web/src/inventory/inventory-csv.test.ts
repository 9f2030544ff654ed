import { expect, test } from 'vitest'
import { changesCsv, risksCsv } from './inventory-csv.ts'

test('a name that a spreadsheet would run is quoted, and one with a comma stays one cell', () => {
  const after = { kind: 'tool', name: '=cmd|calc, "x"' }
  const text = changesCsv([{ change: 'added', kind: 'tool', name: after.name, after, proof: [1, 2], tools: [] }])
  expect(text.split('\r\n')[1]).toBe(`,added,tool,,"'=cmd|calc, ""x""",,,,1 2`)
})

test('a risk without a control says none', () => {
  const row = {
    agent: 'a',
    agentName: 'a',
    risk: 'tool' as const,
    kind: 'tool',
    name: 'drop',
    first: '',
    last: '',
    current: false,
    proof: [4],
    controls: [],
  }
  expect(risksCsv([row]).split('\r\n')[1]).toBe('a,tool,tool,drop,no longer,,,none,,4')
})
