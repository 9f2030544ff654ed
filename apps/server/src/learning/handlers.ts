import { randomUUID } from 'node:crypto'
import type { IncidentWire } from '@holdfast/api'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { namesAsked } from '../incidents/names-asked.ts'
import { GapTimes } from './gap-times.ts'
import type { Taught } from './taught.ts'
import { type Learning, learningsIn } from './learnings.ts'
import { responseMetrics } from './response-metrics.ts'
import { figuresIn, learningWire, type RecordedFigures } from './wire.ts'

type LearningRoute = 'learnFromIncident' | 'listLearnings' | 'decideLearning' | 'getResponseMetrics'
type Sources = Pick<HandlerSources, 'views' | 'recorder' | 'reader' | 'cases' | 'demos'>

/** What incidents teach: each step is on record before anything follows from it (FC3). */
export function learningHandlers({ views, recorder, reader, cases, demos }: Sources): Pick<Handlers, LearningRoute> {
  const find = (id: string): Learning => {
    const found = learningsIn(reader).find((one) => one.id === id)
    if (found === undefined) throw new HttpError(404, `nothing was learned under "${id}"`)
    return found
  }
  const gaps = new GapTimes(reader)
  return {
    getResponseMetrics: () => responseMetrics({ cases, views, gaps, demos }),
    learnFromIncident: async ({ params, body: { reason }, caller: { name: by } }) => {
      const { id: incident } = JSON.parse(await views.ask('getIncident', params)) as IncidentWire // the worker's answer to this question
      const taught = JSON.parse(await views.ask('learnFromIncident', { incident })) as Taught // as above
      const learning = randomUUID()
      const { verdict, figures, tried, steps, rule, refinements } = taught
      const about = { kind: 'learning', learning, incident, by } as const
      await recorder.appendControl({
        ...about,
        do: 'proposed',
        change: { ...(rule === undefined ? {} : { rule }), refinements },
        reason,
      })
      await recorder.appendControl({
        ...about,
        do: verdict.status === 'accepted' ? 'verified' : 'refused',
        figures: JSON.stringify({ verdict, figures, tried, steps } satisfies RecordedFigures),
        reason: verdict.why,
      })
      return learningWire(find(learning))
    },
    listLearnings: async ({ query: { incident } }) => {
      const names = await namesAsked(views, incident)
      return {
        items: learningsIn(reader)
          .filter((one) => names?.has(one.incident) ?? true)
          .toReversed()
          .map(learningWire),
      }
    },
    decideLearning: async ({ params, body, caller }) => {
      const learning = find(params.learning)
      const obstacle = obstacleOf(learning, body.do)
      if (obstacle !== undefined) throw new HttpError(409, obstacle)
      const { id, incident, change } = learning
      const by = caller.name
      // Marks first: a rule in force with the chain still in a profile would be half of what was asked for.
      for (const { agent, positions } of change.refinements)
        await recorder.appendControl({
          kind: 'profile-mark',
          agent,
          mark: body.do === 'applied' ? 'contaminated' : 'lifted',
          markId: `learning-${id}`,
          ...(body.do === 'applied' ? { positions } : {}),
          reason: `${incident}: ${body.reason}`,
          by,
        })
      await recorder.appendControl({ kind: 'learning', learning: id, incident, do: body.do, reason: body.reason, by })
      return learningWire(find(id))
    },
  }
}

function obstacleOf(learning: Learning, deed: 'applied' | 'withdrawn'): string | undefined {
  const { state } = learning
  if (deed === 'withdrawn') return state === 'applied' ? undefined : `it is not in force: ${state}`
  if (state === 'verified') return undefined
  // There is no rule to it, and what it tainted is cut from profiles all the same.
  if (state === 'refused' && figuresIn(learning)?.verdict.status === 'first-step') return undefined
  if (state === 'refused') return `not applied: ${figuresIn(learning)?.verdict.why ?? 'it was refused'}`
  return `it is ${state} already`
}
