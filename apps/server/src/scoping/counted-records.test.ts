import { expect, test } from 'vitest'
import { recordsIn } from './counted-records.ts'

test.each([
  ['{"set":"members","page":1,"count":200}', 200],
  ['[{"id":1},{"id":2}]', 2],
  ['{"rows":[1,2,3],"rowCount":2400}', 2400],
  ['{"content":[{"type":"text","text":"{\\"count\\":7}"}]}', 7],
  ['[{"type":"text","text":"[1,2]"}]', 2],
  ['"{\\"records\\":12}"', 12],
  ['{"result":{"items":[]}}', 0],
])('%s holds %i records', (text, records) => {
  expect(recordsIn(text)).toBe(records)
})

test.each(['three records', '{"noted":27}', '[{"type":"text","text":"done"}]', '{"count":-1}', '{', '{"count":1e400}'])(
  'nobody counted what %s holds',
  (text) => {
    expect(recordsIn(text)).toBeUndefined()
  },
)
