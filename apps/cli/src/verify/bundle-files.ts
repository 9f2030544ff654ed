import { parseManifest } from './manifest.ts'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'
import { parseStrictJson } from './strict-json.ts'
import type { StrictZip, ZipEntry } from './zip.ts'

/** No file of a bundle but what the caller added is larger than one body, 16 MiB; those have this bound as well. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
const TAG_FILES = ['README.txt', 'bagit.txt', 'manifest-sha256.txt']

/** The files of a bundle by name. What cannot be read of them is reported. */
export class BundleFiles {
  readonly #zip: StrictZip
  readonly #report: Report
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #changed = new Set<string>()

  constructor(zip: StrictZip, report: Report) {
    this.#zip = zip
    this.#report = report
    this.#entries = new Map(zip.entries.map((entry) => [entry.name, entry]))
  }

  /** Of the file that holds them all. */
  get bytes(): number {
    return this.#zip.bytes
  }

  get size(): number {
    return this.#entries.size
  }

  names(): Iterable<string> {
    return this.#entries.keys()
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** True of a file that does not have the digest of its manifest. */
  isChanged(name: string): boolean {
    return this.#changed.has(name)
  }

  /** BagIt: every file is in exactly one manifest, with its digest. Gives back the payload's digests. */
  checkManifests(): ReadonlyMap<string, string> | undefined {
    const payload = this.#manifest('manifest-sha256.txt')
    const tags = this.#manifest('tagmanifest-sha256.txt')
    for (const entry of this.#zip.entries) {
      const { name } = entry
      if (name === 'tagmanifest-sha256.txt') continue
      const expected = name.startsWith('data/') ? payload?.get(name) : tags?.get(name)
      // Of a manifest that cannot be read every file is missing.
      if ((name.startsWith('data/') ? payload : tags) === undefined) {
        this.#report.follow(name, 'is in no manifest', 'files have no manifest that can be read')
        continue
      }
      if (!this.#report.check(expected !== undefined, name, 'is in no manifest')) continue
      const content = this.#zip.read(entry, MAX_FILE_BYTES, this.#report)
      if (content === undefined) continue
      const isSame = sha256(content).toString('hex') === expected
      if (!this.#report.check(isSame, name, 'does not have the digest of its manifest')) this.#changed.add(name)
    }
    for (const name of payload?.keys() ?? []) {
      const isThere = name.startsWith('data/') && this.has(name)
      this.#report.check(isThere, name, 'is in the manifest but not in the bundle')
    }
    const listed = [...(tags?.keys() ?? [])].join(' ')
    this.#report.check(listed === TAG_FILES.join(' '), 'tagmanifest-sha256.txt', `lists ${listed}`)
    const bagit = this.text('bagit.txt')
    const isBag = bagit === 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
    this.#report.check(isBag, 'bagit.txt', 'is not that of a BagIt 1.0 bag')
    return payload
  }

  /** Undefined, and reported, where the file is absent or is not canonical JSON. */
  json(name: string): unknown {
    const text = this.text(name)
    if (text === undefined) return undefined
    const parsed = parseStrictJson(text)
    this.#report.check(parsed !== undefined, name, 'is not canonical JSON')
    return parsed?.value
  }

  /** Undefined, and reported, where the file is absent or is not UTF-8. */
  text(name: string): string | undefined {
    const content = this.content(name)
    if (content === undefined) return undefined
    const text = content.toString('utf8')
    return this.#report.check(Buffer.from(text).equals(content), name, 'is not UTF-8') ? text : undefined
  }

  /** Undefined, and reported, where the file is absent or cannot be unpacked. */
  content(name: string): Buffer | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined) {
      this.#report.add(name, 'is absent')
      return undefined
    }
    return this.#zip.read(entry, MAX_FILE_BYTES, this.#report)
  }

  #manifest(name: string): Map<string, string> | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : parseManifest(name, text, this.#report)
  }
}
