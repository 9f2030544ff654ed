import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Event } from '@holdfast/model'
import { normalise } from '../normalise.ts'
import { recordEntry } from './testing/records.ts'

/** What the kernel programs wrote when a shell script ran (fixtures/sensor/README.md). */
const SESSION = readFileSync(join(import.meta.dirname, '../../../../fixtures/sensor/session.bin'))

const results = entryBodies(SESSION).map((body) => normalise({ ...recordEntry({ type: 1 }), body }))
const events = results.flatMap((result) => result.events)

function execOf(binary: string, args: string): Event {
  const found = events.filter(
    ({ body }) =>
      body.kind === 'process' &&
      body.action === 'exec' &&
      body.binary.endsWith(binary) &&
      'text' in body.arguments &&
      body.arguments.text === args,
  )
  const [event, ...others] = found
  if (event === undefined || others.length > 0) throw new Error(`${found.length} times ${args}`)
  return event
}

test('every record of a kernel is read, each under an id of its own', () => {
  expect(results.flatMap(({ unmapped }) => unmapped)).toEqual([])
  expect(events.length).toBeGreaterThan(20)
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
})

test('programs have their arguments and folders, and their parents by process', () => {
  const shell = events.find(
    ({ body }) => body.kind === 'process' && body.action === 'exec' && body.binary.endsWith('/bash'),
  )
  const cat = execOf('/cat', 'cat /etc/passwd')
  expect(cat.body).toMatchObject({ cwd: '/', uid: 0, capabilities: expect.stringMatching(/^[0-9a-f]{16}$/) })
  expect(cat.context.parentProcess).toBe(shell?.context.process)
  // unshare becomes mount in the same process; sleep is the child of a subshell that ran nothing.
  expect(execOf('/mount', 'mount -t tmpfs none /mnt').context.process).toBe(
    execOf('/unshare', 'unshare -m mount -t tmpfs none /mnt').context.process,
  )
  const subshell = execOf('/sleep', 'sleep 0').context.parentProcess
  expect(subshell).not.toBe(shell?.context.process)
  expect(events).toContainEqual(
    expect.objectContaining({
      body: expect.objectContaining({ action: 'fork', child: subshell }),
      context: expect.objectContaining({ process: shell?.context.process }),
    }),
  )
})

test('files, connections and mounts are told by the process that made them', () => {
  const of = (event: Event): readonly unknown[] =>
    events.flatMap(({ body, context }) => (context.process === event.context.process ? [body] : []))
  expect(of(execOf('/cat', 'cat /proc/self/environ'))).toContainEqual(
    expect.objectContaining({
      kind: 'file',
      action: 'read',
      path: expect.stringMatching(/^\/proc\/\d+\/environ$/),
      isSensitive: true,
    }),
  )
  expect(of(execOf('/mv', 'mv a b'))).toContainEqual(
    expect.objectContaining({
      action: 'rename',
      path: expect.stringMatching(/\/a$/),
      to: expect.stringMatching(/\/b$/),
      result: 0,
    }),
  )
  expect(of(execOf('/rm', 'rm b'))).toContainEqual(expect.objectContaining({ action: 'unlink' }))
  expect(of(execOf('/mount', 'mount -t tmpfs none /mnt'))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ action: 'unshare', target: 'CLONE_NEWNS' }),
      expect.objectContaining({ action: 'mount', target: '/mnt', details: expect.objectContaining({ type: 'tmpfs' }) }),
    ]),
  )
  expect(events.map(({ body }) => body)).toContainEqual(
    expect.objectContaining({
      kind: 'connection',
      action: 'connect',
      protocol: 'tcp',
      local: { address: '127.0.0.1', port: expect.any(Number) },
      remote: { address: '127.0.0.1', port: expect.any(Number) },
    }),
  )
})

test('exits have their codes', () => {
  const codes = events.flatMap(({ body }) => (body.kind === 'process' && body.action === 'exit' ? [body.exitCode] : []))
  expect(codes).toContain(127)
  expect(codes).toContain(3)
})

/** Each record behind an empty joint with its number, as the driver puts it. */
function entryBodies(session: Buffer): readonly Buffer[] {
  const bodies: Buffer[] = []
  for (let at = 0; at < session.length;) {
    const end = at + session.readUInt32LE(at + 4)
    const joint = Buffer.alloc(64)
    joint[0] = 1
    joint.writeBigUInt64LE(BigInt(bodies.length + 1), 8)
    bodies.push(Buffer.concat([joint, session.subarray(at, end)]))
    at = end
  }
  return bodies
}
