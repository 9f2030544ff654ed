import { approvalWords, type ResponseDecisionWire } from '@holdfast/api'
import { wordsAs } from '../../called-as.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { PlanFlags } from './plan-command.ts'
import { planNext } from './plan-next.ts'
import { plansOf, showPlan } from './response.ts'

/** Prints what the ladder says of an incident. */
export async function incidentsPlan(this: CliContext, flags: PlanFlags, id: string): Promise<void> {
  const { live, restartable, harm, reversible, reach, narrow, duties, takeover, failedProbe } = flags
  const query = { live, restartable, harm, reversible, reach, narrow, duties, takeover, failedProbe }
  const api = openApi(this, flags)
  const incident = await resolveIncident(api, id)
  if (flags.make)
    return showPlan(this, flags, await api.call('makeResponsePlan', { params: { incident }, body: { told: query } }))
  const decision = await api.call('planIncident', { params: { incident }, query })
  const format = formatOf(flags, 'table')
  if (format !== 'table') return printDocument(this, format, decision)
  const next = planNext(incident, await plansOf(api, incident)).map((line) => wordsAs(line, this.program))
  this.stdout.write(pageText(decision, paintOf(this), next))
}

function pageText(decision: ResponseDecisionWire, paint: Paint, next: readonly string[]): string {
  const { incident, type, row, steps, cuts, offers, softer, harder, receivers, duties, overlays, inputs } = decision
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines.map((line) => `  ${line}`)]
  return `${[
    `${paint.bold(incident)}  ${type}${decision.isProvisional ? paint.warn(', the type may still change') : ''}`,
    `row ${row.number}: ${row.words}`,
    deadlineText(decision),
    ...(duties.length === 0 ? [] : [paint.warn(`stopping it is itself reportable: ${duties.map(inert).join(', ')}`)]),
    ...list('RUNG', steps.flatMap(stepLines)),
    ...list(
      'CUTS',
      cuts.map(({ words, needsPerson, because }) => `${words} (${because}${needsPerson ? '; a person says yes' : ''})`),
    ),
    ...list(
      'OFFERED',
      offers.map(({ words }) => words),
    ),
    ...list(
      'RECEIVERS',
      receivers.map(({ receiver, words }) => `${inert(receiver)}: ${words}`),
    ),
    ...list(
      'WHY',
      overlays.map(({ id, words }) => `${id}  ${inert(words)}`),
    ),
    ...list('BESIDE IT', [...besideLines('softer', softer), ...besideLines('harder', harder)]),
    ...list(
      'CHOSEN BY',
      inputs.map(({ name, value, from }) => `${name}: ${inert(value)}${from === 'seen' ? '' : ` (${from})`}`),
    ),
    ...list('ASSUMED', decision.assumptions),
    '',
    ...next,
  ].join('\n')}\n`
}

function deadlineText({ deadline, deadlineMs, classifyWithinMs }: ResponseDecisionWire): string {
  const by =
    deadlineMs === undefined
      ? deadline === 'same-day'
        ? 'the same day'
        : 'no deadline'
      : `within ${spanText(deadlineMs)}`
  return `${by} of the graph${classifyWithinMs === undefined ? '' : `; type within ${spanText(classifyWithinMs)}`}`
}

function stepLines({ rung, code, stops, gates, approval }: ResponseDecisionWire['steps'][number]): readonly string[] {
  return [
    `${code} ${rung}: stops ${stops}`,
    `   decided by ${inert(approvalWords(approval))} (${inert(approval.why)})`,
    ...gates.map(({ words, isOpen }) => `   ${isOpen ? 'has' : 'waits for'}: ${words}`),
  ]
}

function besideLines(side: string, rung: ResponseDecisionWire['softer']): readonly string[] {
  if (rung === undefined) return []
  return [
    `${side} ${rung.code} ${rung.rung}: stops ${rung.stops}`,
    `   evidence: ${rung.evidenceCost}`,
    `   not taken: ${rung.whyNot}`,
  ]
}

function spanText(ms: number): string {
  return ms < 60_000 * 2 ? `${ms / 1_000} s` : ms < 3_600_000 * 2 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
}
