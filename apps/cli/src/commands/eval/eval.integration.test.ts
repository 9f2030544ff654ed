import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { CLI_PROGRAM } from '../../testing/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-eval-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = {
  messages: [
    { role: 'user', content: 'Which hours has the desk?' },
    { role: 'assistant', content: 'From nine.' },
  ],
  metadata: { suite_name: 'north', model: 'm' },
}
writeFileSync(join(folder, 'runs.jsonl'), `${JSON.stringify(run)}\n${JSON.stringify(run)}`)

const evaluate = (...args: readonly string[]) =>
  spawnSync(process.execPath, [...CLI_PROGRAM, 'eval', ...args], { cwd: folder, encoding: 'utf8' })

test('one JSON document on standard output, and progress beside it', () => {
  const { status, stdout, stderr } = evaluate('--runs', '.', '--json')
  expect(status).toBe(0)
  const report: unknown = JSON.parse(stdout)
  expect(fieldFaults(report, documentedFields('eval --runs DIR --json'))).toEqual([])
  expect(report).toMatchObject({ runs: 2, recall: null, falsePositiveRate: 0, threshold: 'shipped' })
  expect(stderr).toContain('read 1 of 1')
})
test('a labels file without its column is wrong usage, and one that is not there ends with 4', () => {
  writeFileSync(join(folder, 'labels.csv'), 'file\nruns.jsonl')
  const { status, stderr } = evaluate('--runs', '.', '--labels', 'labels.csv')
  expect({ status, stderr }).toEqual({ status: 2, stderr: 'holdfast eval: the labels file has no column "archive"\n' })
  expect(evaluate('--runs', '.', '--labels', 'gone.csv')).toMatchObject({
    status: 4,
    stderr: `holdfast eval: there is no labels file ${join(folder, 'gone.csv')} that can be read\n`,
  })
  expect(evaluate('--runs', 'gone')).toMatchObject({
    status: 4,
    stderr: `holdfast eval: there is no folder ${join(folder, 'gone')}\n`,
  })
})
test('a folder of nothing is wrong usage, and what could not be read beside runs ends with 3', () => {
  mkdirSync(join(folder, 'empty'))
  const empty = evaluate('--runs', 'empty')
  expect(empty).toMatchObject({ status: 2, stdout: '' })
  expect(empty.stderr).toContain('holdfast import')
  mkdirSync(join(folder, 'mixed'))
  writeFileSync(join(folder, 'mixed', 'note.txt'), 'bread and milk')
  const none = evaluate('--runs', 'mixed')
  expect(none.status).toBe(2)
  expect(none.stderr).toContain('note.txt')
  writeFileSync(join(folder, 'mixed', 'run.json'), JSON.stringify(run))
  const some = evaluate('--runs', 'mixed')
  expect(some.status).toBe(3)
  expect(some.stdout).toContain('note.txt')
})
test('without a folder it is wrong usage', () => {
  expect(evaluate('--json').status).toBe(2)
})
