import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldNames } from './field-names.ts'
import { findFields } from './find-fields.ts'

/** One protobuf field of bytes. */
function len(field: number, ...parts: readonly (string | Buffer)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  if (content.length > 127) throw new RangeError('the test writes lengths of one byte')
  return Buffer.concat([Buffer.of((field << 3) | 2, content.length), content])
}
const text = (value: string): Buffer => len(1, value)
const attribute = (key: string, value: Buffer): Buffer => Buffer.concat([len(1, key), len(2, value)])

function found(bytes: Buffer, encoding: Parameters<typeof findFields>[1]['encoding'], ...fields: string[]): unknown {
  const result = findFields(bytes, { encoding }, fieldNames(fields))
  if (result.status !== 'searched') return result.status
  return result.ranges.map(({ from, to, field }) => [field, bytes.toString('latin1', from, to)])
}

describe('protobuf', () => {
  const fields = [
    len(5, 'chat'),
    len(9, attribute('user.email', text('kim@example.com'))),
    len(9, len(2, text('value before key')), len(1, 'prompt')),
    len(9, attribute('parts', len(5, len(1, len(6, len(1, attribute('user.email', text('nested')))))))),
    len(11, len(2, 'event'), len(3, attribute('prompt', text('in an event')))),
    len(9, attribute('prompt', Buffer.of(0x18, 7))),
  ]
  const span = Buffer.concat(fields)
  const ends = fields.map((_, i) => Buffer.concat(fields.slice(0, i + 1)).length)

  test('finds the text of an attribute by its key, whichever stands first, at any depth and in events', () => {
    expect(found(span, 'otlp-span-proto', 'user.email', 'prompt')).toEqual([
      ['user.email', 'kim@example.com'],
      ['prompt', 'value before key'],
      ['user.email', 'nested'],
      ['prompt', 'in an event'],
      ['prompt', '\u0018\u0007'],
    ])
  })

  test('a name that ends in a star stands for all that begin like it, and is told as it was asked for', () => {
    expect(found(span, 'otlp-span-proto', 'user.*')).toEqual([
      ['user.*', 'kim@example.com'],
      ['user.*', 'nested'],
    ])
  })

  test('the body of a log record is found as body', () => {
    const log = Buffer.concat([len(5, text('what was said')), len(6, attribute('k', text('v')))])
    expect(found(log, 'otlp-log-proto', 'body')).toEqual([['body', 'what was said']])
  })

  test('bytes that break off are unreadable, wherever they do', () => {
    for (let to = 1; to < span.length; to++) {
      const cut = span.subarray(0, to)
      const answer = found(cut, 'otlp-span-proto', 'prompt')
      // Between two fields of the span the beginning is a whole message too.
      if (answer !== 'unreadable') expect(ends, `cut at ${to}`).toContain(to)
    }
  })
})

describe('JSON', () => {
  test('finds members by name, strings without quotes, other values whole, and nothing twice', () => {
    const body = Buffer.from('{"a":"one","b":{"a":[1,{"a":2}],"c":"\\"a\\":3"},"k":null}')
    expect(found(body, 'run-json', 'a', 'k')).toEqual([
      ['a', 'one'],
      ['a', '[1,{"a":2}]'],
      ['k', 'null'],
    ])
  })

  test('finds attributes of OTLP/JSON by their key, in either order, and what is inside them once', () => {
    const body = Buffer.from(
      '{"attributes":[{"key":"p","value":{"stringValue":"x"}},{"value":{"p":1},"key":"p"},{"key":"q","value":{"p":2}}]}',
    )
    expect(found(body, 'otlp-span-json', 'p')).toEqual([
      ['p', '{"stringValue":"x"}'],
      ['p', '{"p":1}'],
      ['p', '2'],
    ])
    const twice = Buffer.from('{"key":"p","value":"x","value":{"p":"y"},"key":"other"}')
    expect(found(twice, 'otlp-span-json', 'p')).toEqual([
      ['p', 'x'],
      ['p', '{"p":"y"}'],
    ])
  })

  test('a name in escapes is the same name', () => {
    expect(found(Buffer.from('{"\\u0061":"one"}'), 'run-json', 'a')).toEqual([['a', 'one']])
  })

  test('a frame and the message after it are both searched; what is no JSON is unreadable', () => {
    expect(found(Buffer.from('{"a":"1"}\n{"a":"2"}'), 'mcp-message', 'a')).toEqual([
      ['a', '1'],
      ['a', '2'],
    ])
    expect(found(Buffer.from('{"a":"1"}\nnot json'), 'mcp-message', 'a')).toBe('unreadable')
    expect(found(Buffer.from('{"a":"1"}\0{"a":"2"}'), 'mcp-message', 'a')).toBe('unreadable')
    expect(found(Buffer.from('['.repeat(100) + ']'.repeat(100)), 'run-json', 'a')).toBe('unreadable')
  })

  test('every string under a name is found, whatever the value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (value) => {
        const body = Buffer.from(`{"other":${value},"secret":${value}}`)
        const ranges = findFields(body, { encoding: 'run-json' }, fieldNames(['secret']))
        expect(ranges.status).toBe('searched')
        if (ranges.status !== 'searched') return
        const last = ranges.ranges.at(-1)
        const shown = last === undefined ? '' : body.toString('utf8', last.from, last.to)
        expect(last?.isQuoted === true ? shown : `"${shown}"`).toBe(value.trim())
      }),
    )
  })
})

test('records of a kernel program have no names, and nothing has no fields', () => {
  expect(found(Buffer.alloc(96), 'sensor-record', 'a')).toBe('nameless')
  expect(found(Buffer.alloc(0), 'otlp-span-proto', 'a')).toEqual([])
})

test('never throws, and gives ranges in order and apart', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('otlp-span-proto', 'run-json'),
      (bytes, encoding) => {
        const result = findFields(bytes, { encoding }, fieldNames(['*']))
        if (result.status !== 'searched') return
        let at = 0
        for (const { from, to } of result.ranges) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(to).toBeLessThanOrEqual(bytes.length)
          at = to
        }
      },
    ),
  )
})
