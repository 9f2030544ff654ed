import { randomBytes } from 'node:crypto'
import type { Answer, IncidentWire } from '@holdfast/api'
import type { LearningOutcome } from '@holdfast/detect'
import type { HandlerSources, Handlers } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { recordOf } from './document.ts'
import { detectorWire, versionsIn } from './versions.ts'

type DetectorRoute = 'decideIncident' | 'trainDetector' | 'listDetectors' | 'getDetector'

/** What people say of incidents, and versions of the detector: in the log before they count. */
export function detectorHandlers({
  views,
  recorder,
  reader,
}: Pick<HandlerSources, 'views' | 'recorder' | 'reader'>): Pick<Handlers, DetectorRoute> {
  let isTraining = false
  return {
    decideIncident: async ({ params, body: { decision, reason }, caller }) => {
      const { id, conversations } = JSON.parse(await views.ask('getIncident', params)) as IncidentWire // the worker's answer to this question
      const { from } = await recorder.appendControl({
        kind: 'incident-decision',
        incident: id,
        decision,
        conversations,
        reason,
        by: caller.name,
      })
      return { entry: from }
    },
    trainDetector: async ({ body: { reason }, caller }) => {
      // Two that end together would make one version of two.
      if (isTraining) throw new HttpError(409, 'a training is running: ask again when it has ended')
      isTraining = true
      try {
        const salt = randomBytes(16).toString('hex')
        const outcome = JSON.parse(await views.ask('trainDetector', { salt })) as LearningOutcome // the worker's answer to this question
        const card = outcome.card as Answer<'trainDetector'>['card'] // written as JSON, for which read-only lists are lists
        if (outcome.status === 'refused') return { status: 'refused', why: outcome.why, card }
        const version = (versionsIn(reader)[0]?.row.version ?? 0) + 1
        await recorder.appendControl(
          recordOf(outcome.detector, { version, card: outcome.card, reason, by: caller.name }),
        )
        return { status: 'accepted', version, card }
      } finally {
        isTraining = false
      }
    },
    listDetectors: async () => ({ items: versionsIn(reader).map(({ row }) => row) }),
    getDetector: async ({ params }) => {
      const found = detectorWire(versionsIn(reader), params.version)
      if (found === undefined)
        throw new HttpError(404, `no version "${params.version}" of the detector that this program understands`)
      return found
    },
  }
}
