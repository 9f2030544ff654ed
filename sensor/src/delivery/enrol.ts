import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { ENROL_ANSWER_BYTES, REQUEST_MS } from '../limits.ts'
import { fingerprintOf, requestToStranger, saveIdentity, SERVER_NAME, type Identity } from './server-at.ts'

/** Enrols the sensor of a folder at a server elsewhere, by a token that was made there; the name that it got. */
export async function enrolSensor(at: {
  readonly data: string
  readonly url: string
  readonly token: string
}): Promise<string> {
  const { data, url, token } = at
  const identity = await enrol(url, token)
  mkdirSync(join(data, 'sensor'), { recursive: true, mode: 0o700 })
  saveIdentity(data, { url, identity })
  return identity.sensor
}

/**
 * Makes a key and has the server give it a certificate, by a token that was made there. The token says by which authority
 * to know the server: nothing is sent to another. The key never leaves this host. Rejects with the reason, in words.
 */
export async function enrol(url: string, token: string): Promise<Identity> {
  const pinned = /^hfs_[\w-]{32}\.([0-9a-f]{64})$/.exec(token)?.[1]
  if (pinned === undefined) throw new Error('this is no enrolment token: holdfast sensor token makes one')
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const body = JSON.stringify({
    token,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    proof: sign('sha256', Buffer.from(token), privateKey).toString('base64'),
  })
  const text = await ask(url, body, pinned)
  const answer = JSON.parse(text) as Readonly<Record<string, unknown>>
  const { sensor, certificate, authority } = answer
  if (typeof sensor !== 'string' || typeof certificate !== 'string' || typeof authority !== 'string')
    throw new Error('the server answered something else than a certificate')
  const issued = new X509Certificate(certificate)
  const by = new X509Certificate(authority)
  if (fingerprintOf(by.raw) !== pinned || !issued.verify(by.publicKey) || !issued.checkPrivateKey(privateKey))
    throw new Error('the certificate is not of the authority that the token names, or for another key')
  return { sensor, key, certificate, authority }
}

function ask(url: string, body: string, pinned: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({
      ...requestToStranger(url),
      path: '/sensor/v1/enrol',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      timeout: REQUEST_MS,
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer from ${url} within ${REQUEST_MS} ms`)))
    sent.once('error', reject)
    sent.once('socket', (socket) => {
      const secure = socket as TLSSocket // node:https makes no other
      secure.once('secureConnect', () => {
        if (isServerOf(secure, pinned)) sent.end(body)
        else sent.destroy(new Error(`${url} is not the server that made the token`))
      })
    })
    sent.once('response', (response) => {
      let text = ''
      response.on('data', (part: Buffer) => {
        text += part.toString()
        if (text.length > ENROL_ANSWER_BYTES) response.destroy(new Error('the answer is too large'))
      })
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`the server refused: ${response.statusCode} ${text.slice(0, 500)}`))
      })
    })
  })
}

/** True where the other end holds a certificate for the server's name, made by the authority with that fingerprint. */
function isServerOf(socket: TLSSocket, pinned: string): boolean {
  const own = socket.getPeerX509Certificate()
  const authority = own?.issuerCertificate
  if (own === undefined || authority === undefined || fingerprintOf(authority.raw) !== pinned) return false
  return own.verify(authority.publicKey) && own.checkHost(SERVER_NAME) !== undefined
}
