import { counted } from '@holdfast/model'
import type { Answer, LearningWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printDocument } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { LearnFlags } from './learn-commands.ts'

/** Replays an incident and prints what it teaches; with `--apply` that holds where it was verified. */
export async function incidentsLearn(this: CliContext, flags: LearnFlags, id: string): Promise<void> {
  const { apply, withdraw, reason } = flags
  if (apply && withdraw !== undefined) throw new CliError('usage', '--apply and --withdraw are not given together')
  const api = openApi(this, flags)
  const incident = await resolveIncident(api, id)
  const learning =
    withdraw === undefined
      ? await api.call('learnFromIncident', { params: { incident }, body: { reason } })
      : ofIncident(withdraw, (await api.call('listLearnings', { query: { incident } })).items)
  const deed = withdraw === undefined ? 'applied' : 'withdrawn'
  const isDecided =
    withdraw !== undefined || (apply && (learning.state === 'verified' || learning.state === 'first-step'))
  const shown =
    isDecided && learning.id !== undefined
      ? await api.call('decideLearning', { params: { learning: learning.id }, body: { do: deed, reason } })
      : learning
  const detector = apply && shown.state === 'applied' ? await trained(api, incident, reason) : undefined
  const format = formatOf(flags, 'table')
  const document = { ...shown, ...(detector === undefined ? {} : { detector }) }
  if (format === 'table') this.stdout.write(pageText(document, paintOf(this)))
  else printDocument(this, format, document)
  // What was asked for did not come about: scripts must see it.
  if (apply && shown.state !== 'applied')
    throw new CliError('check-failed', `nothing was applied: ${shown.why}`, { remedy: 'the figures above say why' })
}

/** What a person confirmed is learned from by the detector as well, which accepts it by its own rule. */
async function trained(api: Api, incident: string, reason: string): Promise<Trained | undefined> {
  const { decision } = await api.call('getIncident', { params: { incident } })
  if (decision?.decision !== 'confirmed') return undefined
  const { card: _card, ...outcome } = await api.call('trainDetector', { body: { reason } })
  return outcome
}

type Trained = Omit<Answer<'trainDetector'>, 'card'>

function ofIncident(start: string, learnings: readonly LearningWire[]): LearningWire {
  const found = learnings.filter(({ id }) => id?.startsWith(start) === true)
  const [one] = found
  if (one === undefined || found.length > 1)
    throw new CliError(
      'not-found',
      `${counted(found.length, 'change')} of this incident have an id that begins with "${inert(start)}"`,
    )
  return one
}

function pageText(learning: LearningWire & { readonly detector?: Trained }, paint: Paint): string {
  const { incident, state, why, rule, figures, tried, steps, refinements, id, detector } = learning
  const colour = state === 'applied' || state === 'verified' ? paint.good : paint.warn
  return `${[
    `${paint.bold(incident)}  ${colour(state)}: ${inert(why)}`,
    ...(id === undefined ? [] : [`id ${id}`]),
    ...(detector === undefined
      ? []
      : [`detector ${detector.status}: ${inert(detector.why ?? `version ${detector.version ?? 0}`)}`]),
    ...(figures === undefined
      ? []
      : [
          '',
          paint.bold('CAUGHT AT'),
          `  chain    ${replayText(figures.chain)}`,
          `  variant  ${replayText(figures.variant)}`,
          `  ordinary ${figures.ordinary.newFindings} of ${counted(figures.ordinary.comparable, 'conversation')} that could be called something new are (${figures.ordinary.cases} looked at)`,
        ]),
    ...(tried === undefined
      ? []
      : [`  tried    ${counted(tried.rules, 'rule')}, of which something ordinary meets ${tried.ordinary}`]),
    ...(steps.length === 0
      ? []
      : ['', paint.bold('STEPS'), ...steps.map(({ at, kind, entry }) => `  ${at}  ${kind}, log entry ${entry}`)]),
    ...(rule === undefined
      ? []
      : [
          '',
          paint.bold('RULE'),
          `  ${rule.name}: ${rule.words} (${rule.about})`,
          ...rule.text
            .trimEnd()
            .split('\n')
            .map((line) => `  ${inert(line)}`),
        ]),
    ...(refinements.length === 0
      ? []
      : [
          '',
          paint.bold('CUT FROM PROFILES'),
          ...refinements.map(
            ({ agent, positions }) =>
              `  ${inert(agent)}: ${positions.reduce((sum, [first, last]) => sum + last - first + 1, 0)} log entries`,
          ),
        ]),
  ].join('\n')}\n`
}

type Replayed = NonNullable<LearningWire['figures']>['chain']

function replayText({ events, before, after }: Replayed): string {
  return `before ${caughtText(before)}; after ${caughtText(after)}; of ${counted(events, 'event')}`
}

function caughtText({ attempt, incident }: Replayed['before']): string {
  if (attempt === undefined) return 'never'
  if (incident === undefined) return `event ${attempt} as an attempt`
  return attempt === incident ? `event ${incident}` : `event ${attempt} as an attempt, ${incident} as an incident`
}
