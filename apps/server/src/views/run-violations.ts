import type { Answer } from '@holdfast/api'
import type { Event, EventBody } from '@holdfast/model'

type Violation = Answer<'getRun'>['violations'][number]
type Kernel = Extract<EventBody, { readonly kind: 'kernel' }>

/** What seccomp filters did to the programs of one run: a row for each program, call and outcome. */
export class RunViolations {
  readonly #rows = new Map<string, Violation>()
  readonly #most: number
  readonly #binaryOf: (process: string) => string | undefined
  readonly #conversationOf: (event: Event) => string | undefined
  #cut = 0

  /** `binaryOf`: the program that a process runs as of the events added so far. */
  constructor(given: {
    readonly rows: number
    readonly binaryOf: (process: string) => string | undefined
    readonly conversationOf: (event: Event) => string | undefined
  }) {
    this.#most = given.rows
    this.#binaryOf = given.binaryOf
    this.#conversationOf = given.conversationOf
  }

  /** Rows beyond the bound. */
  get cut(): number {
    return this.#cut
  }

  add(event: Event, { action, target, details }: Kernel): void {
    const { id, context } = event
    if (action !== 'seccomp-refused') return
    const { process, isSetup = false } = context
    const { architecture, errno, artifact } = details
    const mode = MODES.find((known) => known === details['mode'])
    // Logs from before the outcome was told have the answer alone.
    const outcome = OUTCOMES.find((known) => known === details['outcome']) ?? 'refused'
    const basis = BASES.find((known) => known === details['basis']) ?? 'answer'
    const conversation = this.#conversationOf(event)
    const key = JSON.stringify([process, target, architecture, outcome, errno, basis, conversation])
    const known = this.#rows.get(key)
    if (known !== undefined) {
      known.count += 1
    } else if (this.#rows.size === this.#most) {
      this.#cut += 1
    } else {
      const binary = process === undefined ? undefined : this.#binaryOf(process)
      this.#rows.set(key, {
        event: id,
        call: target,
        ...(architecture === undefined ? {} : { architecture }),
        outcome,
        ...(errno === undefined ? {} : { errno: Number(errno) }),
        basis,
        ...(process === undefined ? {} : { process }),
        ...(binary === undefined ? {} : { binary }),
        isSetup,
        ...(artifact === undefined ? {} : { artifact }),
        ...(mode === undefined ? {} : { mode }),
        ...(conversation === undefined ? {} : { conversation }),
        count: 1,
      })
    }
  }

  answer(): Violation[] {
    return [...this.#rows.values()]
  }
}

const OUTCOMES = ['refused', 'trapped', 'killed', 'logged'] as const
const MODES = ['monitor', 'enforce'] as const
const BASES = ['kernel', 'profile', 'answer'] as const
