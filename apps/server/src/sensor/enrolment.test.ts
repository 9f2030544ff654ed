import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SensorAuthority } from './authority.ts'
import { SensorEnrolment } from './enrolment.ts'
import { ENROL_TOKEN_MS } from './limits.ts'

let folder = ''
let now = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-enrol-'))
  now = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function open(): Promise<SensorEnrolment> {
  const authority = await SensorAuthority.open(folder)
  return new SensorEnrolment({ folder, authority, write: async () => {}, now: () => now, onRevoked: () => undefined })
}

function requestWith(token: string, over = token) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    token,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    proof: sign('sha256', Buffer.from(over), privateKey).toString('base64'),
  }
}

test('a token ends after its time', async () => {
  const enrolment = await open()
  const { token } = await enrolment.makeToken('test')
  now = ENROL_TOKEN_MS + 1
  expect(await enrolment.enrol(requestWith(token))).toMatchObject({ status: 'refused' })
})

test('of two that use a token at once, one is enrolled', async () => {
  const enrolment = await open()
  const { token } = await enrolment.makeToken('test')
  const outcomes = await Promise.all([enrolment.enrol(requestWith(token)), enrolment.enrol(requestWith(token))])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['enrolled', 'refused'])
})

test('a key that is not proven, or is none, is refused, and leaves the token good', async () => {
  const enrolment = await open()
  const { token } = await enrolment.makeToken('test')
  expect((await enrolment.enrol(requestWith(token, 'another'))).status).toBe('refused')
  expect((await enrolment.enrol({ ...requestWith(token), publicKey: 'none' })).status).toBe('refused')
  expect((await enrolment.enrol(requestWith(token))).status).toBe('enrolled')
})

test('a certificate names its sensor, serves clients alone, and is of an authority that stays the same', async () => {
  const enrolment = await open()
  const { token } = await enrolment.makeToken('test')
  const enrolled = await enrolment.enrol(requestWith(token))
  if (enrolled.status !== 'enrolled') throw new Error(enrolled.message)
  const certificate = new X509Certificate(enrolled.certificate)
  expect(certificate.checkHost(enrolled.sensor)).toBe(enrolled.sensor)
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  const { certificate: again } = await SensorAuthority.open(folder)
  expect(certificate.verify(new X509Certificate(again).publicKey)).toBe(true)
  expect((await open()).isAdmitted(enrolled.sensor)).toBe(true)
})
