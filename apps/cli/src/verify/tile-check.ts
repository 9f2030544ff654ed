import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Report } from './report.ts'
import { nodeHash } from './rfc6962.ts'

const WIDTH = 256
const LEVEL_STEP = 2 ** 40

/** Rebuilds the C2SP tiles from leaf hashes and compares each with the stored one, as soon as it is whole. */
export class TileCheck {
  readonly #stored: StatementSync
  readonly #count: StatementSync
  readonly #report: Report
  readonly #levels: { index: number; hashes: Buffer[] }[] = []
  #compared = 0
  /** Set where entries were left out or put in, which is reported elsewhere: no tile after that can hold what is stored. */
  isShifted = false

  constructor(db: DatabaseSync, report: Report) {
    this.#stored = db.prepare('SELECT hashes FROM tiles WHERE id = ? AND length(hashes) <= 8192')
    this.#count = db.prepare('SELECT count(*) AS n FROM tiles')
    this.#report = report
  }

  push(hash: Buffer, level = 0): void {
    const tile = (this.#levels[level] ??= { index: 0, hashes: [] })
    tile.hashes.push(hash)
    if (tile.hashes.length < WIDTH) return
    this.#compare(level, tile.index, tile.hashes)
    this.push(rootOf(tile.hashes), level + 1)
    tile.index++
    tile.hashes = []
  }

  /** Compares the tiles that are not full, and counts: a tile too many is a change too. */
  finish(size: number): void {
    for (const [level, { index, hashes }] of this.#levels.entries()) {
      if (hashes.length > 0) this.#compare(level, index, hashes)
    }
    const stored = Number(this.#count.get()?.['n'])
    this.#report.check(
      stored === this.#compared,
      'log.db',
      `has ${stored} tiles where ${size} entries make ${this.#compared}`,
    )
  }

  #compare(level: number, index: number, hashes: readonly Buffer[]): void {
    this.#compared++
    const stored = this.#stored.get(level * LEVEL_STEP + index)?.['hashes']
    const isSame = stored instanceof Uint8Array && Buffer.concat(hashes).equals(stored)
    const where = `tile ${index} of level ${level}`
    const what = 'does not hold the hashes of the entries under it'
    if (!isSame && this.isShifted)
      this.#report.follow(where, what, 'tiles do not hold the hashes of the entries that are left')
    else this.#report.check(isSame, where, what)
  }
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Buffer, row[2 * i + 1] as Buffer)) // even width
  }
  return row[0] as Buffer // a tile has hashes
}
