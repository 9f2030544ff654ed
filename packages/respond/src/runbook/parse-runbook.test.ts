import { INCIDENT_TYPES } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { runbookText, shippedMatrix } from '../testing/case-driver.ts'
import { cellsOf, matrixOf, parseRunbook, runbookFrom } from './parse-runbook.ts'

const TEXT = runbookText('reasoning-compromise')

function problemsOf(text: string): readonly string[] {
  const parsed = parseRunbook(text, 'r.yaml')
  return parsed.status === 'parsed' ? [] : parsed.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.message}`)
}

/** The file with one piece replaced, and the line on which the piece stands. */
function changed(from: string, to: string): { readonly text: string; readonly line: number } {
  expect(TEXT).toContain(from)
  return { text: TEXT.replace(from, to), line: TEXT.slice(0, TEXT.indexOf(from)).split('\n').length }
}

test('the three runbooks that ship have eighteen cells, each filled', () => {
  const cells = cellsOf(shippedMatrix())
  expect(new Set(cells.map(({ type, cell }) => `${type}/${cell.phase}`)).size).toBe(18)
  for (const { cell } of cells) expect(cell.tasks.some(({ team }) => team === cell.owner)).toBe(true)
})

test('eradication of a reasoning compromise has tasks of three teams', () => {
  const { cells } = shippedMatrix()['reasoning-compromise']
  expect(new Set(cells[3]!.tasks.map(({ team }) => team))).toEqual(new Set(['ai-engineering', 'platform', 'security']))
})

const MISTAKES = [
  ['fact: channels-open', 'fact: chanels-open', 'fact "chanels-open" is unknown, did you mean "channels-open"?'],
  [
    'fact: receivers-unswept\n        is: 0',
    'fact: receivers-unswept\n        is: true',
    'receivers-unswept is a whole number from 0',
  ],
  ['owner: platform', 'owner: plattform', 'Invalid option'],
  ['csf: [RS.MI-02]', 'csf: [MI-2]', 'a NIST CSF 2.0 subcategory reads RS.MI-01'],
  ['  - phase: learn', '  - phase: detect', 'phase 6 is learn'],
  ['- id: sweep\n', '- id: seal\n', 'the id stands twice'],
  ['  learning: ', '  lerning: ', 'lerning'],
] as const

for (const [from, to, message] of MISTAKES) {
  test(`"${to.trim().split('\n')[0]}" is refused with file, line and reason`, () => {
    const { text, line } = changed(from, to)
    const problems = problemsOf(text)
    expect(
      problems.some((problem) => problem.includes(message)),
      problems.join('\n'),
    ).toBe(true)
    // A mistake in a mapping is shown at its line; one about what is missing, at what lacks it.
    const lines = problems.map((problem) => Number(problem.split(':')[1]))
    expect(lines.some((each) => Math.abs(each - line) <= 5)).toBe(true)
  })
}

test('a condition says in exactly one way what must hold', () => {
  const { text } = changed(
    'fact: channels-open\n        is: 0',
    'fact: channels-open\n        is: 0\n        at-most: 3',
  )
  expect(problemsOf(text)[0]).toContain('a condition has exactly one of is, one-of, at-least and at-most')
})

test('text that is no YAML, repeats a key, unfolds without end or is too long is refused', () => {
  expect(problemsOf('a: [')[0]).toMatch(/^r\.yaml:1:\d+ /)
  expect(problemsOf('type: a\ntype: b\n')[0]).toMatch(/^r\.yaml:2:1 .*unique/i)
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, at) => `${key}: &${key} [${`*${'abcdefg'[at]!},`.repeat(8)}]`),
  ]
  expect(problemsOf(bomb.join('\n'))[0]).toContain('its aliases unfold to too much')
  expect(problemsOf('#'.repeat(300_000))[0]).toContain('a file has at most 262144 bytes')
  expect(problemsOf('')).not.toEqual([])
})

test('a file with any piece missing or doubled is read or refused with a place in the file, and never thrown at', () => {
  const lines = TEXT.split('\n')
  fc.assert(
    fc.property(fc.nat(lines.length), fc.nat(6), fc.nat(lines.length), (from, count, to) => {
      const moved = lines.toSpliced(from, count)
      moved.splice(Math.min(to, moved.length), 0, ...lines.slice(from, from + count))
      const parsed = parseRunbook(moved.join('\n'), 'r.yaml')
      if (parsed.status === 'parsed') return
      expect(parsed.problems.length).toBeGreaterThan(0)
      for (const { line, column } of parsed.problems) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(moved.length + 1)
        expect(column).toBeGreaterThanOrEqual(1)
      }
    }),
    { numRuns: 100 },
  )
})

test('a matrix has each type exactly once', () => {
  const books = INCIDENT_TYPES.map((type) => shippedMatrix()[type])
  expect(() => matrixOf(books.slice(1))).toThrow('there is no runbook for runtime-execution-escape')
  expect(() => matrixOf([...books, books[0]!])).toThrow('there are two runbooks for runtime-execution-escape')
})

test('a fact that is no text is a mistake, also where it has no text of its own', () => {
  const book = JSON.parse(JSON.stringify(shippedMatrix()['reasoning-compromise']))
  for (const fact of [JSON.parse('{"toString":1}'), Object.create(null), null, 7, ['a']]) {
    book.cells[0].leaves[0].fact = fact
    const result = runbookFrom(book)
    expect(result.status === 'refused' && result.mistakes.map(({ message }) => message).join()).toContain('is unknown')
  }
})

test('a cell has no more tasks than people can do', () => {
  const book = JSON.parse(JSON.stringify(shippedMatrix()['reasoning-compromise']))
  const task = book.cells[0].tasks[0]
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...task, id: `task-${i}` }))
  book.cells[0].tasks = many(64)
  expect(runbookFrom(book).status).toBe('parsed')
  book.cells[0].tasks = many(65)
  expect(runbookFrom(book).status).toBe('refused')
})
