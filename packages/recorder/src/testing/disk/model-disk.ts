import type { DiskStep } from './disk-step.ts'

/** Files by name, as a disk holds them after the power came back. */
export type DiskImage = ReadonlyMap<string, Buffer>

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number }

/** A file apart from its names: what is on the disk for sure, and what may or may not be. */
type Inode = { durable: Buffer; readonly pending: Change[] }

type NameChange =
  | { readonly kind: 'link'; readonly name: string; readonly inode: Inode }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string; readonly inode: Inode }
  | { readonly kind: 'unlink'; readonly name: string }

/** What a disk writes whole: the sector of old disks, and the page of the kernel's cache. */
const UNITS = [512, 4096] as const

/**
 * A disk that keeps only what it was told to keep. A sync of a file makes its bytes and its size durable, a sync of the
 * folder its names; of everything else any part may be there after a power cut, in any order, torn at any sector.
 */
export class ModelDisk {
  readonly #names = new Map<string, Inode>()
  readonly #durableNames = new Map<string, Inode>()
  #pendingNames: NameChange[] = []

  apply(step: DiskStep): void {
    switch (step.kind) {
      case 'create': {
        const inode: Inode = { durable: Buffer.alloc(0), pending: [] }
        this.#rename({ kind: 'link', name: step.name, inode })
        return
      }
      case 'rename':
        return this.#rename({ ...step, kind: 'rename', inode: this.#inode(step.name) })
      case 'remove':
        return this.#rename({ kind: 'unlink', name: step.name })
      case 'write':
      case 'truncate':
        this.#inode(step.name).pending.push(step)
        return
      case 'sync':
        return step.name === '' ? this.#syncNames() : this.#syncFile(this.#inode(step.name))
      case 'said':
        return
    }
  }

  /** One state that a power cut at this instant may leave; which one, `random` chooses. */
  image(random: () => number): DiskImage {
    const names = new Map(this.#durableNames)
    for (const change of chosen(this.#pendingNames, random)) applyName(names, change)
    const image = new Map<string, Buffer>()
    for (const [name, { durable, pending }] of names) {
      const file = chosen(pending, random).reduce((bytes, change) => applyPart(bytes, change, random), durable)
      image.set(name, file)
    }
    return image
  }

  #inode(name: string): Inode {
    const inode = this.#names.get(name)
    if (inode === undefined) throw new Error(`the trace uses ${name} before it is made`)
    return inode
  }

  #rename(change: NameChange): void {
    applyName(this.#names, change)
    this.#pendingNames.push(change)
  }

  #syncNames(): void {
    for (const change of this.#pendingNames) applyName(this.#durableNames, change)
    this.#pendingNames = []
  }

  #syncFile(inode: Inode): void {
    for (const change of inode.pending.splice(0)) inode.durable = apply(inode.durable, change)
  }
}

/** All, none, the first ones, or any of the changes; in their order, for the last one wins in the kernel's cache. */
function chosen<T>(changes: readonly T[], random: () => number): readonly T[] {
  const way = Math.floor(random() * 4)
  if (way === 0) return changes
  if (way === 1) return []
  if (way === 2) return changes.slice(0, Math.floor(random() * (changes.length + 1)))
  return changes.filter(() => random() < 0.5)
}

function applyName(names: Map<string, Inode>, change: NameChange): void {
  if (change.kind === 'unlink' || change.kind === 'rename') names.delete(change.name)
  if (change.kind === 'link') names.set(change.name, change.inode)
  if (change.kind === 'rename') names.set(change.to, change.inode)
}

/** The whole change, or those of its sectors that reached the disk. */
function applyPart(bytes: Buffer, change: Change, random: () => number): Buffer {
  if (change.kind === 'truncate' || random() < 0.7) return apply(bytes, change)
  const unit = UNITS[Math.floor(random() * UNITS.length)] ?? 512
  let torn = bytes
  const end = change.offset + change.bytes.length
  for (let at = change.offset; at < end; at = Math.floor(at / unit + 1) * unit) {
    if (random() < 0.5) continue
    const part = change.bytes.subarray(at - change.offset, Math.floor(at / unit + 1) * unit - change.offset)
    torn = apply(torn, { kind: 'write', offset: at, bytes: part })
  }
  return torn
}

/** A new buffer: images share what is durable. What lies between the old end and a write is zero. */
function apply(bytes: Buffer, change: Change): Buffer {
  const size = change.kind === 'truncate' ? change.size : Math.max(bytes.length, change.offset + change.bytes.length)
  const next = Buffer.alloc(size)
  bytes.copy(next)
  if (change.kind === 'write') change.bytes.copy(next, change.offset)
  return next
}
