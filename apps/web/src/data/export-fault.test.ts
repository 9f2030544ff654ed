import { ApiError } from '@holdfast/api'
import { expect, test } from 'vitest'
import { exportFault } from './export-fault.ts'

test.each([
  [new ApiError(403, 'this takes the role analyst'), 'this takes the role analyst'],
  [new ApiError(0, 'no answer from the server'), 'no answer from the server'],
  [new ApiError(400, 'no field \u202eevil'), 'no field ⟨RLO⟩evil'],
  [new ApiError(500, 'a fault'), 'the server could not make it: its log has the reason'],
  [new TypeError('a stream broke'), 'the file could not be saved'],
])('%s is told as %j', (error, said) => {
  expect(exportFault(error)).toBe(said)
})
