import { existsSync, readFileSync, writeFileSync } from 'node:fs'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { HOSTILE, sampleReport } from '../testing/reports.ts'
import { toHtml } from './html.ts'
import { inertText } from './inert-text.ts'
import { toMarkdown } from './markdown.ts'
import { pageOf } from './page.ts'
import { incidentReportJsonSchema, incidentReportSchema } from './report.ts'

const SCHEMA = new URL('../../../../docs/schemas/incident-report.json', import.meta.url)
const report = sampleReport()
const markdown = toMarkdown(pageOf(report))
const html = toHtml(pageOf(report))

/** Every text and number of a value, but keys. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(leavesOf)
}

const HIDDEN = /\u202E|(?!\n)\p{Cc}/u

/** Of a page with one section of one paragraph. */
const TAGS_OF_A_PAGE = 25

const readMarkdown = (text: string): string => text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
const readHtml = (text: string): string =>
  text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

test('W1 a report is valid by its own schema, and the published one is that schema', () => {
  expect(incidentReportSchema.safeParse(JSON.parse(JSON.stringify(report)))).toMatchObject({ success: true })
  const text = `${JSON.stringify(incidentReportJsonSchema(), null, 2)}\n`
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(SCHEMA, text)
  expect(existsSync(SCHEMA), 'run with UPDATE_GOLDEN=1 and review the new file').toBe(true)
  expect(readFileSync(SCHEMA, 'utf8')).toBe(text)
})

test('W2 every fact of the JSON form stands in the Markdown and in the HTML', () => {
  // A note is copied as it stands; all other texts are made inert first.
  const { checkpoint } = report.integrity
  const facts = new Set(leavesOf(report).filter((fact) => fact !== checkpoint))
  expect(facts.size).toBeGreaterThan(100)
  const [inMarkdown, inHtml] = [readMarkdown(markdown), readHtml(html)]
  for (const fact of facts) {
    expect(inMarkdown).toContain(inertText(fact))
    expect(inHtml).toContain(inertText(fact))
  }
  for (const line of checkpoint.trim().split('\n')) {
    expect(inMarkdown).toContain(line)
    expect(inHtml).toContain(line)
  }
})

test('W2 an instant in a table is not broken into lines', () => {
  const instants = [...html.matchAll(/<td([^>]*)>(\d{4}-\d\d-\d\dT[^<]*)<\/td>/g)]
  expect(instants.length).toBeGreaterThan(3)
  expect(instants.filter(([, attributes]) => attributes !== ' class="time"')).toEqual([])
})

test('W2 Markdown and HTML say the same cells in the same order', () => {
  const cells = (text: string): readonly string[] =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const rows = pageOf(report).sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'table' ? block.rows : [])),
  )
  expect(rows.length).toBeGreaterThan(40)
  let [fromMarkdown, fromHtml] = [0, 0]
  const [inMarkdown, inHtml] = [readMarkdown(markdown), cells(readHtml(html)).join('\n')]
  for (const cell of rows.flat().filter((text) => text !== '')) {
    fromMarkdown = inMarkdown.indexOf(inertText(cell), fromMarkdown)
    fromHtml = inHtml.indexOf(inertText(cell), fromHtml)
    expect(fromMarkdown, cell).toBeGreaterThanOrEqual(0)
    expect(fromHtml, cell).toBeGreaterThanOrEqual(0)
  }
})

test('W3 captured text opens no tag, loads nothing and links to nowhere', () => {
  expect(html).toContain("default-src 'none'")
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag?.toLowerCase()))
  expect(
    [...tags].filter((tag) => ['script', 'img', 'a', 'link', 'iframe', 'svg', 'object'].includes(tag ?? '')),
  ).toEqual([])
  expect(html).not.toMatch(/https?:\/\/|<[^>]*\s(?:src|href|on[a-z]+)=|url\(/)
  expect(html).not.toMatch(HIDDEN)
  expect(markdown).not.toMatch(HIDDEN)
  expect(markdown).not.toMatch(/https?\\?:\/\/|www\.|\S@\S/)
})

test('W3 whatever is written in a headline, Markdown takes every sign of it for itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = toMarkdown({ title: text, sections: [] }).slice(2, -1)
      expect(written).not.toContain('\n')
      for (let i = 0; i < written.length; i++) {
        if (written[i] === '\\') i++
        else expect(written[i]).not.toMatch(/[!-/:-@[-`{-~]/)
      }
      expect(readMarkdown(written)).toBe(inertText(text))
      const page = toHtml({ title: text, sections: [{ title: text, blocks: [{ kind: 'words', words: text }] }] })
      expect(page.match(/</g)?.length).toBe(TAGS_OF_A_PAGE)
    }),
    { examples: [[HOSTILE]] },
  )
})

test('W4 moments stand in the order of their times, and a report without a case says so', () => {
  expect(report.timeline.map(({ kind }) => kind)).toEqual(['detection', 'agent', 'operator'])
  const { remediation, limits } = sampleReport({ casefile: undefined })
  expect(remediation).toEqual({ actions: [], phases: [], tasks: [] })
  expect(limits).toEqual([
    'no case was opened: nothing of the response is on record here',
    '2 log entries of its conversations were not read',
  ])
})

test('W5 each framework has its edition in its ids, and the contributing type adds its own', () => {
  const ids = report.frameworks.flatMap((one) => one.ids)
  expect(ids).toContain('AML.T0051.001@2026.09')
  expect(ids).toContain('LLM06:2025')
  expect(ids.every((id) => /[:@]\S+$/.test(id))).toBe(true)
})

test('what became of an action is said in words', () => {
  for (const text of [readMarkdown(markdown), readHtml(html)]) {
    expect(text).toContain('not-asked: its type did not change')
  }
})
