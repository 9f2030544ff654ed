import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { holdfastIn } from '../../testing/holdfast.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rules = (...args: readonly string[]) => holdfastIn(folder, ['rules', ...args])

test('the JSON forms have the fields that docs/cli.md lists, and checks end with 1', () => {
  writeFileSync(join(folder, 'broken.yml'), 'title: [')
  const list = rules('list', '--json')
  expect(list.status).toBe(0)
  const [first] = JSON.parse(list.stdout) as readonly unknown[]
  expect(fieldFaults(first, documentedFields('rules list --json'))).toEqual([])
  const tried = rules('test', '--json', '.')
  expect(tried.status).toBe(1)
  expect(fieldFaults(JSON.parse(tried.stdout), documentedFields('rules test --json'))).toEqual([])
  const lint = rules('lint', '.')
  expect(lint.status).toBe(1)
  expect(lint.stdout).toContain(`${join(folder, 'broken.yml')}:1:`)
  const coverage = rules('coverage', '--json')
  expect(fieldFaults(JSON.parse(coverage.stdout), documentedFields('rules coverage --json'))).toEqual([])
})

test('a pipeline reads what is wrong as SARIF and what was tried as JUnit, and a form that a check has not ends with 2', () => {
  const lint = rules('lint', 'broken.yml', '-o', 'sarif')
  expect(lint.status).toBe(1)
  const [run] = (JSON.parse(lint.stdout) as { readonly runs: readonly [{ readonly results: readonly object[] }] }).runs
  expect(run.results).toContainEqual(
    expect.objectContaining({
      locations: [
        expect.objectContaining({
          physicalLocation: expect.objectContaining({ artifactLocation: { uri: 'broken.yml' } }) as unknown,
        }) as unknown,
      ],
    }),
  )
  const tried = rules('test', '-o', 'junit', '.')
  expect(tried.status).toBe(1)
  expect(tried.stdout).toMatch(/^<\?xml version="1\.0"[^]*<error message=/)
  const all = rules('test', '-o', 'junit')
  expect(all.status).toBe(0)
  expect(all.stdout).toMatch(/<testsuites name="holdfast rules test" tests="\d{2,}" failures="0" errors="0">/)
  for (const wrong of [
    ['lint', '-o', 'junit'],
    ['test', '-o', 'sarif'],
    ['lint', '--json', '-o', 'sarif'],
  ])
    expect(rules(...wrong).status).toBe(2)
})

test('what is given to Sigma is taken back, and what cannot be is refused with 3', () => {
  const given = rules('export', '--out', 'sigma', '--json')
  expect(fieldFaults(JSON.parse(given.stdout), documentedFields('rules export --json'))).toEqual([])
  writeFileSync(
    join(folder, 'sigma', 'windows.yml'),
    'title: x\nlogsource: { product: windows }\ndetection: { condition: a }\n',
  )
  const taken = rules('import', 'sigma/kernel-ptrace.yml', 'sigma/windows.yml', '--out', 'mine', '--json')
  expect(taken.status).toBe(3)
  expect(fieldFaults(JSON.parse(taken.stdout), documentedFields('rules import PATH... --json'))).toEqual([])
})

test.each(['list', 'lint', 'test'])('what a path holds is printed inert by rules %s', (name) => {
  for (const more of [[], ['--json']]) {
    const { stdout, stderr } = rules(name, ...more, '\u001b]777;notify;a;b\u001b\\', 'smile \u{1F600}\u{E013A}')
    expect(stdout + stderr).toContain('notify')
    for (const raw of ['\u001B', '\u{E013A}']) expect(stdout + stderr).not.toContain(raw)
  }
})
