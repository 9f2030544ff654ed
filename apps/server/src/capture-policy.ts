import type { CapturePolicy } from '@holdfast/model'
import type { ControlEntry, Recorder } from '@holdfast/recorder'

/** The first policy of a new folder: loopback senders, content kept, credentials masked. */
const FIRST_POLICY: CapturePolicy = { name: 'loopback', senders: 'loopback', content: 'kept', credentials: 'masked' }

/** The capture policy in force, as the log has it. Without one nothing is stored (FC15). */
export class PolicyStore {
  readonly #recorder: Pick<Recorder, 'appendControl'>
  /** Changed only once the record of the change is durable. */
  #policy: CapturePolicy | undefined

  /** Reads the policy of a folder; a folder that never had one gets the first, recorded as `by`. */
  static async open(options: {
    readonly recorder: Pick<Recorder, 'appendControl'>
    readonly recorded: readonly ControlEntry<'capture-policy'>[]
    readonly by: string
  }): Promise<PolicyStore> {
    const last = options.recorded.at(-1)?.record
    const store = new PolicyStore(options.recorder, last?.policy)
    if (last === undefined) await store.replace(FIRST_POLICY, options.by)
    return store
  }

  private constructor(recorder: Pick<Recorder, 'appendControl'>, policy: CapturePolicy | undefined) {
    this.#recorder = recorder
    this.#policy = policy
  }

  current(): CapturePolicy | undefined {
    return this.#policy
  }

  /** Recorded first, then in force (FC3). */
  async replace(policy: CapturePolicy | undefined, by: string): Promise<void> {
    await this.#recorder.appendControl({ kind: 'capture-policy', policy, by })
    this.#policy = policy
  }
}
