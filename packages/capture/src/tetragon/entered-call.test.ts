import { expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'

test('a call that the tracepoint of all calls tells of is a set of one, under the name that its machine gives it', () => {
  expect(bodyOf([{ syscall_id: { id: 257, abi: 'x64' } }])).toEqual({ kind: 'syscall-set', calls: ['openat'] })
  expect(bodyOf([{ syscall_id: { id: 56, abi: 'arm64' } }])).toEqual({ kind: 'syscall-set', calls: ['openat'] })
  expect(bodyOf([{ syscall_id: { abi: 'x64' } }])).toEqual({ kind: 'syscall-set', calls: ['read'] })
})

test('a number without a machine stays a number, and another numbering is another architecture', () => {
  expect(bodyOf([{ long_arg: '59' }])).toEqual({ kind: 'syscall-set', calls: ['#59'] })
  expect(bodyOf([{ syscall_id: { id: 11, abi: 'i386' } }])).toMatchObject({
    kind: 'kernel',
    action: 'foreign-arch',
    target: '#11',
    details: { architecture: 'i386' },
  })
})

test('another tracepoint of the same name is none of them', () => {
  expect(bodyOf([{ long_arg: '59' }], 'other')).toMatchObject({ kind: 'kernel', action: 'other' })
})

function bodyOf(args: readonly object[], subsys = 'raw_syscalls') {
  const process = { exec_id: Buffer.from('node-1:5:7').toString('base64'), pid: 7, binary: '/usr/bin/node' }
  const record = { process_tracepoint: { process, subsys, event: 'sys_enter', args }, time: '2026-01-02T03:04:05Z' }
  const { groups } = importRuns({ file: 'events.json', bytes: new TextEncoder().encode(JSON.stringify(record)) })
  const [entry] = entriesOfGroups(groups)
  if (entry === undefined) throw new Error('the event was not read')
  return normalise(entry).events[0]?.body
}
