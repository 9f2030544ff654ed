import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commandTree, examplesOf } from './testing/command-tree.ts'
import { cli } from './testing/run.ts'
import { shellWords } from './testing/shell-words.ts'

const cwd = mkdtempSync(join(tmpdir(), 'holdfast-no-server-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** What starts a server, needs none, serves itself or says of a machine what it finds, is not asked; `roster import` reads a private key first. */
const OTHERS = new Set(['up', 'run', 'mcp', 'mcp-server', 'llm', 'demo', 'doctor', 'completion', 'sensor'])
const asked = (await commandTree()).filter(
  ({ words, flags }) => flags.includes('data') && !OTHERS.has(words[0] ?? '') && words.join(' ') !== 'roster import',
)
/** Files that are read before a server is asked. */
const READ = new Map([
  ['import', ['traces.pb', 'run-17.json']],
  ['runbooks import', ['rc.json']],
  ['roster data', ['data-rules.yaml']],
])

test.each(asked.map(({ words }) => [words.join(' '), words] as const))(
  '%s: without a server it ends with 69, prints nothing, and says what would start one',
  async (name, words) => {
    for (const file of READ.get(name) ?? [])
      writeFileSync(join(cwd, file), file.endsWith('.yaml') ? '{ version: 1, classes: [] }' : '{}')
    const { stdout: help } = await cli([...words, '--help'])
    const [example = ''] = examplesOf(help)
    // Port 1 is reserved, and nothing listens on it.
    const env = { HOLDFAST_URL: 'http://127.0.0.1:1' }
    const { code, stdout, stderr } = await cli(shellWords(example).slice(1), { env, cwd })
    expect({ example, code, stdout }).toEqual({ example, code: 69, stdout: '' })
    expect(stderr).toContain('next: holdfast up')
  },
)
