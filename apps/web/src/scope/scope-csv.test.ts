import type { ScopeRowWire, ScopeWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import { scopeCsv } from './scope-csv.ts'

const ROW: ScopeRowWire = {
  id: '1',
  category: 'unused-excess',
  grant: {
    plane: 'aws',
    principal: 'p',
    action: '=cmd()',
    resources: ['a', 'b'],
    except: [],
    path: 'direct',
    via: [],
    source: 'policy "x"',
    statement: 's',
    conditions: [],
    limitedBy: [],
  },
  evidence: { document: { document: 'd', format: 'f', entry: 4 }, uses: 0, positions: [], caveats: [] },
  remedy: { text: 'remove it' },
}

test('each row names its category, and no cell is a formula', () => {
  const none = { justified: [], undeclaredUse: [], inScopeAnomalies: [], undetermined: [], withoutEffect: [] }
  const scope = {
    unusedExcess: [ROW],
    inheritedOverreach: [{ ...ROW, category: 'inherited-overreach' }],
    ...none,
  } as unknown as ScopeWire // the lists are all that is read
  const lines = scopeCsv(scope).trimEnd().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toBe(`unused-excess,aws,p,'=cmd(),a b,,direct,,"policy ""x""",s,d,4,0,,,remove it`)
  expect(lines[2]?.startsWith('inherited-overreach,')).toBe(true)
})
