import { expect, test } from 'vitest'
import { grantFigures } from './grant-figures.ts'

const nothing = {
  unusedExcess: [],
  inheritedOverreach: [],
  justified: [],
  inScopeAnomalies: [],
  undeclaredUse: [],
  inventoryGaps: [],
}
const row = { positions: [7] }

test('where no grant is known nothing is said, also of what was used', () => {
  expect(grantFigures({ ...nothing, inventoryGaps: [row] }, new Set())).toBeUndefined()
})

test('a grant that is used in another way than before is a grant', () => {
  expect(grantFigures({ ...nothing, inScopeAnomalies: [row] }, new Set())).toEqual({
    exercisedUncovered: 0,
    unusedExcess: 0,
  })
})

test('what is used without a grant counts, but for the acts of the incident; what is idle counts', () => {
  const scope = { ...nothing, justified: [row], unusedExcess: [row, row], inventoryGaps: [row, { positions: [7, 8] }] }
  expect(grantFigures(scope, new Set([7]))).toEqual({ exercisedUncovered: 1, unusedExcess: 2 })
})
