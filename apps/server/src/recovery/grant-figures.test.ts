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
const row = { uses: 1, positions: [7] }
const isOwn = (position: number) => position === 7

test('where no grant is known nothing is said, also of what was used', () => {
  expect(grantFigures({ ...nothing, inventoryGaps: [row] }, () => false)).toBeUndefined()
})

test('a grant that is used in another way than before is a grant', () => {
  expect(grantFigures({ ...nothing, inScopeAnomalies: [row] }, () => false)).toEqual({
    exercisedUncovered: 0,
    unusedExcess: 0,
  })
})

test('what is used without a grant counts, but for the acts of the incident; what is idle counts', () => {
  const scope = {
    ...nothing,
    justified: [row],
    unusedExcess: [row, row],
    inventoryGaps: [row, { uses: 2, positions: [7, 8] }],
  }
  expect(grantFigures(scope, isOwn)).toEqual({ exercisedUncovered: 1, unusedExcess: 2 })
  // Whose the other use was is not known.
  const more = { ...scope, inventoryGaps: [{ uses: 2, positions: [7] }] }
  expect(grantFigures(more, isOwn)).toEqual({ exercisedUncovered: 1, unusedExcess: 2 })
})
