import type { Answer, Body } from '@holdfast/api'
import { groupKey, newestOf, type RolloutState } from '@holdfast/enforce'
import { parseRfc3339, type PolicyArtifact } from '@holdfast/model'
import { HttpError } from '../http/problem.ts'
import type { SimulationTask } from './simulate.ts'

export type Standing = Answer<'getPolicyStanding'>

/** Days replayed where nothing else is asked for: two weeks of work days and of weekends. */
const DAYS = 14
const DAY_MS = 86_400_000

/** Which artifacts, over which window. Throws HttpError for what cannot be replayed. */
export async function simulationTask(
  body: Body<'simulatePolicy'>,
  { state, standingOf }: { readonly state: RolloutState; readonly standingOf: (agent: string) => Promise<Standing> },
): Promise<SimulationTask> {
  const artifacts = chosen(body, state)
  if (artifacts.length === 0)
    throw new HttpError(409, 'nothing-generated: there is no policy to replay anything against')
  const standings = new Map<string, Standing>()
  for (const { agent } of artifacts) if (!standings.has(agent)) standings.set(agent, await standingOf(agent))
  return {
    artifacts: artifacts.map((artifact) => {
      const staging = standings.get(artifact.agent)?.staging
      return {
        artifact,
        principals: state.artifacts.get(artifact.id)?.principals ?? [],
        ...(staging === undefined ? {} : { actedBy: staging }),
      }
    }),
    ...windowOf(body, [...standings.values()]),
  }
}

function chosen(
  { artifacts, agent, group, kinds }: Body<'simulatePolicy'>,
  state: RolloutState,
): readonly PolicyArtifact[] {
  const found = (ids: readonly string[]): readonly PolicyArtifact[] =>
    ids.map((id) => {
      const artifact = state.artifacts.get(id)?.artifact
      if (artifact === undefined) throw new HttpError(404, `no policy "${id.slice(0, 64)}"`)
      return artifact
    })
  const all =
    artifacts !== undefined
      ? found(artifacts)
      : group !== undefined
        ? found(state.groups.get(groupKey(group))?.monitored.artifacts ?? [])
        : newestOf(state, agent ?? '').map(({ artifact }) => artifact)
  return all.filter(
    (one) => (kinds === undefined || kinds.includes(one.kind)) && (agent === undefined || one.agent === agent),
  )
}

/** Up to now for what lives; for a history up to its own end, which `asOf` of its profile tells. */
function windowOf(
  { from, to, days }: Body<'simulatePolicy'>,
  standings: readonly Standing[],
): Pick<SimulationTask, 'from' | 'to'> {
  for (const text of [from, to])
    if (text !== undefined && parseRfc3339(text) === undefined)
      throw new HttpError(400, `"${text.slice(0, 60)}" is no time in RFC 3339`)
  // The last act of a history is a part of it: the end is exclusive.
  const end = to ?? new Date(Math.max(...standings.map(({ asOf }) => Date.parse(asOf))) + 1).toISOString()
  const begin = from ?? new Date(Date.parse(end) - (days ?? DAYS) * DAY_MS).toISOString()
  if (Date.parse(begin) >= Date.parse(end)) throw new HttpError(400, 'the window ends before it begins')
  return { from: begin, to: end }
}
