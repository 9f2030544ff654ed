import { statfsSync } from 'node:fs'
import { RecorderError } from './errors.ts'
import type { RecorderLimits } from './limits.ts'

export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number }

/** Keeps ordinary content off a disk that is nearly full, while control records still have a reserve. */
export class DiskGuard {
  readonly #ask: () => DiskSpace
  readonly #limits: RecorderLimits
  #space: DiskSpace = { freeBytes: 0, totalBytes: 0 }
  #askedAtMs = Number.NEGATIVE_INFINITY

  constructor(ask: () => DiskSpace, limits: RecorderLimits) {
    this.#ask = ask
    this.#limits = limits
  }

  /** At most `diskCheckMs` old. */
  space(): DiskSpace {
    const now = performance.now()
    if (now - this.#askedAtMs >= this.#limits.diskCheckMs) {
      this.#space = this.#ask()
      this.#askedAtMs = now
    }
    return this.#space
  }

  /** Free bytes that ordinary content needs. */
  neededBytes(): number {
    const { controlReserveBytes, freeDiskFraction } = this.#limits
    return Math.ceil(Math.max(this.space().totalBytes * freeDiskFraction, 2 * controlReserveBytes))
  }

  /** Throws `unavailable` where too little is free. */
  check(isControl: boolean): void {
    const { freeBytes } = this.space()
    const needed = isControl ? this.#limits.controlReserveBytes : this.neededBytes()
    if (freeBytes >= needed) return
    throw new RecorderError('unavailable', `${freeBytes} bytes are free on the disk, ${needed} are needed`)
  }
}

export function diskSpaceOf(folder: string): DiskSpace {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
