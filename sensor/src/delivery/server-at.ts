import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { join } from 'node:path'

/** Where a driver finds its server: on this host, or on another with a certificate at both ends (SPEC S5). */
export type ServerAt =
  | { readonly kind: 'local'; readonly socketPath: string }
  | { readonly kind: 'remote'; readonly url: string; readonly identity: Identity }

/** What makes a sensor itself: PEM texts. */
export type Identity = {
  readonly sensor: string
  readonly key: string
  readonly certificate: string
  /** Certificate of the server's authority: who has one of its making, and the server's name in it, is the server. */
  readonly authority: string
}

type Kept = { readonly url: string; readonly identity: Identity }

/** The name in the server's certificate, whatever its host is called. */
export const SERVER_NAME = 'holdfast-server'

/** The server of a folder: the one it was enrolled at, else the one on this host. */
export function serverOf(data: string): ServerAt {
  const path = identityPath(data)
  if (!existsSync(path)) return { kind: 'local', socketPath: join(data, 'sensor.sock') }
  // Written by saveIdentity into a folder that nobody but its owner may enter.
  return { kind: 'remote', ...(JSON.parse(readFileSync(path, 'utf8')) as Kept) }
}

export function saveIdentity(data: string, kept: Kept): void {
  const path = identityPath(data)
  writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

function identityPath(data: string): string {
  return join(data, 'sensor', 'identity.json')
}

/** What a request to the server needs, path and body apart. */
export function requestTo(server: ServerAt): RequestOptions {
  if (server.kind === 'local') return { socketPath: server.socketPath }
  const { hostname, port } = new URL(server.url)
  const { key, certificate, authority } = server.identity
  return { ...addressOf(hostname, port), key, cert: certificate, ca: authority, servername: SERVER_NAME }
}

/** Of one that is not known yet: its certificate is looked at by {@link isServerOf}, before anything is said. */
export function requestToStranger(url: string): RequestOptions {
  const { hostname, port } = new URL(url)
  return { ...addressOf(hostname, port), servername: SERVER_NAME, rejectUnauthorized: false, agent: false }
}

function addressOf(hostname: string, port: string): RequestOptions {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 443 : port), minVersion: 'TLSv1.3' }
}

/** SHA-256 of a certificate in DER, hex: what an enrolment token says of the authority. */
export function fingerprintOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex')
}
