/** The only error of this package. `code` says what a caller can do about it; messages hold no secret. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError'
  /**
   * - `unavailable`: no answer, or one that says to come back; it may work later.
   * - `refused`: the other side knows us and says no.
   * - `unusable`: what was configured or answered makes no sense.
   */
  readonly code: 'unavailable' | 'refused' | 'unusable'

  constructor(code: ConnectorError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What failed, as one line for a record. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
