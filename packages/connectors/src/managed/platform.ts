/** One answer of a provider as it came, with the call that it answers. Untrusted. */
export type ProviderAnswer = {
  /** `bedrock:GetAgent`, `aiplatform:reasoningEngines.list`. */
  readonly api: string
  /** The body, verbatim. */
  readonly body: string
}

/** What the import reads: a document of an agent, or records of telemetry. */
export type ManagedFile = { readonly name: string; readonly text: string }

/** What one sweep of a platform read. Nothing of an answer is left out: what is not understood is in the file as well. */
export type Gathered = {
  readonly files: readonly ManagedFile[]
  readonly answers: readonly ProviderAnswer[]
  /** From an act to the record of it that could be read, by the provider's own two times, in milliseconds. */
  readonly delaysMs: readonly number[]
  /** Calls that failed, by name, with the reason. */
  readonly failures: readonly { readonly api: string; readonly why: string }[]
  /** Agents or records beyond the bound. */
  readonly leftOut: number
  /** Whether a bound ended the reading before its last page: there is more than `leftOut` can count. */
  readonly isCut: boolean
}

/** From the first, up to the second. */
export type TelemetryOf = { readonly since: Date; readonly until: Date }

/** A platform that hosts agents. It is asked and never changed. */
export type ManagedPlatform = {
  readonly name: string
  readonly platform: 'bedrock' | 'vertex' | 'foundry'
  /** What it is, for people. */
  readonly reaches: string
  /** The agents that are there now. Never throws: what failed is in the answer. */
  readonly inventory: () => Promise<Gathered>
  /** Records of a window, in any order. Never throws. */
  readonly telemetry: (window: TelemetryOf) => Promise<Gathered>
}

/** Collects what a sweep reads, call by call. */
export class Gathering {
  readonly #files: ManagedFile[] = []
  readonly #answers: ProviderAnswer[] = []
  readonly #delaysMs: number[] = []
  readonly #failures: { readonly api: string; readonly why: string }[] = []
  #leftOut = 0
  #isCut = false

  answer(answer: ProviderAnswer): void {
    this.#answers.push(answer)
  }

  file(file: ManagedFile): void {
    this.#files.push(file)
  }

  delay(ms: number): void {
    // A provider whose clock is ahead of itself says nothing about delay.
    if (Number.isFinite(ms) && ms >= 0) this.#delaysMs.push(ms)
  }

  leaveOut(count: number): void {
    this.#leftOut += count
  }

  /** There are further pages, which a bound does not let in. */
  cut(): void {
    this.#isCut = true
    this.#leftOut++
  }

  /** Undefined where the call failed; one call that fails keeps nobody from the others. */
  async call<T>(api: string, question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question()
    } catch (error) {
      this.#failures.push({ api, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) })
      return undefined
    }
  }

  gathered(): Gathered {
    return {
      files: this.#files,
      answers: this.#answers,
      delaysMs: this.#delaysMs,
      failures: this.#failures,
      leftOut: this.#leftOut,
      isCut: this.#isCut,
    }
  }
}

/** An object of untrusted JSON; empty for anything else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // an object, and no list
    : {}
}

/** A list of untrusted JSON; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** JSON of an answer. Throws where it is none. */
export function jsonOf(body: string): Readonly<Record<string, unknown>> {
  return objectOf(JSON.parse(body))
}
