import { buildApplication, run } from '@stricli/core'
import { describe, expect, test } from 'vitest'
import { CONFIGURATION } from './app.ts'
import { commandTree, examplesOf, type Leaf } from './testing/command-tree.ts'
import { commandReference, documentedForms } from './testing/documented-fields.ts'
import { JSON_FORMS, schemaFields } from './testing/json-forms.ts'
import { cli } from './testing/run.ts'
import { shellWords } from './testing/shell-words.ts'

const leaves = await commandTree()
const each = leaves.map((leaf) => [leaf.words.join(' '), leaf] as const)

describe('the help of every command', () => {
  test.each(each)('%s: leads with examples, and each is a line that the command takes', async (_, leaf) => {
    const { code, stdout } = await cli([...leaf.words, '--help'])
    expect(code).toBe(0)
    const examples = examplesOf(stdout)
    expect(examples).not.toEqual([])
    for (const example of examples) expect(await faultOf(leaf, example)).toBe('')
  })
})

test('a flag that no command has ends every one of them with 2', async () => {
  for (const { words } of leaves) {
    const { code, stdout } = await cli([...words, '--no-such-flag'])
    expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' })
  }
})

describe('docs/cli.md', () => {
  const rows = commandReference()
    .split('\n')
    .filter((line) => line.startsWith('| `holdfast '))

  test.each(each)('%s: has a line in the table of commands', (_, { words: [root = '', ...below] }) => {
    const of = rows.filter((row) => new RegExp(`^\\| \`holdfast ${root}[ \`]`).test(row)).join('\n')
    expect(of).not.toBe('')
    // A command that its group runs by itself needs no word of its own.
    for (const word of below.filter((one) => one !== 'ask' && one !== 'show'))
      expect(of.split(/[^a-z-]+/)).toContain(word)
  })

  const forms = documentedForms()
  const sectionOf = (words: string) =>
    forms.find((form) => form.words === words) ?? forms.find((form) => form.words === words.replace(/ (show|ask)$/, ''))
  const withJson = leaves.filter(({ flags }) => flags.includes('json')).map(({ words }) => words.join(' '))

  test('says what every command prints with --json, and of no command that is none', () => {
    const documented = new Set(forms.flatMap(({ same }) => same))
    expect(withJson.filter((words) => sectionOf(words) === undefined && !documented.has(words))).toEqual([])
    expect([...documented].filter((words) => !withJson.includes(words))).toEqual([])
    expect(withJson.filter((words) => !JSON_FORMS.has(words))).toEqual([])
  })

  test.each([...JSON_FORMS])('%s: has the fields of the API’s schema, or its own', (words, form) => {
    const section = sectionOf(words)
    switch (form.kind) {
      case 'same':
        return expect(
          forms
            .filter((one) => one.words === form.as || one.words === sectionOf(form.as)?.words)
            .flatMap(({ same }) => same),
        ).toContain(words)
      case 'own':
        return expect(section?.fields).toBeDefined()
      case 'foreign':
        return expect(section).toBeDefined()
      case 'answer': {
        const { always = [], maybe = [] } = section?.fields ?? {}
        const schema = schemaFields(form)
        expect(always.toSorted()).toEqual(schema?.always.toSorted())
        expect(maybe.toSorted()).toEqual(schema?.maybe.toSorted())
      }
    }
  })
})

/** What the command says against a line when it only reads it; empty where it takes it. */
async function faultOf(leaf: Leaf, line: string): Promise<string> {
  let said = ''
  const write = (text: string): void => void (said += text)
  let words = shellWords(line).slice(1)
  // A command that its group runs by itself is shown without its own word.
  for (const word of leaf.words) if (words[0] === word) words = words.slice(1)
  const command = { ...leaf.command, loader: async () => () => undefined }
  const process = { stdout: { write: () => undefined }, stderr: { write } }
  await run(buildApplication(command, { name: 'holdfast', scanner: CONFIGURATION.scanner ?? {} }), words, {
    process,
    stdout: process.stdout,
    stderr: process.stderr,
  } as never) // it is only read
  return said
}
