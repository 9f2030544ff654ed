import { expect, test } from 'vitest'
import { changesCsv } from './inventory-csv.ts'

test('a name that a spreadsheet would run is quoted, and one with a comma stays one cell', () => {
  const after = { kind: 'tool', name: '=cmd|calc, "x"' }
  const text = changesCsv([{ change: 'added', kind: 'tool', name: after.name, after, proof: [1, 2], tools: [] }])
  expect(text.split('\r\n')[1]).toBe(`,added,tool,,"'=cmd|calc, ""x""",,,,1 2`)
})
