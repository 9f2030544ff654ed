import { expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { cli } from '../../testing/run.ts'
import { startTestServer } from '../../testing/server.ts'

test('demo incident runs one incident to its end on the running server, and prints what is documented', async () => {
  await using server = await startTestServer()
  const { code, stdout } = await cli(['demo', 'incident', 'sanctioned-bucket', '--json'], {
    env: server.env,
    cwd: server.data,
  })
  const printed = JSON.parse(stdout) as Readonly<Record<string, unknown>>
  expect(fieldFaults(printed, documentedFields('demo incident NAME --json'))).toEqual([])
  expect(printed).toMatchObject({
    asExpected: true,
    type: 'reasoning-compromise',
    template: 'T1',
    rung: { rung: 'R2', deadlineSeconds: 300 },
    containment: { rung: null },
    evidence: { completeness: 1 },
    others: 0,
  })
  expect(code).toBe(0)
})

test('a benign twin gives no incident, and that is as it must be', async () => {
  await using server = await startTestServer()
  const { code, stdout } = await cli(['demo', 'incident', 'sanctioned-bucket-twin', '--json'], {
    env: server.env,
    cwd: server.data,
  })
  expect(JSON.parse(stdout)).toMatchObject({ asExpected: true, incident: null, others: 0 })
  expect(code).toBe(0)
})
