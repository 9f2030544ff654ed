import type { OwnWords } from './called-as.ts'
import type { ExitName } from './exit-codes.ts'

/** What a command cannot do, in words for its user. `code` names the exit code; a fault without one is a bug. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: ExitName
  /** The next step: a command or a setting. */
  readonly remedy: string | OwnWords | undefined

  constructor(code: ExitName, message: string, options: ErrorOptions & { readonly remedy?: string | OwnWords } = {}) {
    super(message, options)
    this.code = code
    this.remedy = options.remedy
  }
}
