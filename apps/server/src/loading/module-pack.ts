import { closeSync, fstatSync, openSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs'

/** Where an import of a module leads, and what kind of module Node takes that for. */
export type Target = { readonly url: string; readonly format: string | undefined }

/** A module as it is run: without its types, and with its imports looked up. `stamp` tells its file from what it was before. */
export type PackedModule = {
  readonly stamp: string
  readonly source: string
  readonly imports: ReadonlyMap<string, Target>
}

/** What the file begins with, after the length of it; the texts follow in the order of `modules`. */
type Index = {
  readonly conditions: string
  /** Files that had a say in where an import leads. */
  readonly deciders: readonly (readonly [path: string, stamp: string])[]
  readonly targets: readonly (readonly [url: string, format: string | null])[]
  readonly modules: readonly (readonly [url: string, stamp: string, bytes: number, imports: readonly Import[]])[]
}

type Import = readonly [specifier: string, placeInTargets: number]
type Place = {
  readonly stamp: string
  readonly from: number
  readonly bytes: number
  readonly imports: readonly Import[]
}

const LENGTH_BYTES = 4

/** What Node found out about the modules of one program, in one file. It gives a module as long as its file is the one packed. */
export class ModulePack {
  /** What imports were looked up under ("import", "node" and what the command line adds). */
  readonly conditions: string
  readonly #file: number
  readonly #targets: readonly Target[]
  readonly #places = new Map<string, Place>()

  /** Undefined where there is none, or where an import may lead elsewhere by now. */
  static open(path: string): ModulePack | undefined {
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      const length = bytesAt(file, { from: 0, bytes: LENGTH_BYTES }).readUInt32LE()
      const index = JSON.parse(bytesAt(file, { from: LENGTH_BYTES, bytes: length }).toString()) as Index // of savePack below
      const whole = index.modules.reduce((sum, [, , bytes]) => sum + bytes, LENGTH_BYTES + length)
      if (fstatSync(file).size === whole && index.deciders.every(([name, stamp]) => stampOf(name) === stamp))
        return new ModulePack(file, { index, textsFrom: LENGTH_BYTES + length })
    } catch {
      // None yet, or one that cannot be read: modules are then found as Node finds them, and packed anew.
    }
    if (file !== undefined) closeSync(file)
    return undefined
  }

  private constructor(file: number, { index, textsFrom }: { readonly index: Index; readonly textsFrom: number }) {
    this.#file = file
    this.conditions = index.conditions
    this.#targets = index.targets.map(([url, format]) => ({ url, format: format ?? undefined }))
    let from = textsFrom
    for (const [url, stamp, bytes, imports] of index.modules) {
      this.#places.set(url, { stamp, from, bytes, imports })
      from += bytes
    }
  }

  /** The module of that URL; undefined where it is not packed, or its file has another stamp. */
  read(url: string, stamp: string): PackedModule | undefined {
    const place = this.#places.get(url)
    if (place?.stamp !== stamp) return undefined
    const imports = new Map<string, Target>()
    for (const [specifier, number] of place.imports) {
      const target = this.#targets[number]
      if (target !== undefined) imports.set(specifier, target)
    }
    return { stamp, source: bytesAt(this.#file, place).toString(), imports }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** Renamed into place: whoever starts meanwhile finds it whole, or the one before it. */
export function savePack(
  path: string,
  {
    conditions,
    deciders,
    modules,
  }: {
    readonly conditions: string
    readonly deciders: readonly string[]
    readonly modules: ReadonlyMap<string, PackedModule>
  },
): void {
  const targets: (readonly [string, string | null])[] = []
  const numbers = new Map<string, number>()
  const numberOf = ({ url, format }: Target): number => {
    const known = numbers.get(url)
    if (known !== undefined) return known
    numbers.set(url, targets.length)
    return targets.push([url, format ?? null]) - 1
  }
  const texts = [...modules.values()].map(({ source }) => Buffer.from(source))
  const index: Index = {
    conditions,
    deciders: deciders.map((name) => [name, stampOf(name)] as const),
    modules: [...modules].map(([url, { stamp, imports }], i) => [
      url,
      stamp,
      texts[i]?.length ?? 0,
      [...imports].map(([specifier, target]) => [specifier, numberOf(target)] as const),
    ]),
    targets,
  }
  const head = Buffer.from(JSON.stringify(index))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(head.length)
  const whole = `${path}.${process.pid}-${performance.now()}`
  writeFileSync(whole, Buffer.concat([length, head, ...texts]), { mode: 0o600 })
  renameSync(whole, path)
}

/** Differs once a file was written, replaced or taken away; empty where there is none. Not by its ctime, which a hard link changes. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`
}

function bytesAt(file: number, { from, bytes }: { readonly from: number; readonly bytes: number }): Buffer {
  const read = Buffer.allocUnsafe(bytes)
  if (readSync(file, read, 0, bytes, from) !== bytes) throw new Error('the file ends before its modules do')
  return read
}
