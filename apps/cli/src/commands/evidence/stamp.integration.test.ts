import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSampleLog, scratchFolder } from '@holdfast/recorder/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { documentedFields, fieldFaults } from '../../testing/documented-fields.ts'
import { cli } from '../../testing/run.ts'
import { readTimestamp, verifyTimestamp } from '../../timestamp/stamp.ts'
import { noAuthority, startAuthority, type TestAuthority } from '../../timestamp/testing/authority.ts'

const missing = noAuthority()
let authority: TestAuthority
let folder = ''
beforeAll(async () => {
  if (missing !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'holdfast-stamp-'))
  authority = await startAuthority()
  writeFileSync(join(folder, 'case.zip'), 'evidence')
  writeFileSync(join(folder, 'ca.pem'), authority.ca)
})
afterEach(() => {
  if (missing === undefined) authority.answer = 'stamp'
})
afterAll(async () => {
  await authority?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const stamp = (...args: readonly string[]) => cli(['evidence', 'stamp', ...args], { cwd: folder })
const file = (name: string) => join(folder, name)

test.skipIf(missing !== undefined)(
  `a stamp says when a file existed, for us and for others ${missing ?? ''}`,
  async () => {
    const asked = await stamp('case.zip', '--authority', authority.url, '--ca', 'ca.pem', '--json')
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    const answer = JSON.parse(asked.stdout) as { readonly time: string } // docs/cli.md
    expect(fieldFaults(answer, documentedFields('evidence stamp PATH --json'))).toEqual([])
    expect(answer).toMatchObject({ signer: 'CN=Test time-stamps', path: file('case.zip') })
    expect((await stamp('case.zip', '--ca', 'ca.pem')).stdout).toContain(`STAMPED  by CN=Test time-stamps`)
    const openssl = ['ts', '-verify', '-data', 'case.zip', '-in', 'case.zip.tsr', '-CAfile', 'ca.pem']
    expect(execFileSync('openssl', openssl, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })).toContain(
      'Verification: OK',
    )
    expect(await stamp('case.zip', '--authority', authority.url)).toMatchObject({ code: 6 })
  },
)

test.skipIf(missing !== undefined)('a changed file, a stranger’s root and a changed stamp do not pass', async () => {
  writeFileSync(file('b.zip'), 'evidence')
  await stamp('b.zip', '--authority', authority.url)
  copyFileSync(file('b.zip.tsr'), file('c.zip.tsr'))
  writeFileSync(file('c.zip'), 'evidence, changed')
  const changed = await stamp('c.zip', '--ca', 'ca.pem')
  expect(changed).toMatchObject({ code: 1, stderr: expect.stringContaining('the stamp is of other bytes') })
  await using stranger = await startAuthority()
  writeFileSync(file('stranger.pem'), stranger.ca)
  expect(await stamp('b.zip', '--ca', 'stranger.pem')).toMatchObject({ code: 1, stdout: '' })
  const bytes = readFileSync(file('b.zip.tsr'))
  const whole = {
    data: Uint8Array.from(readFileSync(file('b.zip'))).buffer,
    trusted: [new X509Certificate(authority.ca)],
  }
  const { time, digest } = readTimestamp(bytes)
  let refused = 0
  for (let at = 0; at < bytes.length; at += 3) {
    const altered = Buffer.from(bytes)
    altered[at] = (altered[at] ?? 0) ^ 1
    const signer = await verifyTimestamp(altered, whole).catch(() => undefined)
    refused += signer === undefined ? 1 : 0
    // Some bytes are no part of what was signed and change nothing that it says.
    if (signer !== undefined) expect(readTimestamp(altered), `byte ${at}`).toMatchObject({ time, digest })
  }
  expect(refused).toBeGreaterThan(bytes.length / 6)
  appendFileSync(file('b.zip'), '!')
  expect(await stamp('b.zip', '--ca', 'ca.pem')).toMatchObject({ code: 1 })
})

test.skipIf(missing !== undefined)(
  'a certificate of the same root that is not for time-stamping dates nothing',
  async () => {
    writeFileSync(file('d.zip'), 'evidence')
    authority.answer = 'signed as a web server'
    expect(await stamp('d.zip', '--authority', authority.url, '--ca', 'ca.pem')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('not one for time-stamping'),
    })
  },
)

test.skipIf(missing !== undefined)(
  'a bundle is verified together with its stamp, over a chain of certificates, without a network',
  async () => {
    using logs = scratchFolder()
    const { bundle, key } = await makeSampleLog(logs.path)
    writeFileSync(file('log.vkey'), key)
    copyFileSync(bundle.path, file('f.zip'))
    const verify = (...args: readonly string[]) => cli(['evidence', 'verify', 'f.zip', ...args], { cwd: folder })
    expect(await verify('--ca', 'ca.pem')).toMatchObject({ code: 4 })
    {
      await using deep = await startAuthority({ isDeep: true })
      writeFileSync(file('deep.pem'), deep.ca)
      expect(await stamp('f.zip', '--authority', deep.url)).toMatchObject({ code: 0 })
    }
    // Its authority is gone by now.
    const all = await verify('--key', 'log.vkey', '--ca', 'deep.pem', '--json')
    const verdict = JSON.parse(all.stdout) as unknown // docs/cli.md
    expect(fieldFaults(verdict, documentedFields('evidence verify PATH --json'))).toEqual([])
    expect(all.code).toBe(0)
    expect(verdict).toMatchObject({ ok: true, isKeyTrusted: true, stamp: { signer: 'CN=Test time-stamps' } })
    expect((await verify('--ca', 'deep.pem')).stdout).toContain('STAMPED  it existed at ')
    // Without --ca nothing is said of whose word the stamp is, but that it was not looked at.
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('was not checked') })
    const stranger = await verify('--ca', 'ca.pem')
    expect([stranger.code, stranger.stdout]).toEqual([1, expect.stringContaining('stamp: ')])
    expect(stranger.stdout).not.toContain('STAMPED')
    copyFileSync(file('case.zip.tsr'), file('f.zip.tsr'))
    const other = await verify('--ca', 'ca.pem', '--json')
    expect(other.code).toBe(1)
    expect(JSON.parse(other.stdout)).toMatchObject({
      ok: false,
      problemsTotal: 1,
      problems: [{ where: 'stamp', what: expect.stringContaining('the stamp is of other bytes') }],
    })
  },
)

test.skipIf(missing !== undefined).each([
  ['the last one again', 1, 'another query than ours'],
  ['refusal', 1, 'the authority refused'],
  ['noise', 1, 'no answer of a time-stamp authority'],
  ['endless', 69, 'larger than'],
] as const)('an authority that answers %s is not believed', async (answer, code, words) => {
  writeFileSync(file('e.zip'), 'evidence')
  authority.answer = answer
  const asked = await stamp('e.zip', '--authority', authority.url, '--force')
  expect(asked).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(words) })
})

test('what is missing or no address is said', async () => {
  const cwd = tmpdir()
  expect(await cli(['evidence', 'stamp', 'nothing.zip', '--ca', 'x'], { cwd })).toMatchObject({ code: 4 })
  expect(await cli(['evidence', 'stamp', 'nothing.zip'], { cwd })).toMatchObject({ code: 2 })
  expect(await cli(['evidence', 'stamp', 'x', '--authority', 'ftp://x'], { cwd })).toMatchObject({ code: 2 })
})
