import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
test('a labels file that is none is named and ends with 4', () => {
  writeFileSync(join(folder, 'labels.csv'), 'file\nruns.jsonl')
  const { status, stderr } = evaluate('--runs', '.', '--labels', 'labels.csv')
  expect({ status, stderr }).toEqual({ status: 4, stderr: 'holdfast eval: the labels file has no column "archive"\n' })
})
test('without a folder it is wrong usage', () => {
  expect(evaluate('--json').status).toBe(2)
})
