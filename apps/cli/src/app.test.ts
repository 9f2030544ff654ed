import { describe, expect, test } from 'vitest'
import { cli } from './testing/run.ts'

/** Command, exit code, and what is said: on standard error for what went wrong, on standard output for help. */
describe('wrong usage ends with 2 and says what to do', () => {
  test.each([
    ['an unknown command, with a suggestion', ['agnts'], 'there is no command "agnts", did you mean `agents`?'],
    ['a word that every object inherits', ['constructor'], 'there is no command "constructor"'],
    [
      'an unknown flag, with a suggestion',
      ['agents', '--limt', '3'],
      'No flag registered for --limt, did you mean --limit?',
    ],
    ['a flag that every object inherits', ['agents', '--to-string'], 'No flag registered for --to-string'],
    ['a flag of another command', ['agents', '--since', '10m'], 'No flag registered for --since'],
    [
      'a format that the command does not have',
      ['log', 'verify', '-o', 'csv'],
      'Expected "csv" to be one of (table|json|yaml|junit)',
    ],
    ['two formats at once', ['agents', '--json', '-o', 'csv'], '--json contradicts --output csv'],
    [
      'a flag beside one that it says nothing of',
      ['agents', '--unlisted', '--principals'],
      '--unlisted speaks of agents',
    ],
    ['a missing argument', ['graph'], 'Expected argument for ID'],
    ['an argument too many', ['agents', 'x'], 'Too many arguments'],
    ['more days than drift looks back', ['drift', 'x', '--days', '400'], 'days are a number from 1 to 90'],
    ['a port out of range', ['up', '--http-port', '70000'], 'a port is a number from 0 to 65535'],
    ['a time without a zone', ['tail', '--since', '2026-11-21T01:20:04'], 'write --since 2026-11-21T01:20:04Z for UTC'],
    ['a name for standard input that is not read', ['import', 'a.json', '--name', 'b'], '--name names standard input'],
    ['a HOLDFAST_URL that is none', ['agents'], 'HOLDFAST_URL is not an http address: "nonsense"'],
  ])('%s', async (_, args, said) => {
    const result = await cli(args, { env: { HOLDFAST_URL: 'nonsense' } })
    expect(result.stderr).toContain(said)
    expect(result).toMatchObject({ code: 2, stdout: '' })
  })

  test('what was typed is shown as inert text', async () => {
    const result = await cli(['\u001b[31magents'])
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).not.toContain('\u001b')
  })
})

test('without a server a command ends with 69 and names the command that starts one', async () => {
  const result = await cli(['agents', '--json'])
  expect(result).toMatchObject({ code: 69, stdout: '' })
  expect(result.stderr).toContain('holdfast up')
})

test('a server that does not answer ends a command with 69 and is named with what named it', async () => {
  // Port 1 is reserved and nothing listens on it.
  const result = await cli(['agents'], { env: { HOLDFAST_URL: 'http://127.0.0.1:1' } })
  expect(result.code).toBe(69)
  expect(result.stderr).toContain('no answer from http://127.0.0.1:1 (named by HOLDFAST_URL)')
})

test('a file that is not there ends a command with 4', async () => {
  expect(await cli(['evidence', 'verify', 'nothing.zip'])).toMatchObject({ code: 4, stdout: '' })
  expect(await cli(['log', 'verify', '--data', '/nothing'])).toMatchObject({ code: 4, stdout: '' })
})

describe('help', () => {
  test('begins with examples and names every command', async () => {
    const { code, stdout, stderr } = await cli(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('COMMANDS'))
    for (const name of ['up', 'demo', 'doctor', 'tail', 'agents', 'graph', 'evidence', 'log', 'import']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    }
  })

  test.each([
    ['up'],
    ['demo'],
    ['doctor'],
    ['tail'],
    ['agents'],
    ['graph'],
    ['import'],
    ['evidence', 'status'],
    ['evidence', 'export'],
    ['evidence', 'verify'],
    ['log', 'verify'],
    ['log', 'checkpoint'],
  ])('of %s %s leads with an example, without colour', async (...command) => {
    const { code, stdout } = await cli([...command, '--help'], { env: { FORCE_COLOR: '1' } })
    expect(code).toBe(0)
    expect(stdout.startsWith(`USAGE\n  holdfast ${command.join(' ')}`)).toBe(true)
    expect(stdout).not.toContain('\u001b')
  })
})

test.each([[['policy']], [['policy', 'rollout']], [['drift']]])(
  'the help of the group %s leads with an example of each command, and not with their flags',
  async (words) => {
    const { code, stdout } = await cli([...words, '--help'])
    expect(code).toBe(0)
    const [examples = '', commands = ''] = stdout.split('\nCOMMANDS\n')
    expect(examples.startsWith(`EXAMPLES\n  holdfast ${words.join(' ')} `)).toBe(true)
    expect(stdout).not.toContain('[--')
    for (const [, name = ''] of commands.matchAll(/^ {2}([a-z-]+) /gm))
      expect(examples).toContain(`  holdfast ${words.join(' ')} ${name}`)
  },
)

test('--version prints the version alone', async () => {
  expect(await cli(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
})
