import { LAYOUTS_KEPT } from '../../limits.ts'
import { layoutable, layoutHash, type Layoutable } from './layout-hash.ts'
import type { Placed } from './layout.ts'

export type LayOut = (graph: Layoutable) => Promise<Placed>

/** Places by the content of what is placed: the same drawing, on whatever page or at whatever instant, is laid out once. */
export class Layouts {
  readonly #layOut: LayOut
  readonly #kept = new Map<string, Placed | Promise<Placed>>()

  constructor(layOut: LayOut) {
    this.#layOut = layOut
  }

  /** At once where the drawing was laid out before. */
  of(graph: Layoutable): Placed | Promise<Placed> {
    const hash = layoutHash(graph)
    const known = this.#kept.get(hash)
    if (known !== undefined) {
      this.#kept.delete(hash)
      this.#kept.set(hash, known)
      return known
    }
    const made = this.#layOut(layoutable(graph))
    this.#kept.set(hash, made)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= LAYOUTS_KEPT) break
      this.#kept.delete(oldest)
    }
    made.then(
      (placed) => {
        if (this.#kept.get(hash) === made) this.#kept.set(hash, placed)
      },
      // The next look tries again; who waits for this one is told by the promise itself.
      () => this.#kept.delete(hash),
    )
    return made
  }
}
