import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostilePayloads } from '@holdfast/testkit'
import { isHiddenCharacter } from '@holdfast/model'
import { expect, test } from 'vitest'
import { copyText, COPY_FORMS, rowsOf, type CopyFormName } from './copy-forms.ts'
import { shellWord } from './shell-quote.ts'

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
const texts = hostilePayloads({ seed, count: 200 }).map(({ text }) => text)

const sourceOf = (text: string) => ({
  href: 'https://holdfast.example/agents/a?q=(x)',
  command: `npm run -s holdfast -- tail --agent ${shellWord(text)}`,
  api: `/api/v1/agents/${encodeURIComponent(text.toWellFormed())}`,
  value: { items: [{ name: text, list: [text], deep: { [text]: text } }, { [text]: 1 }] },
})

test(`no form holds a character that a terminal obeys or that nobody sees, seed ${seed}`, () => {
  for (const text of texts) {
    for (const form of Object.keys(COPY_FORMS) as CopyFormName[]) {
      const copied = copyText(form, sourceOf(text)).replaceAll('\r\n', '\n').replaceAll('\n', '')
      expect(
        Array.from(copied).filter((character) => isHiddenCharacter(character.codePointAt(0) ?? 0)),
        `${form} of ${JSON.stringify(text)}`,
      ).toEqual([])
    }
  }
})

test('a line that is pasted into a shell runs one command with one word of captured text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-copied-'))
  try {
    const lines = texts.flatMap((text) => [copyText('cli', sourceOf(text)), copyText('curl', sourceOf(text))])
    const script = `npm() { echo "$#"; }; curl() { echo "$#"; }\n${lines.join('\n')}\n`
    const counts = execFileSync('sh', { cwd: folder, input: script, env: { PATH: process.env['PATH'] } }).toString()
    expect(counts.trim().split('\n')).toEqual(texts.flatMap(() => ['7', '3']))
    expect(readdirSync(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('JSON gives every text as it was', () => {
  for (const text of texts) expect(JSON.parse(copyText('json', sourceOf(text)))).toEqual(sourceOf(text).value)
})

test('an answer is a row for each item, and one without items a row for each field', () => {
  expect(
    rowsOf({
      items: [
        { a: 1, b: ['x', 2] },
        { a: true, c: { d: 1 } },
      ],
      nextCursor: 'n',
    }),
  ).toEqual([
    ['a', 'b', 'c'],
    [1, 'x 2', undefined],
    ['yes', undefined, '{"d":1}'],
  ])
  expect(rowsOf({ id: 'x', none: null })).toEqual([
    ['field', 'value'],
    ['id', 'x'],
    ['none', undefined],
  ])
  expect(rowsOf(['a', 'b'])).toEqual([['value'], ['a'], ['b']])
})

test('Markdown makes one link, and that is ours', () => {
  for (const text of texts) {
    const copied = copyText('markdown', sourceOf(text))
    expect(copied.startsWith('[Holdfast](https://holdfast.example/agents/a?q=%28x%29) · ')).toBe(true)
    const [, ...table] = copied.split('\n')
    // Past the line of ours every sign that could begin markup stands behind a backslash.
    expect(table.join('\n').replaceAll(/\\[\s\S]/g, '')).not.toMatch(/[<>[\]`!*_]/)
  }
})
