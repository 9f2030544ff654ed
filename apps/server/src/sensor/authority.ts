// @peculiar/x509 needs it to be there first.
import 'reflect-metadata'
import { webcrypto, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509Certificate as IssuedCertificate,
} from '@peculiar/x509'
import { AUTHORITY_YEARS, CERTIFICATE_BACKDATED_MS, SENSOR_CERTIFICATE_YEARS } from './limits.ts'

/** The name by which sensors know the server; who it is, the authority's certificate says and not a DNS name. */
export const SERVER_NAME = 'holdfast-server'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const YEAR_MS = 365 * 24 * 60 * 60 * 1000

/** PEM texts of one end of a connection. */
export type Credential = { readonly key: string; readonly certificate: string }

/**
 * The authority of one data folder, which knows the sensors of other hosts by certificates that it made: nobody else's
 * count. Its key lies in the folder, mode 0600, as the key does that signs checkpoints.
 */
export class SensorAuthority {
  readonly certificate: string
  readonly #own: IssuedCertificate
  readonly #key: webcrypto.CryptoKey

  static async open(folder: string): Promise<SensorAuthority> {
    const path = join(folder, 'sensor-authority.json')
    if (!existsSync(path)) save(path, await makeAuthority())
    // Written by this program into a folder that nobody but its owner may enter.
    const { key, certificate } = JSON.parse(readFileSync(path, 'utf8')) as Credential
    const signing = await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(key), ALGORITHM, true, ['sign'])
    return new SensorAuthority(certificate, signing)
  }

  private constructor(certificate: string, key: webcrypto.CryptoKey) {
    this.certificate = certificate
    this.#own = new IssuedCertificate(certificate)
    this.#key = key
  }

  /** SHA-256 of the authority's certificate, hex: a token carries it, so that a sensor knows the server before it speaks. */
  get fingerprint(): string {
    return new X509Certificate(this.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
  }

  /** A new key and certificate for this server, good for as long as it runs. */
  async serverCredential(): Promise<Credential> {
    const keys = await makeKeys()
    const certificate = await this.#issue({ name: SERVER_NAME, key: keys.publicKey, use: ExtendedKeyUsage.serverAuth })
    return { key: await pemOf(keys.privateKey), certificate }
  }

  /** The certificate of a sensor for a public key that it has proven to hold. */
  async sensorCertificate(sensor: string, key: KeyObject): Promise<string> {
    const spki = key.export({ type: 'spki', format: 'der' })
    const imported = await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify'])
    return await this.#issue({ name: sensor, key: imported, use: ExtendedKeyUsage.clientAuth })
  }

  /** `use` keeps a sensor's certificate from passing for the server's. */
  async #issue(of: {
    readonly name: string
    readonly key: webcrypto.CryptoKey
    readonly use: ExtendedKeyUsage
  }): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: [of.name] }],
      issuer: this.#own.subject,
      ...validFor(SENSOR_CERTIFICATE_YEARS),
      publicKey: of.key,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([of.use], true),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: of.name }]),
      ],
    })
    return certificate.toString('pem')
  }
}

async function makeAuthority(): Promise<Credential> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['holdfast sensor authority'] }],
    ...validFor(AUTHORITY_YEARS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  })
  return { key: await pemOf(keys.privateKey), certificate: certificate.toString('pem') }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/** The clock of another host may be behind ours. */
function validFor(years: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - CERTIFICATE_BACKDATED_MS), notAfter: new Date(now + years * YEAR_MS) }
}

function save(path: string, authority: Credential): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, JSON.stringify(authority), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
