import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordCursor } from './record-cursor.ts'
import { FIELD_TAG, RECORD_OFFSET } from './record-layout.ts'

type Field = readonly [tag: number, data: Uint8Array]

function record(type: number, fields: readonly Field[]): Buffer {
  const parts = fields.map(([tag, data]) => {
    const field = Buffer.alloc((4 + data.length + 7) & ~7)
    field.writeUInt16LE(tag, 0)
    field.writeUInt16LE(data.length, 2)
    field.set(data, 4)
    return field
  })
  const head = Buffer.alloc(RECORD_OFFSET.fields)
  const bytes = Buffer.concat([head, ...parts])
  bytes.writeUInt16LE(type, RECORD_OFFSET.type)
  bytes.writeUInt32LE(bytes.length, RECORD_OFFSET.bytes)
  bytes.write('thread', RECORD_OFFSET.comm)
  return bytes
}

test('every record of a batch is stood on once, with its fields', () => {
  const fields = fc.array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.uint8Array({ maxLength: 40 })), { maxLength: 5 })
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 36 }), fields), { maxLength: 8 }), (wanted) => {
      const cursor = new RecordCursor(Buffer.concat(wanted.map(([type, list]) => record(type, list))))
      for (const [type, list] of wanted) {
        expect(cursor.next()).toBe(true)
        expect([cursor.type, cursor.comm]).toEqual([type, 'thread'])
        for (let tag = 1; tag <= 15; tag++) {
          const first = list.find((field) => field[0] === tag)
          expect(cursor.field(tag)).toEqual(first === undefined ? undefined : Buffer.from(first[1]))
        }
      }
      expect(cursor.next()).toBe(false)
    }),
  )
})

test('bytes that are no records end the walk and are never read beyond', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const cursor = new RecordCursor(bytes)
      let walked = 0
      while (cursor.next()) {
        walked += cursor.bytes.length
        for (let tag = 0; tag <= 16; tag++) cursor.field(tag)
      }
      expect(walked).toBeLessThanOrEqual(bytes.length)
    }),
  )
})

test('arguments are cut at their end marks', () => {
  const cursor = new RecordCursor(record(1, [[FIELD_TAG.argv, Buffer.from('sh\0-c\0\0')]]))
  cursor.next()
  expect(cursor.argv).toEqual(['sh', '-c', ''])
})
