import type { HoldfastAddress } from '../incidents/holdfast.ts'
import type { JudgedIncident } from '../incidents/judged.ts'
import type { Cast } from '../incidents/scenario.ts'
import { hireCrew } from './crew.ts'
import type { LiveAgents } from './live-agent.ts'
import { workCase, type WorkedCase } from './work-case.ts'

export type ResponseOrder = {
  readonly holdfast: HoldfastAddress
  readonly cast: Cast
  readonly incident: JudgedIncident
  readonly live: LiveAgents
  readonly tell: (line: string) => void
}

/** What came of the response to one incident. */
export type Responded = {
  readonly worked: WorkedCase
}

/** Works the incident of a scenario to its end, with agents that are still there to be held. */
export async function respondTo({ holdfast, cast, incident, tell }: ResponseOrder): Promise<Responded> {
  const crew = await hireCrew(holdfast, cast.run)
  // What the detector stated is what the crew confirms: the type is one of the three that the API knows.
  const type = incident.type as Parameters<typeof workCase>[0]['type']
  const worked = await workCase({ crew, incident: incident.id, type, deeds: {}, tell })
  return { worked }
}
