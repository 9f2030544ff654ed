import type { DiagnosticWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, paintOf, printDocument, say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type { AboutFlags, AskFlags } from './command.ts'
import { diagnosticText, questionText } from './text.ts'

/** Prints what the questions and capabilities came to; ends with 0 whatever the verdicts are. */
export async function diagnose(this: CliContext, flags: AskFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  if (flags.record !== (flags.reason !== undefined))
    throw new CliError('usage', 'an audit is recorded with both: --record --reason TEXT')
  const api = openApi(this, flags)
  const about = await aboutOf(api, flags)
  const diagnostic = await api.call('getDiagnostic', { query: about })
  const shown = only(diagnostic, flags.question)
  if (format === 'table') {
    const paint = paintOf(this)
    const [question] = shown.questions
    this.stdout.write(
      flags.question === undefined || question === undefined
        ? diagnosticText(diagnostic, paint)
        : questionText(diagnostic, question, paint),
    )
  } else printDocument(this, format, shown)
  if (flags.reason === undefined) return
  const { entry, changes } = await api.call('holdSelfAudit', {
    body: { agent: diagnostic.agent, ...(about.at === undefined ? {} : { at: about.at }), reason: flags.reason },
  })
  say(this, `recorded as log entry ${entry}; ${changes.length} verdicts differ from the audit before it`)
}

/** The agent by its id, and the instant as the API takes it. */
export async function aboutOf(
  api: Api,
  { agent, at }: AboutFlags,
): Promise<{ readonly agent?: string; readonly at?: string }> {
  return {
    ...(agent === undefined ? {} : { agent: (await resolveAgent(api, agent)).id }),
    ...(at === undefined ? {} : { at: instantOf('at', at, Date.now()) }),
  }
}

function only(diagnostic: DiagnosticWire, question: AskFlags['question']): DiagnosticWire {
  if (question === undefined) return diagnostic
  return { ...diagnostic, questions: diagnostic.questions.filter(({ id }) => id === question) }
}
