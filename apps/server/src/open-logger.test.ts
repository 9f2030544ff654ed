import { RecorderError } from '@holdfast/recorder'
import { expect, test } from 'vitest'
import { openLogger } from './open-logger.ts'
import { ViewError } from './views/client.ts'

function lines(level: string, err: unknown): readonly string[] {
  const said: string[] = []
  const logger = openLogger(level, { write: (line) => void said.push(line) })
  logger.warn({ err }, 'a part could not look')
  logger.error({ err }, 'a part could not write')
  return said
}

const end = new ViewError(503, 'the server is ending', { isEnding: true })
const closed = new RecorderError('closed', 'the recorder is closed')

test.each([
  ['projections that end with the server', end],
  ['a recorder that is closed', closed],
  ['both of them', new AggregateError([end, closed])],
])('%s are told at debug alone', (_, error) => {
  expect(lines('warn', error)).toEqual([])
  expect(lines('debug', error).map((line) => (JSON.parse(line) as { readonly level: number }).level)).toEqual([20, 20])
})

test.each([
  ['a projection that broke', new ViewError(503, 'the projection stopped')],
  ['a recorder that cannot write', new RecorderError('unavailable', 'no space left')],
  ['an end with a fault beside it', new AggregateError([end, new Error('no such file')])],
  ['errors that hold none', new AggregateError([])],
])('%s is told as what it is', (_, error) => {
  expect(lines('warn', error).map((line) => (JSON.parse(line) as { readonly level: number }).level)).toEqual([40, 50])
})
