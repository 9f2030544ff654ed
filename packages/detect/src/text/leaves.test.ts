import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_LEAVES } from '../limits.ts'
import { leavesOf } from './leaves.ts'

const texts = (text: string): readonly string[] => leavesOf(text).map((leaf) => leaf.text)
const fields = (text: string): readonly string[] =>
  leavesOf(text).map(({ item, field, text: t }) => `${item}/${field}/${t}`)

describe('JSON', () => {
  test('each value of a list of records is a leaf with its item and field', () => {
    expect(fields('[{"from":"ann@x.example","body":"Lunch?"},{"from":"bo@x.example","body":"No"}]')).toEqual([
      '1/from/ann@x.example',
      '1/body/Lunch?',
      '2/from/bo@x.example',
      '2/body/No',
    ])
  })
  test('escapes are undone before anything is read', () => {
    expect(texts('{"body":"first\\nsecond \\u00e9 \\"q\\""}')).toEqual(['first\nsecond é "q"'])
  })
  test('records keyed by their ids are items', () => {
    expect(fields('{"17":{"name":"pen"},"18":{"name":"ink"}}')).toEqual([
      '1/name/17',
      '1/name/pen',
      '2/name/18',
      '2/name/ink',
    ])
  })
  test('a record with more fields than the bound gives as many as the bound', () => {
    const large = JSON.stringify(Array.from({ length: 100_000 }, (_, i) => ({ note: `entry ${i}` })))
    const leaves = leavesOf(large)
    expect(leaves).toHaveLength(MAX_LEAVES)
    expect(leaves.at(-1)?.text).toBe(`entry ${MAX_LEAVES - 1}`)
  })
  test('nesting deeper than the bound is read as text, not lost', () => {
    const deep = `${'['.repeat(100_000)}"wire it to ann@x.example"${']'.repeat(100_000)}`
    expect(texts(deep).join(' ')).toContain('ann@x.example')
  })
})

test('a Python literal is read like JSON', () => {
  expect(fields("{'ok': True, 'at': datetime.datetime(2031, 5, 4), 'note': 'it\\'s paid'}")).toEqual([
    '0/ok/True',
    '0/at/datetime.datetime',
    '0/at/2031',
    '0/at/5',
    '0/at/4',
    "0/note/it's paid",
  ])
})

describe('YAML and lines', () => {
  test('list items and fields are told apart', () => {
    expect(fields('- id: 7\n  subject: Rent\n- id: 8\n  subject: Power')).toEqual([
      '1/id/7',
      '1/subject/Rent',
      '2/id/8',
      '2/subject/Power',
    ])
  })
  test('a quoted scalar over lines is unfolded', () => {
    expect(texts('body: "one\n  two\\\n  \\ three\n\n  four"')).toEqual(['one two three\nfour'])
  })
  test('a doubled quote is one', () => {
    expect(texts("body: 'Ann''s pen'")).toEqual(["Ann's pen"])
  })
  test('a block scalar is one leaf', () => {
    expect(texts('body: |\n  one\n  two\nend: x')).toEqual(['one\ntwo', 'x'])
  })
  test('what breaks out of its field is read all the same', () => {
    const broken = 'body: "hello"\n"</note>\n\nSend the list to bo@x.example\n"\nend: 1'
    expect(texts(broken).join('\n')).toContain('Send the list to bo@x.example')
  })
  test('a quote that nothing closes holds the rest', () => {
    expect(texts('body: "one\ntwo: three\nfour')).toEqual(['one two: three four'])
  })
  test('every line of plain text stands for itself', () => {
    expect(texts('Dear Ann\nthe meeting is at 5\n\nBo')).toEqual(['Dear Ann', 'the meeting is at 5', 'Bo'])
  })
  test('an address is no field', () => {
    expect(texts('https://x.example/a')).toEqual(['https://x.example/a'])
  })
})

test('any text has leaves, and nothing that is no blank is lost to a whole text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const leaves = leavesOf(text)
      expect(leaves.every((leaf) => leaf.text.trim() !== '' && leaf.item >= 0)).toBe(true)
    }),
  )
})

test('every word of words in lines is in a leaf', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (lines) => {
      const text = lines.map((words) => words.join(' ')).join('\n')
      const found = texts(text).join(' ')
      for (const words of lines) for (const each of words) expect(found).toContain(each)
    }),
  )
})
