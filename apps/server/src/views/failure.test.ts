import { RecorderError } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { failureOf } from './failure.ts'
import { QuestionError } from './view-sources.ts'

test('content that is not attached is told with its place, and is no fault', () => {
  const cold = new RecorderError('cold', 'entry 7 is in cold storage at /archive/a.cold, which is not there')
  expect(failureOf(cold)).toEqual({ status: 409, message: cold.message })
})

test('a question without an answer keeps its status', () => {
  expect(failureOf(new QuestionError(404, 'not found'))).toEqual({ status: 404, message: 'not found' })
})

test('damage and faults are told to the log with their stack', () => {
  const corrupt = new RecorderError('corrupt', 'entry 7 does not open')
  expect(failureOf(corrupt)).toEqual({ status: 500, message: corrupt.stack })
  expect(failureOf('thrown')).toEqual({ status: 500, message: 'unknown fault' })
})
