import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { cli } from '../../testing/run.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const holdfast = (args: readonly string[], token = server.ready.token) =>
  cli(args, { env: { ...server.env, HOLDFAST_TOKEN: token }, cwd: server.data })
const because = ['--reason', 'because']

test('an account does what its role allows, signs in once, changes at once, and is over when it is revoked', async () => {
  const added = await holdfast([
    'accounts',
    'add',
    'eve',
    '--role',
    'analyst',
    '--as',
    'compliance',
    ...because,
    '--json',
  ])
  const { token, account } = JSON.parse(added.stdout)
  expect(fieldFaults(JSON.parse(added.stdout), documentedFields('accounts add --json'))).toEqual([])
  expect(account).toMatchObject({ name: 'eve', approves: ['analyst', 'compliance'], drift: [], addedBy: 'token' })

  expect((await holdfast(['agents'], token)).code).toBe(0)
  expect(await holdfast(['accounts', 'add', 'own', '--role', 'admin', ...because], token)).toMatchObject({ code: 5 })
  expect(await holdfast(['contain', 'plan', 'desk', '--rung', 'watch', ...because], token)).toMatchObject({ code: 5 })
  expect(await holdfast(['accounts', 'sign-in', 'token'], token)).toMatchObject({ code: 5, stdout: '' })
  await holdfast(['accounts', 'role', 'eve', '--role', 'responder', ...because])
  // Nothing of that name runs, which only who may plan gets to know.
  expect(await holdfast(['contain', 'plan', 'desk', '--rung', 'watch', ...because], token)).toMatchObject({ code: 4 })

  const link = (await holdfast(['accounts', 'sign-in', 'eve'], token)).stdout.trim()
  const opened = await fetch(link, { redirect: 'manual' })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const session = async () => await fetch(`${server.ready.http}/api/v1/session`, { headers: { cookie } })
  expect(await (await session()).json()).toMatchObject({ name: 'eve', role: 'responder' })
  expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull()

  const listed = await holdfast(['accounts', 'list', '--json'])
  const rows = JSON.parse(listed.stdout)
  expect(rows).toMatchObject([
    { name: 'eve', drift: ['added as analyst, is responder'], lastUsedAt: expect.any(String) },
  ])
  expect(fieldFaults(rows[0], documentedFields('accounts list --json'))).toEqual([])
  const { checks } = JSON.parse((await holdfast(['doctor', '--json'])).stdout)
  const [check] = checks.filter(({ id }: { readonly id: string }) => id === 'accounts')
  expect(check).toMatchObject({
    status: 'WARN',
    detail: expect.stringContaining('eve: added as analyst, is responder'),
  })

  expect((await holdfast(['accounts', 'revoke', 'eve', ...because])).code).toBe(0)
  expect((await holdfast(['agents'], token)).code).toBe(5)
  expect((await session()).status).toBe(401)
})

test('a name that cannot be, and a token that could be good for ever, are refused', async () => {
  expect(await holdfast(['accounts', 'add', 'Eve', '--role', 'viewer', ...because])).toMatchObject({ code: 2 })
  expect(await holdfast(['accounts', 'add', 'token', '--role', 'viewer', ...because])).toMatchObject({ code: 6 })
  expect(await holdfast(['accounts', 'add', 'x', '--role', 'viewer', '--days', '400', ...because])).toMatchObject({
    code: 2,
  })
  expect(await holdfast(['accounts', 'revoke', 'nobody', ...because])).toMatchObject({ code: 4 })
  expect(await holdfast(['accounts', 'readmit', 'nobody', ...because])).toMatchObject({ code: 4 })
  expect(await holdfast(['accounts', 'readmit', 'eve', ...because])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('eve is revoked'),
  })
})
