import type { DiagnosticWire } from '@holdfast/api'
import type { DiagnosticQuestion } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, paintOf, printDocument, say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import { instantOf } from '../../instant.ts'
import type { AboutFlags, AskFlags } from './command.ts'
import { diagnosticText, questionText } from './text.ts'

/** Prints what the questions and capabilities came to; ends with 0 whatever the verdicts are. */
export async function diagnose(
  this: CliContext,
  flags: AskFlags,
  ...named: readonly DiagnosticQuestion[]
): Promise<void> {
  const format = formatOf(flags, 'table')
  if (flags.record !== (flags.reason !== undefined))
    throw new CliError('usage', 'an audit is recorded with both: --record --reason TEXT')
  if (flags.question !== undefined && named.length > 0)
    throw new CliError('usage', 'name a question once: by --question or as a word')
  const asked = new Set(flags.question === undefined ? named : [flags.question])
  const api = openApi(this, flags)
  const about = await aboutOf(api, flags)
  const diagnostic = await api.call('getDiagnostic', { query: about })
  const shown = asked.size === 0 ? diagnostic : only(diagnostic, asked)
  if (format === 'table') {
    const paint = paintOf(this)
    this.stdout.write(
      asked.size === 0
        ? diagnosticText(diagnostic, paint)
        : shown.questions.map((question) => questionText(diagnostic, question, paint)).join('\n'),
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

function only(diagnostic: DiagnosticWire, asked: ReadonlySet<DiagnosticQuestion>): DiagnosticWire {
  return { ...diagnostic, questions: diagnostic.questions.filter(({ id }) => asked.has(id)) }
}
