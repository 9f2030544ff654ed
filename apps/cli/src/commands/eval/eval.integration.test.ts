import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { holdfastIn } from '../../testing/holdfast.ts'

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

const evaluate = (...args: readonly string[]) => holdfastIn(folder, ['eval', ...args])

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

const call = (eventName: string, second: number, changed: object = {}): object => ({
  eventVersion: '1.08',
  eventSource: 'ssm.amazonaws.com',
  eventName,
  eventTime: `2026-03-01T10:00:${String(second).padStart(2, '0')}Z`,
  awsRegion: 'eu-west-1',
  eventID: `e${second}`,
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ann', accountId: '111122223333' },
  requestParameters: null,
  ...changed,
})

test('policies of earlier calls are held against later ones and against techniques, by identity', () => {
  const trail = [
    ...[1, 2, 3, 4].map((second) => call('DescribeInstanceInformation', second)),
    call('SendCommand', 5),
    call('CreateAccessKey', 6, { eventSource: 'iam.amazonaws.com' }),
  ]
  mkdirSync(join(folder, 'trail'))
  writeFileSync(join(folder, 'trail', 'aws.one.two.json'), JSON.stringify(trail))
  const { status, stdout } = evaluate('--iam', '--runs', 'trail', '--json')
  expect(status).toBe(0)
  const report = JSON.parse(stdout) as { readonly identities: readonly unknown[] }
  expect(fieldFaults(report, documentedFields('eval --iam --runs DIR --json'))).toEqual([])
  expect(report).toMatchObject({
    labels: 'class of the action',
    allowed: { calls: 2, hits: 2 },
    denied: { calls: 2, hits: 2 },
    identities: [{ identity: 'arn:aws:iam::111122223333:user/ann', ordinary: 4, technique: 2, learned: { calls: 2 } }],
  })
  writeFileSync(join(folder, 'iam.csv'), 'archive,label,ordinary\ntrail/aws.one.two.json,type2,ssm:SendCommand\n')
  const labelled = evaluate('--iam', '--runs', '.', '--labels', 'iam.csv', '--json')
  expect(JSON.parse(labelled.stdout)).toMatchObject({ labels: 'file', withoutPolicy: { identities: 1, technique: 5 } })
  const quiet = evaluate('--iam', '--runs', 'trail', '--all-ordinary', '--json')
  expect(JSON.parse(quiet.stdout)).toMatchObject({
    labels: 'all ordinary',
    denied: { calls: 0 },
    allowed: { calls: 3, hits: 1 },
  })
  expect(evaluate('--iam', '--runs', 'trail', '--split', '2').status).toBe(2)
  expect(evaluate('--iam', '--runs', 'empty').status).toBe(2)
})
