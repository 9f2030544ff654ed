import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { parseLabels } from './labels.ts'
import { neutralise } from './neutralise.ts'
import { textOf } from './text-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-eval-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let calls = 0
const trail = (eventName: string, eventSource: string, agent: string) => ({
  eventVersion: '1.08',
  eventID: `00000000-0000-4000-8000-${String(++calls).padStart(12, '0')}`,
  eventTime: `2026-11-20T10:00:${String(calls).padStart(2, '0')}Z`,
  eventSource,
  eventName,
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.7',
  userAgent: agent,
  userIdentity: { type: 'IAMUser', userName: 'backup', arn: 'arn:aws:iam::111122223333:user/backup' },
  requestParameters: { name: 'main' },
  responseElements: null,
  readOnly: false,
})

beforeAll(() => {
  const records = [
    trail('GetCallerIdentity', 'sts.amazonaws.com', 'stratus-red-team_1'),
    trail('StopLogging', 'cloudtrail.amazonaws.com', 'stratus-red-team_1'),
  ]
  writeFileSync(join(folder, 'trail.json'), JSON.stringify(records))
  writeFileSync(
    join(folder, 'samples.jsonl'),
    [
      {
        rule: 'trail-stopped',
        expected: true,
        log: { ...trail('StopLogging', 'cloudtrail.amazonaws.com', 'cli'), p_at: 1 },
      },
      { rule: 'trail-stopped', expected: false, log: trail('DescribeTrails', 'cloudtrail.amazonaws.com', 'cli') },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  )
  const exec = (binary: string, args: string, at: number) => ({
    process_exec: {
      process: {
        exec_id: Buffer.from(`n:${at}000:${at}`).toString('base64'),
        pid: at,
        binary,
        arguments: args,
        start_time: `2026-11-20T10:00:0${at}Z`,
        docker: '85f791fd8dfa740a3b1c177e',
        uid: 0,
        cwd: '/',
        flags: 'execve',
        parent_exec_id: Buffer.from('n:1:100').toString('base64'),
        pod: {
          namespace: 'n',
          name: 'p',
          container: { id: 'docker://85f791fd8dfa740a3b1c177e8f68e8fdb4803a7c8fa0e957a5ec38460ce047ef', name: 'p' },
        },
      },
    },
    node_name: 'n',
    time: `2026-11-20T10:00:0${at}Z`,
  })
  mkdirSync(join(folder, 'kernel'))
  writeFileSync(
    join(folder, 'kernel', 'a.json'),
    JSON.stringify(exec('/usr/bin/nsenter', '-t 1 -m -u -n -i -p bash', 1)),
  )
  writeFileSync(join(folder, 'kernel', 'b.json'), JSON.stringify(exec('/usr/bin/ls', '/', 2)))
})

const options = { folder, neutralised: true, behaviourOnly: false }

test('a log of an authority is judged as a whole, by its technique, with the ordinary calls apart', () => {
  const labels = parseLabels(
    'archive,label,technique,ordinary\ntrail.json,privilege-boundary-escape,stop-trail,sts:GetCallerIdentity',
  )
  const report = evaluate({ ...options, labels })
  expect(report).toMatchObject({ runs: 1, recall: 1 })
  expect(report.confusion.counts['type2']).toMatchObject({ type2: 1 })
  expect(report.techniques[0]).toMatchObject({ technique: 'stop-trail', ordinary: 1, onOrdinary: 0, precision: 1 })
  expect(textOf(report)).toContain('stop-trail: 1/1 (100.0 %)')
})
test('a file of rule tests says of each record what is expected of it', () => {
  const labels = parseLabels('archive\nsamples.jsonl')
  const { runs, recall, shipped, techniques } = evaluate({ ...options, labels })
  expect({ runs, recall, nearMisses: shipped.all.nearMisses }).toEqual({
    runs: 2,
    recall: 1,
    nearMisses: { incidents: 0, runs: 1, rate: 0 },
  })
  expect(techniques.map(({ technique }) => technique)).toEqual(['trail-stopped', 'all'])
})
test('files of one case are read together where the label says so', () => {
  const labels = parseLabels('archive,member,label\nkernel,*,runtime-execution-escape')
  const { runs, confusion } = evaluate({ ...options, labels })
  expect({ runs, type1: confusion.counts['type1'] }).toMatchObject({ runs: 1, type1: { type1: 1 } })
})
test('an unknown label is told and counted nowhere', () => {
  const { confusion, recall } = evaluate({ ...options, labels: parseLabels('archive,label\ntrail.json,odd') })
  expect({ recall, unknown: confusion.counts['unknown'] }).toMatchObject({ recall: null, unknown: { type2: 1 } })
})
test('marks that a tool left are replaced by one other name each', () => {
  expect(neutralise('"stratus-red-team_ab" grimoire')).toBe('"operations_ab" console')
})
