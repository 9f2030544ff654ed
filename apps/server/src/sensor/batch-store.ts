import { batchTerm, type BatchName } from '@holdfast/capture'
import type { CapturePolicy, EntryGroup } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import { REMEMBERED_STARTS } from './limits.ts'

/** What a batch holds, by the reader of its sender's format. */
export type ReadBatch =
  | { readonly status: 'scanned'; readonly groups: readonly EntryGroup[]; readonly entries: number }
  | { readonly status: 'malformed'; readonly message: string }

export type BatchOutcome =
  | { readonly status: 'stored'; readonly entries: number }
  /** The log has it already: the answer to an earlier try was lost. */
  | { readonly status: 'known' }
  | { readonly status: 'refused'; readonly code: 'malformed' | 'no-policy'; readonly message: string }

export type BatchStoreOptions = {
  readonly append: (groups: readonly EntryGroup[]) => Promise<unknown>
  readonly reader: Pick<LogReader, 'segmentsWithTerm'>
  readonly policy: () => CapturePolicy | undefined
}

/**
 * Stores batches exactly once. A batch and the term that names it are appended together or not at all, so that what the
 * log holds after any crash says which batches must not be stored again.
 */
export class BatchStore {
  readonly #options: BatchStoreOptions
  /** Highest sequence of each start that was appended or found in the log; a driver counts upwards. */
  readonly #highest = new Map<string, number>()
  /** Starts of which this process has appended a batch: what follows in their order cannot be in the log yet. */
  readonly #followed = new Set<string>()
  /** The batch of each start that is being appended; the next waits for it. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(options: BatchStoreOptions) {
    this.#options = options
  }

  /** Resolves once the batch is durable. Rejects with the recorder's error, and then nothing of it is stored. */
  store(name: BatchName, read: () => ReadBatch): Promise<BatchOutcome> {
    const key = `${name.sensor}/${name.start}`
    const before = this.#last.get(key) ?? Promise.resolve()
    // Whatever became of the one before, this one is judged for itself.
    const outcome = before.then(
      () => this.#storeNext(name, read),
      () => this.#storeNext(name, read),
    )
    this.#last.delete(key)
    this.#last.set(key, outcome)
    this.#forgetOldest()
    return outcome
  }

  /** Senders start and end all the time. What is forgotten is looked up in the log, should it ever speak again. */
  #forgetOldest(): void {
    const oldest = this.#last.size > REMEMBERED_STARTS ? this.#last.keys().next().value : undefined
    if (oldest === undefined) return
    this.#last.delete(oldest)
    this.#highest.delete(oldest)
    this.#followed.delete(oldest)
  }

  async #storeNext(name: BatchName, read: () => ReadBatch): Promise<BatchOutcome> {
    const key = `${name.sensor}/${name.start}`
    if (this.#isKnown(key, name)) return { status: 'known' }
    const policy = this.#options.policy()
    if (policy === undefined) return noPolicy('no capture policy is set: nothing is stored') // FC15
    if (policy.content === 'suppressed') return noPolicy(`the capture policy ${policy.name} suppresses content`)
    const scanned = read()
    if (scanned.status === 'malformed') return { status: 'refused', code: 'malformed', message: scanned.message }
    if (scanned.groups.length > 0) await this.#options.append(scanned.groups)
    this.#highest.set(key, name.sequence)
    this.#followed.add(key)
    return { status: 'stored', entries: scanned.entries }
  }

  #isKnown(key: string, name: BatchName): boolean {
    const highest = this.#highest.get(key)
    if (highest !== undefined && name.sequence <= highest) return true
    if (this.#followed.has(key)) return false
    // The log may have it from the process before this one. Terms are 48 bits of a hash: with a billion of them, two of
    // different batches meet once in 300,000 such questions, which are asked after restarts only.
    const isLogged = !this.#options.reader.segmentsWithTerm(batchTerm(name)).next().done
    if (isLogged) this.#highest.set(key, name.sequence)
    return isLogged
  }
}

function noPolicy(message: string): BatchOutcome {
  return { status: 'refused', code: 'no-policy', message }
}
