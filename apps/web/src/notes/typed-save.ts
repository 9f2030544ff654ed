/** What is kept of a text that is being typed. `failed`: in the server's own words; it is tried again unless it `isOver`. */
export type SaveState =
  | { readonly status: 'idle' }
  | { readonly status: 'saving' }
  | { readonly status: 'saved' }
  | { readonly status: 'failed'; readonly why: string; readonly isOver: boolean }

export type TypedSaveOptions = {
  /** Resolves once it is durable. `edit` counts up. */
  readonly save: (text: string, edit: number) => Promise<unknown>
  readonly onState: (state: SaveState) => void
  /** True where a later text than the one here is kept: what is typed here would undo it. */
  readonly isConflict: (error: unknown) => boolean
  /** Counts on from here: what the server keeps already. */
  readonly edit: number
}

/**
 * Saves a text while it is typed: the first letter at once, and then whatever stands there whenever the save before has ended. There
 * is no pause in which a text is nowhere but in the tab, and never more than one save on its way.
 */
export class TypedSave {
  readonly #options: TypedSaveOptions
  #edit: number
  #waiting: string | undefined
  #isSaving = false
  #isOver = false

  constructor(options: TypedSaveOptions) {
    this.#options = options
    this.#edit = options.edit
  }

  type(text: string): void {
    if (this.#isOver) return
    this.#waiting = text
    this.again()
  }

  /** Sends what a failed save left; nothing where nothing waits. */
  again(): void {
    if (!this.#isSaving && this.#waiting !== undefined) void this.#saveOn()
  }

  /** What is typed and not on its way yet, with the number that its save would have; for the end of a page. */
  left(): { readonly text: string; readonly edit: number } | undefined {
    return this.#waiting === undefined ? undefined : { text: this.#waiting, edit: this.#edit + 1 }
  }

  async #saveOn(): Promise<void> {
    this.#isSaving = true
    for (let text = this.#waiting; text !== undefined; text = this.#waiting) {
      this.#waiting = undefined
      this.#options.onState({ status: 'saving' })
      try {
        await this.#options.save(text, ++this.#edit)
      } catch (error) {
        this.#isOver = this.#options.isConflict(error)
        // It waits on: for the next key, for another try, and for the end of the page.
        this.#waiting = this.#isOver ? undefined : (this.#waiting ?? text)
        this.#isSaving = false
        const why = error instanceof Error ? error.message : String(error)
        this.#options.onState({ status: 'failed', why, isOver: this.#isOver })
        return
      }
    }
    this.#isSaving = false
    this.#options.onState({ status: 'saved' })
  }
}
