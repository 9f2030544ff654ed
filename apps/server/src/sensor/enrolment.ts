import { createPublicKey, hash, randomBytes, randomUUID, verify, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlRecord } from '@holdfast/model'
import type { SensorAuthority } from './authority.ts'
import { ENROL_TOKEN_MS, MAX_ENROL_TOKENS, MAX_SENSORS } from './limits.ts'

/** A sensor of another host. */
export type EnrolledSensor = { readonly sensor: string; readonly certificate: string; readonly isRevoked: boolean }

export type EnrolRequest = {
  readonly token: string
  /** Public key of the sensor: SPKI, PEM. */
  readonly publicKey: string
  /** Base64 of its signature over the token: proves that the sensor holds the key. */
  readonly proof: string
}

export type Enrolled =
  | { readonly status: 'enrolled'; readonly sensor: string; readonly certificate: string; readonly authority: string }
  | { readonly status: 'refused'; readonly message: string }

export type EnrolmentOptions = {
  readonly folder: string
  readonly authority: SensorAuthority
  readonly write: (record: ControlRecord) => Promise<unknown>
  /** Milliseconds of a clock that never steps. */
  readonly now: () => number
  /** Called once a sensor may not speak any more. */
  readonly onRevoked: (sensor: string) => void
}

/**
 * Who of other hosts may speak as a sensor. Tokens live in this process alone: they are short-lived, and one that a
 * restart forgets is made anew. What is decided is on record before it is done (FC3).
 */
export class SensorEnrolment {
  readonly #options: EnrolmentOptions
  readonly #path: string
  readonly #sensors = new Map<string, EnrolledSensor>()
  /** Digest of a token that nobody has used yet -> when it ends. */
  readonly #tokens = new Map<string, number>()

  constructor(options: EnrolmentOptions) {
    this.#options = options
    this.#path = join(options.folder, 'sensors.json')
    if (!existsSync(this.#path)) return
    // Written by #save into a folder that nobody but its owner may enter.
    for (const known of JSON.parse(readFileSync(this.#path, 'utf8')) as readonly EnrolledSensor[])
      this.#sensors.set(known.sensor, known)
  }

  /** A token that enrols one sensor, once; shown here and nowhere else. It says by which authority to know the server. */
  async makeToken(by: string): Promise<{ readonly token: string; readonly expiresInMs: number }> {
    const { authority, now, write } = this.#options
    for (const [digest, endsAt] of this.#tokens) if (endsAt < now()) this.#tokens.delete(digest)
    if (this.#tokens.size >= MAX_ENROL_TOKENS) throw new RangeError(`${MAX_ENROL_TOKENS} tokens wait to be used`)
    const token = `hfs_${randomBytes(24).toString('base64url')}.${authority.fingerprint}`
    const digest = hash('sha256', token)
    await write(action('make-sensor-token', by, `token ${digest.slice(0, 12)}`, 'enrols one sensor'))
    this.#tokens.set(digest, now() + ENROL_TOKEN_MS)
    return { token, expiresInMs: ENROL_TOKEN_MS }
  }

  /** Untrusted: whoever reaches the port may ask. The server chooses the name, so that none can be taken. */
  async enrol({ token, publicKey, proof }: EnrolRequest): Promise<Enrolled> {
    const { authority, now, write } = this.#options
    const digest = hash('sha256', token)
    const endsAt = this.#tokens.get(digest)
    if (endsAt === undefined || endsAt < now()) return refused('this token is not known, was used, or is too old')
    const key = publicKeyOf(publicKey)
    if (key === undefined) return refused('the public key is not one of P-256 in PEM')
    if (!verify('sha256', Buffer.from(token), key, Buffer.from(proof, 'base64')))
      return refused('the proof is not a signature over the token by that key')
    if (this.#sensors.size >= MAX_SENSORS) return refused(`${MAX_SENSORS} sensors are enrolled already`)
    // Spent before anything is waited for: two that come at once are not both let in.
    this.#tokens.delete(digest)
    const sensor = randomUUID()
    await write(action('enrol-sensor', `token ${digest.slice(0, 12)}`, sensor, 'a certificate of its own'))
    const certificate = await authority.sensorCertificate(sensor, key)
    this.#set({ sensor, certificate, isRevoked: false })
    return { status: 'enrolled', sensor, certificate, authority: authority.certificate }
  }

  /** False where no such sensor is enrolled. It is refused from now on, on connections that are open too. */
  async revoke(sensor: string, by: string): Promise<boolean> {
    const known = this.#sensors.get(sensor)
    if (known === undefined) return false
    if (known.isRevoked) return true
    await this.#options.write(action('revoke-sensor', by, sensor, 'refused from now on'))
    this.#set({ ...known, isRevoked: true })
    this.#options.onRevoked(sensor)
    return true
  }

  isAdmitted(sensor: string): boolean {
    return this.#sensors.get(sensor)?.isRevoked === false
  }

  #set(enrolled: EnrolledSensor): void {
    this.#sensors.set(enrolled.sensor, enrolled)
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#sensors.values()]), { mode: 0o600, flush: true })
    renameSync(`${this.#path}.new`, this.#path)
  }
}

function action(what: string, by: string, target: string, detail: string): ControlRecord {
  return { kind: 'operator-action', actionId: randomUUID(), action: what, by, target, detail, outcome: 'done' }
}

function refused(message: string): Enrolled {
  return { status: 'refused', message }
}

function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    // Not PEM, or of a kind that OpenSSL does not know: as good as none.
    return undefined
  }
}
